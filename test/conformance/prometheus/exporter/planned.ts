import { SERIES } from "../../../../constructs/observability/metrics-plan";

/** Series that the plan counts on, by what exports them: the exporter fills up to these. */
export const PLANNED = {
  platform: SERIES.platform,
  /** Of one tenant's namespace, without its pods. */
  tenant: SERIES.perTenant,
  /** Of one pod: its proxy, its application, kube-state-metrics and cAdvisor. */
  proxy: 80,
  application: 40,
  state: 45,
  cadvisor: SERIES.perPod - 80 - 40 - 45,
} as const;

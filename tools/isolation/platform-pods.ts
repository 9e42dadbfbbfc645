import { EAST_WEST_GATEWAY, INGRESS_GATEWAY, NAMESPACES } from "../../config/kubernetes";
import { API_GATEWAY } from "../../config/services";

const { kubeSystem, istioSystem, istioIngress, sharedServices, observability, flagger } = NAMESPACES;

/** Workloads of the platform that expectations are about, as `namespace/name`. */
export const PODS = {
  kubeDns: `${kubeSystem}/kube-dns`,
  istiod: `${istioSystem}/istiod`,
  kiali: `${istioSystem}/kiali`,
  gateway: `${istioIngress}/${INGRESS_GATEWAY.release}`,
  /** With a second region alone. */
  eastWestGateway: `${istioIngress}/${EAST_WEST_GATEWAY.release}`,
  apiGateway: `${sharedServices}/${API_GATEWAY.name}`,
  rateLimit: `${sharedServices}/ratelimit`,
  loadTester: `${sharedServices}/flagger-loadtester`,
  flagger: `${flagger}/flagger`,
  prometheus: `${observability}/prometheus`,
  grafana: `${observability}/grafana`,
  jaeger: `${observability}/jaeger`,
  alertmanager: `${observability}/alertmanager`,
  operator: `${observability}/operator`,
  databaseExporter: `${observability}/database-exporter`,
} as const;

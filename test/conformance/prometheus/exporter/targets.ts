import { LABELS, NAMESPACES } from "../../../../config";
import type { FleetTenant } from "./fleet";
import { statePage } from "./kube-state";
import { gatewayPage, sidecarPage } from "./mesh";
import { cadvisorPage, gatewayCadvisorPage, nodePage } from "./nodes";
import { apiServerPage, certManagerPage, databasePage, istiodPage, jaegerPage } from "./platform";
import { gatewayPods, nodesOf, podsOf } from "./pods";
import type { Traffic } from "./traffic";

/** Gateways while the fleet works, and at rest (brief: HPA 3–15). */
export const GATEWAYS = { busy: 15, idle: 3 } as const;

/** What Prometheus scrapes once, as service discovery of Kubernetes tells of it. */
export interface Target {
  /** The object that is discovered: `namespace/name` of a monitor, or the job of one of the chart's. */
  readonly job: string;
  /** IP address. */
  readonly host: string;
  /** Labels of discovery, without `__meta_kubernetes_`. */
  readonly meta: Readonly<Record<string, string>>;
  readonly page: (seconds: number) => string;
}

/** Every target of the cluster, as many gateways as its load asks for. */
export function targetsOf(fleet: readonly FleetTenant[], traffic: Traffic): readonly Target[] {
  const isBusy = traffic.current.requestsPerSecond > 0;
  const gateways = gatewayPods(isBusy ? GATEWAYS.busy : GATEWAYS.idle);
  return [
    ...gatewayTargets(gateways, fleet, traffic),
    ...tenantTargets(gateways, fleet, traffic),
    ...platformTargets(fleet, isBusy),
  ];
}

const { observability } = NAMESPACES;

function gatewayTargets(
  gateways: readonly string[],
  fleet: readonly FleetTenant[],
  traffic: Traffic,
): readonly Target[] {
  return [
    ...gateways.map((name, index) => ({
      job: `${observability}/mesh-gateways`,
      ...pod({ namespace: NAMESPACES.istioIngress, name, container: "istio-proxy", host: `10.0.1.${index}` }),
      page: () => gatewayPage(fleet, traffic, 1 / gateways.length),
    })),
    { job: "kubelet", host: "10.2.1.1", meta: {}, page: (seconds) => gatewayCadvisorPage(gateways, seconds) },
  ];
}

function tenantTargets(
  gateways: readonly string[],
  fleet: readonly FleetTenant[],
  traffic: Traffic,
): readonly Target[] {
  const pods = podsOf(fleet);
  const sidecars = pods.map(({ tenant, workload, name }, index) => ({
    job: `${observability}/mesh-sidecars`,
    ...pod({
      namespace: tenant.namespace,
      name,
      container: "istio-proxy",
      host: `10.1.${index >> 8}.${index & 255}`,
      service: workload.name,
    }),
    page: () => sidecarPage(tenant, workload, traffic),
  }));
  const nodes = nodesOf(pods).flatMap((node, index): readonly Target[] => {
    const own = pods.filter((candidate) => candidate.node === node);
    return [
      { job: "kubelet", host: `10.2.0.${index}`, meta: { node }, page: (seconds) => cadvisorPage(own, seconds) },
      { job: "node-exporter", host: `10.3.0.${index}`, meta: { node }, page: nodePage },
    ];
  });
  const state = { job: "kube-state-metrics", host: "10.4.0.1", meta: {}, page: () => statePage(fleet, pods, gateways) };
  return [...sidecars, ...nodes, state];
}

function platformTargets(fleet: readonly FleetTenant[], isBusy: boolean): readonly Target[] {
  const { certManager, istioSystem } = NAMESPACES;
  const certificates = { namespace: certManager, name: "cert-manager-0", container: "cert-manager", host: "10.4.0.3" };
  return [
    { job: "apiserver", host: "10.4.0.2", meta: {}, page: apiServerPage },
    { job: "cert-manager", ...pod(certificates), page: certManagerPage },
    { job: `${observability}/istiod`, ...service(istioSystem, "istiod", "10.4.0.4"), page: istiodPage },
    { job: `${observability}/jaeger`, ...service(observability, "jaeger-collector", "10.4.0.5"), page: jaegerPage },
    {
      job: `${observability}/database-exporter`,
      ...service(observability, "database-exporter", "10.4.0.6"),
      page: () => databasePage(fleet, isBusy),
    },
  ];
}

interface DiscoveredPod {
  readonly namespace: string;
  readonly name: string;
  readonly container: string;
  readonly host: string;
  /** Its label `taskflow.io/service`. @default - none */
  readonly service?: string;
}

function pod({ namespace, name, container, host, service }: DiscoveredPod) {
  const label = `pod_label_${LABELS.service.replaceAll(/[^A-Za-z0-9]/g, "_")}`;
  const meta = { namespace, pod_name: name, pod_container_name: container, pod_ip: host };
  return { host, meta: service === undefined ? meta : { ...meta, [label]: service } };
}

function service(namespace: string, name: string, host: string) {
  const { meta } = pod({ namespace, name: `${name}-0`, container: name, host });
  return { host, meta: { ...meta, service_name: name } };
}

import { EAST_WEST_GATEWAY, INGRESS_GATEWAY, LABELS, NAMESPACES, SERVICE_ACCOUNTS } from "../../config/kubernetes";

/** Pods that a Helm chart or an EKS add-on makes: the synthesized output names the chart and not the pods. */
export interface ChartWorkload {
  readonly namespace: string;
  readonly name: string;
  /** Labels that policies and Services select them by. Source: the chart's templates at the version of config/versions.ts. */
  readonly labels: Readonly<Record<string, string>>;
  /** @default "default" */
  readonly serviceAccount?: string;
  /** @default - what the namespace's labels say */
  readonly proxy?: "gateway";
  /**
   * Helm release that makes them, where not every output has it.
   * @default - they are in every output
   */
  readonly release?: string;
}

const named = (name: string) => ({ "app.kubernetes.io/name": name });

export const CHART_WORKLOADS: readonly ChartWorkload[] = [
  { namespace: NAMESPACES.kubeSystem, name: "kube-dns", labels: { "k8s-app": "kube-dns" } },
  { namespace: NAMESPACES.istioSystem, name: "istiod", labels: { app: "istiod", istio: "pilot" } },
  { namespace: NAMESPACES.istioSystem, name: "kiali", labels: named("kiali") },
  {
    namespace: NAMESPACES.istioIngress,
    name: INGRESS_GATEWAY.release,
    labels: { app: INGRESS_GATEWAY.release, istio: INGRESS_GATEWAY.istioLabel },
    serviceAccount: SERVICE_ACCOUNTS.ingressGateway,
    proxy: "gateway",
  },
  {
    namespace: NAMESPACES.istioIngress,
    name: EAST_WEST_GATEWAY.release,
    labels: { app: EAST_WEST_GATEWAY.release, istio: EAST_WEST_GATEWAY.istioLabel },
    serviceAccount: EAST_WEST_GATEWAY.release,
    proxy: "gateway",
    release: EAST_WEST_GATEWAY.release,
  },
  {
    namespace: NAMESPACES.sharedServices,
    name: "flagger-loadtester",
    labels: { [LABELS.service]: "flagger-loadtester" },
    serviceAccount: "flagger-loadtester",
  },
  {
    namespace: NAMESPACES.flagger,
    name: "flagger",
    labels: named("flagger"),
    serviceAccount: "flagger",
  },
  { namespace: NAMESPACES.observability, name: "prometheus", labels: named("prometheus") },
  { namespace: NAMESPACES.observability, name: "grafana", labels: named("grafana") },
  { namespace: NAMESPACES.observability, name: "jaeger", labels: named("jaeger") },
  { namespace: NAMESPACES.observability, name: "alertmanager", labels: named("alertmanager") },
  {
    namespace: NAMESPACES.observability,
    name: "operator",
    labels: { app: "kube-prometheus-stack-operator", ...named("kube-prometheus-stack-prometheus-operator") },
  },
];

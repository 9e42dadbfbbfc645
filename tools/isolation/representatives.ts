import type { AddressRange } from "./addresses";
import type { ChartWorkload } from "./chart-workloads";
import type { Proxy, Workload } from "./endpoint";
import { DEFAULT_NAMESPACE } from "./network-policy";
import { ANY_MESHED_POD, ANY_POD } from "./party";
import type { Labels } from "./source";
import { proxyOf, SIDECAR_PORTS } from "./workload";

const NO_LABELS: Labels = new Map();

/**
 * Pods that the output holds no object of: those of charts, their likes in a namespace of nobody's, and in each namespace
 * one without labels, which stands for any pod that nobody thought of, and one that calls with an identity although the
 * namespace is not in the mesh.
 */
export function representatives(
  charts: readonly ChartWorkload[],
  namespaces: ReadonlyMap<string, Labels>,
  addresses: readonly AddressRange[],
): readonly Workload[] {
  const pod = (namespace: string, name: string, rest: Partial<Workload> = {}): Workload => {
    const labels = rest.labels ?? NO_LABELS;
    const injected = proxyOf(namespaces.get(namespace) ?? NO_LABELS, labels, NO_LABELS, false);
    const proxy: Proxy = rest.proxy ?? injected;
    return {
      name: `${namespace}/${name}`,
      namespace,
      labels,
      ports: [],
      hostNetwork: false,
      addresses,
      serviceAccount: rest.serviceAccount ?? "default",
      proxy,
      uncaptured: proxy === "sidecar" ? SIDECAR_PORTS : [],
    };
  };
  const strays = [...namespaces.keys()].map((namespace) => pod(namespace, ANY_POD));
  return [
    ...charts.flatMap(({ namespace, name, labels: pairs, ...rest }) => {
      const labels = new Map(Object.entries(pairs));
      return [
        pod(namespace, name, { ...rest, labels }),
        pod(DEFAULT_NAMESPACE, `like ${namespace}/${name}`, { labels }),
      ];
    }),
    ...strays,
    ...strays
      .filter(({ proxy }) => proxy === "none")
      .map(({ namespace }) => pod(namespace, ANY_MESHED_POD, { proxy: "sidecar" })),
  ];
}

import { isArray, isObject, type Json, type JsonObject } from "../manifests/json";
import { type AddressRange, parseAddress } from "./addresses";
import { ALL_PORTS, type PortRange, PROTOCOLS } from "./connections";
import type { NamedPort, Proxy, Workload } from "./endpoint";
import { DEFAULT_NAMESPACE } from "./network-policy";
import { Field, type Labels, type Problems, type SourceObject } from "./source";

/** Ports of the sidecar itself that its capture leaves alone: merged metrics, readiness, Envoy's statistics (Istio). */
export const SIDECAR_PORTS: readonly PortRange[] = [
  [15_020, 15_021],
  [15_090, 15_090],
];

/** Kinds of Kubernetes that make pods; of any other kind, a template with containers tells. */
const CONTROLLERS: ReadonlySet<string> = new Set([
  "CronJob",
  "DaemonSet",
  "Deployment",
  "Job",
  "ReplicaSet",
  "ReplicationController",
  "StatefulSet",
]);

/** A workload, and who owns it. */
export interface ReadWorkload extends Workload {
  /** `namespace/name[Kind]` of the controller that made it. */
  readonly owner?: string;
  readonly source: SourceObject;
}

/**
 * Reads a Pod, or the pods that any other object makes from its template.
 *
 * @returns undefined for an object without pods
 */
export function readWorkload(
  source: SourceObject,
  namespaces: ReadonlyMap<string, Labels>,
  problems: Problems,
): ReadWorkload | undefined {
  const root = Field.root(source, problems);
  const { kind, metadata } = source.object;
  const pod = kind === "Pod" ? root : podTemplate(root, kind);
  if (pod === undefined) {
    return undefined;
  }
  const namespace = metadata.namespace ?? DEFAULT_NAMESPACE;
  const name = metadata.name ?? `${metadata.generateName ?? ""}*`;
  const spec = pod.get("spec");
  const labels = pod.get("metadata").get("labels").labels();
  const annotations = pod.get("metadata").get("annotations").labels();
  const hostNetwork = spec.get("hostNetwork").value === true;
  const owner = ownerOf(metadata, namespace);
  const proxy = proxyOf(namespaces.get(namespace) ?? new Map(), labels, annotations, hostNetwork);
  return {
    name: `${namespace}/${name}[${kind}]`,
    namespace,
    labels,
    ports: containerPorts(spec),
    hostNetwork,
    ...(root.get("spec").get("replicas").value === 0 ? { isStopped: true as const } : {}),
    addresses: addresses(root.get("status"), hostNetwork),
    serviceAccount: spec.get("serviceAccountName").text() ?? "default",
    proxy,
    uncaptured: proxy === "sidecar" ? [...SIDECAR_PORTS, ...excludedPorts(annotations)] : [],
    ...(owner === undefined ? {} : { owner }),
    source,
  };
}

function podTemplate(root: Field, kind: string): Field | undefined {
  const spec = root.get("spec");
  return [spec.get("template"), spec.get("jobTemplate").get("spec").get("template")].find((template) =>
    CONTROLLERS.has(kind) ? template.isPresent : isArray(template.get("spec").get("containers").value),
  );
}

function ownerOf(metadata: JsonObject, namespace: string): string | undefined {
  const references: Json = metadata["ownerReferences"] ?? [];
  const owner = isArray(references)
    ? references.find((reference) => isObject(reference) && reference["controller"] === true)
    : undefined;
  // A node owns its static pods; no policy is about nodes.
  return isObject(owner) && owner["kind"] !== "Node"
    ? `${namespace}/${String(owner["name"])}[${String(owner["kind"])}]`
    : undefined;
}

function containerPorts(spec: Field): readonly NamedPort[] {
  // A native sidecar is an init container that goes on running.
  const sidecars = spec
    .get("initContainers")
    .items()
    .filter((container) => container.get("restartPolicy").value === "Always");
  return [...spec.get("containers").items(), ...sidecars].flatMap((container) =>
    container
      .get("ports")
      .items()
      .flatMap((item) => {
        const name = item.get("name").text();
        const port = item.get("containerPort").integer(...ALL_PORTS);
        const stated = item.get("protocol");
        const protocol = stated.isPresent ? stated.word(PROTOCOLS) : "TCP";
        return name === undefined || port === undefined || protocol === undefined ? [] : [{ name, port, protocol }];
      }),
  );
}

/** Addresses of a pod that runs; one on its node's network has the node's. */
function addresses(status: Field, hostNetwork: boolean): readonly AddressRange[] {
  const listed = status
    .get("podIPs")
    .items()
    .map((item) => item.get("ip").text());
  const texts = [status.get("podIP").text(), ...listed, ...(hostNetwork ? [status.get("hostIP").text()] : [])];
  return [...new Set(texts)].flatMap((text) => (text === undefined ? [] : (parseAddress(text) ?? [])));
}

/** What Istio's injector does: the pod's word counts, except where the namespace forbids injection. */
export function proxyOf(namespace: Labels, labels: Labels, annotations: Labels, hostNetwork: boolean): Proxy {
  const inject = labels.get("sidecar.istio.io/inject") ?? annotations.get("sidecar.istio.io/inject");
  const stated = namespace.get("istio-injection");
  const enabled = stated === "enabled" || (stated === undefined && namespace.has("istio.io/rev"));
  const forbidden = stated === "disabled";
  if (hostNetwork || forbidden || inject === "false" || !(enabled || inject === "true" || labels.has("istio.io/rev"))) {
    return "none";
  }
  return annotations.get("inject.istio.io/templates") === "gateway" ? "gateway" : "sidecar";
}

function excludedPorts(annotations: Labels): readonly PortRange[] {
  return (annotations.get("traffic.sidecar.istio.io/excludeInboundPorts") ?? "")
    .split(",")
    .map((port) => Number(port.trim()))
    .filter((port) => port > 0)
    .map((port): PortRange => [port, port]);
}

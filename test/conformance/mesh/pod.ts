import { isArray, isObject, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import type { Host } from "./hosts";
import { nodeAddress, type Site, TOKYO } from "./site";

/** Name of the one Node. */
export const NODE_NAME = "node-1";

/** The Node that all pods run on, as its kubelet would report it. */
export function nodeOf({ region, zone }: Site): KubernetesObject {
  const labels = { "topology.kubernetes.io/region": region, "topology.kubernetes.io/zone": zone };
  return { apiVersion: "v1", kind: "Node", metadata: { name: NODE_NAME, labels } };
}

export function nodeStatus(site: Site): JsonObject {
  return {
    addresses: [
      { type: "InternalIP", address: nodeAddress(site) },
      { type: "Hostname", address: NODE_NAME },
    ],
    conditions: [{ type: "Ready", status: "True" }],
  };
}

/** A pod that runs: its object and its host. */
export interface RunningPod {
  readonly namespace: string;
  readonly name: string;
  /** Value of `taskflow.io/service`, or the chart's name. */
  readonly service: string;
  readonly serviceAccount: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly host: Host;
}

/** Marks a pod as one whose Envoy accepts mutual TLS; the injector does so. */
const MESHED = { "security.istio.io/tlsMode": "istio" };

/** The object on our node, before anything runs. */
export function scheduled(pod: KubernetesObject, meshed: boolean): KubernetesObject {
  const spec = isObject(pod["spec"]) ? pod["spec"] : {};
  const labels = { ...pod.metadata.labels, ...(meshed ? MESHED : {}) };
  return { ...pod, metadata: { ...pod.metadata, labels }, spec: { ...spec, nodeName: NODE_NAME } };
}

/** What the kubelet reports once the pod's containers are ready. */
export function runningStatus(host: Host, site = TOKYO): JsonObject {
  const ready = ["PodScheduled", "Initialized", "ContainersReady", "Ready"];
  return {
    phase: "Running",
    hostIP: nodeAddress(site),
    podIP: host.address,
    podIPs: [{ ip: host.address }],
    conditions: ready.map((type) => ({ type, status: "True" })),
  };
}

/** Ports of the containers of a pod. */
export function portsOf(pod: KubernetesObject): readonly number[] {
  const spec = isObject(pod["spec"]) ? pod["spec"] : {};
  const containers = isArray(spec["containers"]) ? spec["containers"].filter(isObject) : [];
  return containers
    .flatMap((container) => (isArray(container["ports"]) ? container["ports"] : []))
    .filter(isObject)
    .map((port) => Number(port["containerPort"]));
}

import { LABELS } from "../../config/kubernetes";
import { CLUSTER_SCOPED } from "../manifests/kinds";
import type { KubernetesObject } from "../manifests/object";
import { type AuthorizationPolicy, readAuthorizationPolicy } from "./authorization-policy";
import { DEFAULT_NAMESPACE, type NetworkPolicy, readNetworkPolicy } from "./network-policy";
import { type PeerAuthentication, readPeerAuthentication } from "./peer-authentication";
import { readService, type Service } from "./service";
import { Field, type Labels, type Problems, type SourceObject } from "./source";
import { type ReadWorkload, readWorkload } from "./workload";

/** What decides who reaches whom, read from Kubernetes objects. */
export interface Cluster {
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly workloads: readonly ReadWorkload[];
  readonly networkPolicies: readonly NetworkPolicy[];
  readonly authorizationPolicies: readonly AuthorizationPolicy[];
  readonly peerAuthentications: readonly PeerAuthentication[];
  readonly services: readonly Service[];
  /** What was found and is not judged. */
  readonly warnings: readonly string[];
}

/** Kinds that decide about reachability, and that this tool does not evaluate. */
const NOT_JUDGED: ReadonlySet<string> = new Set([
  "AdminNetworkPolicy",
  "BaselineAdminNetworkPolicy",
  "ClusterNetworkPolicy",
  "CiliumNetworkPolicy",
  "CiliumClusterwideNetworkPolicy",
  "GlobalNetworkPolicy",
  "RequestAuthentication",
]);

/** API groups of the kinds that are evaluated; Calico has a NetworkPolicy of its own. */
const GROUPS: Readonly<Record<string, RegExp>> = {
  Namespace: /^v1$/,
  Pod: /^v1$/,
  Service: /^v1$/,
  NetworkPolicy: /^(networking\.k8s\.io|extensions)\//,
  AuthorizationPolicy: /^security\.istio\.io\//,
  PeerAuthentication: /^security\.istio\.io\//,
};

/** Reads a cluster's objects; what is wrong with them goes to `problems`. */
export function readCluster(sources: readonly SourceObject[], problems: Problems): Cluster {
  const namespaces = readNamespaces(sources, problems);
  const of = (kind: string) => sources.filter(({ object }) => isOf(object, kind));
  const networkPolicies = of("NetworkPolicy").map((source) => readNetworkPolicy(source, problems));
  const authorizationPolicies = of("AuthorizationPolicy").map((source) => readAuthorizationPolicy(source, problems));
  return {
    namespaces,
    workloads: sources.flatMap((source) => readWorkload(source, namespaces, problems) ?? []),
    networkPolicies,
    authorizationPolicies,
    peerAuthentications: of("PeerAuthentication").map((source) => readPeerAuthentication(source, problems)),
    services: of("Service").flatMap((source) => readService(source, problems) ?? []),
    warnings: [
      ...sources
        .filter(
          ({ object }) =>
            NOT_JUDGED.has(object.kind) || (object.kind === "NetworkPolicy" && !isOf(object, "NetworkPolicy")),
        )
        .map(({ object, locate }) => `${locate([])}: ignored: ${object.kind} of ${object.apiVersion} is not evaluated`),
      ...authorizationPolicies.flatMap(({ title, unenforced, source }) =>
        unenforced === undefined ? [] : [`${source.locate([])}: ignored: ${title}: ${unenforced}`],
      ),
    ],
  };
}

function isOf(object: KubernetesObject, kind: string): boolean {
  return object.kind === kind && (GROUPS[kind]?.test(object.apiVersion) ?? false);
}

/** Labels of every namespace that an object names; Kubernetes itself sets the one that bears the name. */
function readNamespaces(sources: readonly SourceObject[], problems: Problems): ReadonlyMap<string, Labels> {
  const namespaces = new Map<string, Labels>();
  const add = (name: string, labels: Labels) => {
    namespaces.set(name, new Map([...labels, [LABELS.namespaceName, name]]));
  };
  for (const { object } of sources.filter(({ object: { kind } }) => !CLUSTER_SCOPED.has(kind))) {
    add(object.metadata.namespace ?? DEFAULT_NAMESPACE, new Map());
  }
  for (const source of sources.filter(({ object }) => isOf(object, "Namespace"))) {
    add(source.object.metadata.name ?? "", Field.root(source, problems).get("metadata").get("labels").labels());
  }
  return namespaces;
}

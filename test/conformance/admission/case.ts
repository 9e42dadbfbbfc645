import { LABELS } from "../../../config";
import type { JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";

/** An object that is refused, and what the API server says about it. */
export interface Refusal {
  readonly title: string;
  readonly object: KubernetesObject;
  readonly reason: string;
}

/** What one policy must let pass, and what it must refuse: at least an object for each of its rules that no other refuses. */
export interface AdmissionCases {
  readonly policy: string;
  readonly sound: readonly KubernetesObject[];
  readonly refused: readonly Refusal[];
}

/** Id of the tenant that all cases are about. */
export const TENANT = "admission";
export const NAMESPACE = `tenant-${TENANT}`;

/** A namespace of nobody's, in which all is allowed. */
export const OTHER = "admission";
export const OTHER_SERVICE = "task-service.tenant-other.svc.cluster.local";

export const LABELS_OF_A_TENANT: JsonObject = {
  [LABELS.tenant]: TENANT,
  [LABELS.tier]: "standard",
  [LABELS.state]: "active",
  [LABELS.alerts]: "ticket",
  [LABELS.meshMember]: "enabled",
  "istio-injection": "enabled",
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
};

export function namespace(name: string, labels: JsonObject): KubernetesObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

/** The namespace with one label changed or, by `undefined`, without it. */
export function relabelled(label: string, value: string | undefined, name = NAMESPACE): KubernetesObject {
  const own = { ...LABELS_OF_A_TENANT, [LABELS.tenant]: name.slice("tenant-".length) };
  return namespace(name, { ...own, [label]: value });
}

/** An object in the tenant's namespace. */
export function tenantObject(apiVersion: string, kind: string, content: JsonObject, name = "broken"): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...content };
}

/** The same object where it is allowed. */
export function inOtherNamespace(object: KubernetesObject): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, namespace: OTHER } };
}

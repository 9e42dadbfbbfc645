import { INGRESS_GATEWAY, LABELS } from "../../../config";
import type { JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { barePod } from "../injected-pod";
import {
  type AdmissionCases,
  inOtherNamespace,
  LABELS_OF_A_TENANT,
  NAMESPACE,
  namespace,
  OTHER_SERVICE,
  type Refusal,
  relabelled,
  TENANT,
  tenantObject,
} from "./case";

const mislabelled = (label: string, value: string | undefined, reason: string): Refusal => ({
  title: `a namespace ${value === undefined ? "without" : `with '${value}' as`} its label ${label}`,
  object: relabelled(label, value, "tenant-broken"),
  reason,
});

const service = (spec: JsonObject, name?: string) =>
  tenantObject("v1", "Service", { spec: { selector: { app: "a" }, ports: [{ port: 8080 }], ...spec } }, name);

const pod = (metadata: JsonObject, spec: JsonObject = {}, name = "broken"): KubernetesObject => {
  const bare = barePod(NAMESPACE, name, { resources: { limits: { cpu: "10m", memory: "16Mi" } } }, spec);
  return { ...bare, metadata: { ...bare.metadata, ...metadata } };
};

/** Labels of namespaces. */
export const NAMESPACE_LABELS: AdmissionCases = {
  policy: "tenant-namespaces",
  sound: [
    relabelled(LABELS.tenant, TENANT),
    relabelled(LABELS.tier, "enterprise", "tenant-sound"),
    relabelled("app.kubernetes.io/managed-by", "argocd", "tenant-sound"),
    namespace("sound", { "pod-security.kubernetes.io/enforce": "privileged" }),
  ],
  refused: [
    mislabelled(LABELS.tenant, "other", "label taskflow.io/tenant: 'other'; allowed: the namespace's name without"),
    mislabelled(LABELS.tenant, undefined, "label taskflow.io/tenant: ''; allowed: the namespace's name without"),
    {
      title: "a namespace of another name with a tenant's label",
      object: namespace("broken", LABELS_OF_A_TENANT),
      reason: `label taskflow.io/tenant: '${TENANT}'; allowed: the namespace's name without 'tenant-'`,
    },
    mislabelled(LABELS.tier, "gold", "label taskflow.io/tier: 'gold'; allowed: starter, standard, enterprise"),
    mislabelled(LABELS.state, "purged", "label taskflow.io/state: 'purged'; allowed: active, suspended"),
    mislabelled(LABELS.alerts, undefined, "label taskflow.io/alerts: ''; allowed: ticket, page"),
    mislabelled(LABELS.meshMember, undefined, "label taskflow.io/mesh: ''; allowed: enabled"),
    mislabelled("istio-injection", "disabled", "label istio-injection: 'disabled'; allowed: enabled"),
    ...["enforce", "audit", "warn"].map((mode) =>
      mislabelled(
        `pod-security.kubernetes.io/${mode}`,
        "privileged",
        `label pod-security.kubernetes.io/${mode}: 'privileged'; allowed: restricted`,
      ),
    ),
    ...["pod-security.kubernetes.io/enforce-version", "istio.io/rev", "topology.istio.io/network"].map((label) =>
      mislabelled(label, "v1.0", `labels: ${label}; allowed of their families: taskflow.io/tenant, `),
    ),
  ],
};

/** What Pod Security lets pass. */
export const PODS: AdmissionCases = {
  policy: "tenant-pods",
  sound: [
    pod({}, {}, "sound"),
    pod({ labels: { "sidecar.istio.io/inject": "true" } }, {}, "sound-2"),
    pod({}, { tolerations: [{ key: LABELS.nodePool, value: "enterprise" }] }, "sound-2"),
  ],
  refused: [
    {
      title: "a pod with the label of the mesh's gateways",
      object: pod({ labels: { istio: INGRESS_GATEWAY.istioLabel } }),
      reason: "label istio: 'ingressgateway'; allowed: none, it marks the mesh's gateways",
    },
    ...["labels", "annotations"].map((map) => ({
      title: `a pod without a sidecar by its ${map}`,
      object: pod({ [map]: { "sidecar.istio.io/inject": "false" } }),
      reason: "label or annotation sidecar.istio.io/inject: 'false'; allowed: true, or none",
    })),
    {
      title: "a pod of the system's priority",
      object: pod({}, { priorityClassName: "system-cluster-critical" }),
      reason: "spec.priorityClassName: system-cluster-critical; allowed: none of the system's",
    },
    ...[{ key: "CriticalAddonsOnly", operator: "Exists" }, { operator: "Exists" }].map((toleration) => ({
      title: `a pod that tolerates ${toleration.key ?? "every taint"}`,
      object: pod({}, { tolerations: [toleration] }),
      reason: `spec.tolerations: key '${toleration.key ?? ""}'; allowed: taskflow.io/node-pool, node.kubernetes.io/…`,
    })),
  ],
};

/** Addresses that lead out of the namespace, or in from outside. */
export const SERVICES: AdmissionCases = {
  policy: "tenant-services",
  sound: [
    service({}, "sound"),
    service({ clusterIP: "None" }, "sound-2"),
    inOtherNamespace(service({ type: "NodePort" })),
  ],
  refused: [
    ...(["NodePort", "LoadBalancer"] as const).map((type) => ({
      title: `a Service of type ${type}`,
      object: service({ type }),
      reason: `spec.type: ${type}; allowed: ClusterIP`,
    })),
    {
      title: "a Service of type ExternalName",
      object: service({ type: "ExternalName", externalName: OTHER_SERVICE }),
      reason: "spec.type: ExternalName; allowed: ClusterIP",
    },
    {
      title: "a Service with an external address",
      object: service({ externalIPs: ["198.51.100.1", "198.51.100.2"] }),
      reason: "spec.externalIPs: 198.51.100.1, 198.51.100.2; allowed: none",
    },
    {
      title: "a Service that selects no pods",
      object: service({ selector: undefined }),
      reason: "spec.selector: none; allowed: labels of the tenant's pods",
    },
  ],
};

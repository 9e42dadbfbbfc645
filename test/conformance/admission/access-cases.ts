import { ENVIRONMENTS, LABELS, NAMESPACES } from "../../../config";
import type { Json, JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { type AdmissionCases, NAMESPACE, OTHER, tenantObject } from "./case";

const [DATABASE_CIDR = ""] = ENVIRONMENTS.production.network.databaseSubnets.map(({ cidr }) => cidr);

const networkPolicy = (spec: JsonObject, name?: string) =>
  tenantObject("networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: {}, ...spec } }, name);
const authorizationPolicy = (spec: JsonObject, name?: string) =>
  tenantObject("security.istio.io/v1", "AuthorizationPolicy", { spec }, name);

const namespaceNamed = (name: string): Json => ({
  namespaceSelector: { matchLabels: { [LABELS.namespaceName]: name } },
});
const sources = (source: JsonObject) => [{ from: [{ source }] }];

function binding(kind: "RoleBinding" | "ClusterRoleBinding", subject: JsonObject, name = "broken"): KubernetesObject {
  const metadata = kind === "RoleBinding" ? { name, namespace: OTHER } : { name };
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind,
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: [subject],
  };
}

const account = (ofNamespace: string) => ({ kind: "ServiceAccount", name: "task-service", namespace: ofNamespace });
const ofRbac = (kind: "Group" | "User", name: string) => ({ kind, name, apiGroup: "rbac.authorization.k8s.io" });

/** Peers beyond the namespace. */
export const NETWORK_POLICIES: AdmissionCases = {
  policy: "tenant-network-policies",
  sound: [
    networkPolicy({ ingress: [{ from: [namespaceNamed(NAMESPACES.istioIngress), { podSelector: {} }] }] }, "sound"),
    networkPolicy({ policyTypes: ["Ingress", "Egress"] }, "sound-2"),
    networkPolicy({ egress: [{ to: [{ ipBlock: { cidr: DATABASE_CIDR } }] }] }, "sound-2"),
  ],
  refused: [
    ...[
      [namespaceNamed("tenant-other")],
      [{ namespaceSelector: {} }],
      [{ namespaceSelector: { matchLabels: { [LABELS.meshMember]: "enabled" } } }],
      [{ podSelector: {} }, { ipBlock: { cidr: "10.0.128.0/20" } }],
      [],
    ].map((from) => ({
      title: `a NetworkPolicy that lets in ${JSON.stringify(from)}`,
      object: networkPolicy({ ingress: [{ from }] }),
      reason: "spec.ingress.from: anybody, addresses or another namespace; allowed: this namespace, or a kubernetes.io",
    })),
    ...[[namespaceNamed("tenant-other")], [{ ipBlock: { cidr: "0.0.0.0/0" } }], []].map((to) => ({
      title: `a NetworkPolicy that lets out to ${JSON.stringify(to)}`,
      object: networkPolicy({ egress: [{ to }] }),
      reason:
        "spec.egress.to: anybody, other addresses or another namespace; allowed: this namespace, or a kubernetes.io",
    })),
  ],
};

/** Identities beyond the namespace. */
export const AUTHORIZATION_POLICIES: AdmissionCases = {
  policy: "tenant-authorization-policies",
  sound: [
    authorizationPolicy(
      { action: "DENY", rules: sources({ notNamespaces: [NAMESPACE, NAMESPACES.istioIngress] }) },
      "sound",
    ),
    authorizationPolicy(
      { rules: sources({ principals: [`cluster.local/ns/${NAMESPACES.sharedServices}/sa/api-gateway`] }) },
      "sound-2",
    ),
  ],
  refused: [
    ...["notNamespaces", "namespaces"].map((field) => ({
      title: `an AuthorizationPolicy that trusts another tenant by ${field}`,
      object: authorizationPolicy({ action: "DENY", rules: sources({ [field]: [NAMESPACE, "tenant-other"] }) }),
      reason: `spec.rules.from.source: another namespace; allowed: ${NAMESPACE}, ${NAMESPACES.kubeSystem}, `,
    })),
    ...["cluster.local/ns/tenant-other/sa/task-service", "*"].map((principal) => ({
      title: `an AuthorizationPolicy that trusts the principal ${principal}`,
      object: authorizationPolicy({ rules: sources({ principals: [principal] }) }),
      reason: "spec.rules.from.source: a principal of another namespace; allowed: those of",
    })),
    ...[{}, { from: [{ source: { remoteIpBlocks: ["10.0.0.0/8"] } }] }].map((rule) => ({
      title: `an AuthorizationPolicy that admits ${JSON.stringify(rule)}`,
      object: authorizationPolicy({ action: "ALLOW", rules: [rule] }),
      reason: "spec.rules.from: a caller without identity; allowed: sources with namespaces or principals",
    })),
    {
      title: "an AuthorizationPolicy that asks somebody else",
      object: authorizationPolicy({ action: "CUSTOM", provider: { name: "opa" } }),
      reason: "spec.action: CUSTOM; allowed: ALLOW, DENY",
    },
  ],
};

/** Rights for the tenant's service accounts. */
export const IDENTITIES: AdmissionCases = {
  policy: "tenant-identities",
  sound: [
    binding("RoleBinding", account(NAMESPACES.flagger), "sound"),
    binding("ClusterRoleBinding", ofRbac("Group", "operators"), "sound"),
  ],
  refused: [
    {
      title: "a RoleBinding for a tenant's service account",
      object: binding("RoleBinding", account(NAMESPACE)),
      reason: "subjects: task-service; allowed: none of a tenant's",
    },
    ...[
      account(NAMESPACE),
      ofRbac("Group", `system:serviceaccounts:${NAMESPACE}`),
      ofRbac("User", `system:serviceaccount:${NAMESPACE}:task-service`),
    ].map((subject) => ({
      title: `a ClusterRoleBinding for the ${subject.kind} ${subject.name}`,
      object: binding("ClusterRoleBinding", subject),
      reason: `subjects: ${subject.name}; allowed: none of a tenant's`,
    })),
  ],
};

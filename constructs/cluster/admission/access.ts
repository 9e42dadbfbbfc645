import { LABELS, NAMESPACES, POD_IDENTITY_AGENT_CIDR, TRUST_DOMAIN } from "../../../config";
import { NAMESPACE_PREFIX } from "../../../tenancy";
import { type AdmissionPolicyProps, cel } from "../../kubernetes";
import { IN_TENANT_NAMESPACE, offending, OWN_AND_PLATFORM } from "./scope";

const PLATFORM = cel(Object.values(NAMESPACES));

/**
 * NetworkPolicies add up: one more in a tenant's namespace could admit anybody, whatever the others deny. So each peer is the
 * namespace itself, one of the platform's by the label that Kubernetes sets, or, outwards, an address range that tenants need.
 *
 * @param databaseSubnetCidrs - subnets that RDS Proxy's endpoints stand in
 */
export function networkPolicyPolicy(databaseSubnetCidrs: readonly string[]): AdmissionPolicyProps {
  const ranges = [...databaseSubnetCidrs, POD_IDENTITY_AGENT_CIDR];
  const name = `p.namespaceSelector.?matchLabels[?${cel(LABELS.namespaceName)}].orValue("")`;
  const inCluster = `(!has(p.namespaceSelector) || ${name} in ${PLATFORM})`;
  const allowed = `allowed: this namespace, or a ${LABELS.namespaceName} of ${Object.values(NAMESPACES).join(", ")}`;
  return {
    name: "tenant-network-policies",
    resources: [{ apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], operations: ["CREATE", "UPDATE"] }],
    conditions: IN_TENANT_NAMESPACE,
    validations: [
      {
        expression: `object.spec.?ingress.orValue([]).all(i, i.?from.orValue([]).size() > 0 && i.from.all(p, !has(p.ipBlock) && ${inCluster}))`,
        messageExpression: cel(`spec.ingress.from: anybody, addresses or another namespace; ${allowed}`),
      },
      {
        expression: `object.spec.?egress.orValue([]).all(e, e.?to.orValue([]).size() > 0 && e.to.all(p, has(p.ipBlock) ? p.ipBlock.cidr in ${cel(ranges)} : ${inCluster}))`,
        messageExpression: cel(
          `spec.egress.to: anybody, other addresses or another namespace; ${allowed}, or addresses ${ranges.join(", ")}`,
        ),
      },
    ],
  };
}

/** The same of the mesh's identities: no tenant's AuthorizationPolicy trusts another tenant, or a caller without identity. */
export function authorizationPolicyPolicy(): AdmissionPolicyProps {
  const listed = (...fields: string[]) => fields.map((field) => `f.?source.?${field}.orValue([])`).join(" + ");
  const trustedNamespace = `(${listed("namespaces", "notNamespaces")}).all(n, n in variables.trusted)`;
  const trustedPrincipal = `(${listed("principals", "notPrincipals")}).all(p, variables.trusted.exists(n, p.startsWith(${cel(`${TRUST_DOMAIN}/ns/`)} + n + "/sa/")))`;
  const action = 'object.spec.?action.orValue("ALLOW")';
  const identified = `(${listed("namespaces", "principals")}).size() > 0`;
  return {
    name: "tenant-authorization-policies",
    resources: [
      { apiGroups: ["security.istio.io"], resources: ["authorizationpolicies"], operations: ["CREATE", "UPDATE"] },
    ],
    conditions: IN_TENANT_NAMESPACE,
    variables: {
      trusted: OWN_AND_PLATFORM,
      rules: "object.spec.?rules.orValue([])",
    },
    validations: [
      {
        expression: `${action} in ["ALLOW", "DENY"]`,
        messageExpression: `"spec.action: " + ${action} + "; allowed: ALLOW, DENY"`,
      },
      {
        expression: `${action} != "ALLOW" || variables.rules.all(r, r.?from.orValue([]).size() > 0 && r.from.all(f, ${identified}))`,
        messageExpression: cel(
          "spec.rules.from: a caller without identity; allowed: sources with namespaces or principals",
        ),
      },
      {
        expression: `variables.rules.all(r, r.?from.orValue([]).all(f, ${trustedNamespace}))`,
        messageExpression: '"spec.rules.from.source: another namespace; allowed: " + variables.trusted.join(", ")',
      },
      {
        expression: `variables.rules.all(r, r.?from.orValue([]).all(f, ${trustedPrincipal}))`,
        messageExpression:
          '"spec.rules.from.source: a principal of another namespace; allowed: those of " + variables.trusted.join(", ")',
      },
    ],
  };
}

/** Tenants have no identity at the Kubernetes API: no binding, wherever it stands, gives their service accounts a right. */
export function identityPolicy(): AdmissionPolicyProps {
  const tenants = `object.?subjects.orValue([]).filter(s, s.kind == "ServiceAccount" ? s[?"namespace"].orValue("").startsWith(${cel(NAMESPACE_PREFIX)}) : s.name.matches(${cel(`^system:serviceaccounts?:${NAMESPACE_PREFIX}`)}))`;
  return {
    name: "tenant-identities",
    resources: [
      {
        apiGroups: ["rbac.authorization.k8s.io"],
        resources: ["rolebindings", "clusterrolebindings"],
        operations: ["CREATE", "UPDATE"],
      },
    ],
    validations: [
      {
        expression: `${tenants}.size() == 0`,
        messageExpression: offending("subjects", `${tenants}.map(s, s.name)`, cel("none of a tenant's")),
      },
    ],
  };
}

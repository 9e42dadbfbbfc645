import { NAMESPACE_PREFIX, namespaceName } from "../../tenancy/names";
import type { Attribute, AuthorizationPolicy, Clause } from "./authorization-policy";
import type { Layer } from "./expectation";
import { GUARDED } from "./expectations";
import type { Finding } from "./findings";
import type { Fleet } from "./fleet";
import { grouped } from "../grouped";
import { DIRECTIONS, type NetworkPolicy } from "./network-policy";
import { isTenantNamespace, namespaceOf } from "./party";

/** What reachability does not show: a guard that others stand in for today, and policies where none are expected. */
export function checkStructure({ cluster, tenants }: Fleet): readonly Finding[] {
  const byNamespace = grouped(cluster.networkPolicies, ({ namespace }) => namespace);
  const guarded = [...tenants.map(({ id }) => namespaceName(id)), ...wholeNamespaces()];
  const withNetworkPolicies = namespacesOf("NetworkPolicy egress", "NetworkPolicy ingress");
  const withAuthorization = namespacesOf("AuthorizationPolicy DENY", "AuthorizationPolicy ALLOW");
  return [
    ...guarded
      .filter((namespace) => !(byNamespace.get(namespace) ?? []).some(deniesAll))
      .map((namespace) =>
        finding(
          namespace,
          "has no NetworkPolicy for all pods, both ways, without a rule: what allows is all that isolates",
        ),
      ),
    ...[
      ...cluster.networkPolicies.filter(({ namespace }) => !withNetworkPolicies.has(namespace)),
      ...cluster.authorizationPolicies.filter(({ namespace }) => !withAuthorization.has(namespace)),
    ]
      .filter(({ namespace }) => !isTenantNamespace(namespace))
      .map(({ namespace, title }) => finding(namespace, `has ${title}, of which the expectations know nothing`)),
    ...cluster.authorizationPolicies.flatMap(({ namespace, title, unenforced }) =>
      unenforced === undefined ? [] : [finding(namespace, `has ${title}, which nothing enforces: ${unenforced}`)],
    ),
    ...cluster.authorizationPolicies
      .filter(isUnsafe)
      .map(({ namespace, name, action }) =>
        finding(
          namespace,
          action === "ALLOW"
            ? `has AuthorizationPolicy ${name}, whose ALLOW a caller without identity can match; expected: a source named in each rule`
            : `has AuthorizationPolicy ${name}, whose DENY a caller without identity goes around; expected: negated sources`,
        ),
      ),
  ];
}

function namespacesOf(...layers: readonly Layer[]): ReadonlySet<string | undefined> {
  return new Set(layers.flatMap((layer) => GUARDED[layer]).map(namespaceOf));
}

/** Namespaces of the platform whose pods all have policies. */
export function wholeNamespaces(): readonly string[] {
  return GUARDED["NetworkPolicy egress"].flatMap((party) => (party.endsWith("/*") ? (namespaceOf(party) ?? []) : []));
}

/** The safe forms are an ALLOW of who is named and a DENY of who is not (Istio, security best practices). */
function isUnsafe({ action, rules }: AuthorizationPolicy): boolean {
  const namesSource = (clause: Clause) => clause.some(({ attribute, negated }) => IDENTITY.has(attribute) && !negated);
  switch (action) {
    case "ALLOW":
      return rules.some(({ from = [[]], when }) => !from.every(namesSource) && !namesSource(when));
    case "DENY":
      return rules.some(({ from = [], when }) => from.some(namesSource) || namesSource(when));
    default:
      return false;
  }
}

const IDENTITY: ReadonlySet<Attribute> = new Set(["principal", "namespace", "serviceAccount"]);

function deniesAll({ pods, rules }: NetworkPolicy): boolean {
  return pods.isEmpty && DIRECTIONS.every((direction) => rules[direction]?.length === 0);
}

function finding(namespace: string, message: string): Finding {
  return isTenantNamespace(namespace)
    ? { topic: "layer", message: `its namespace ${message}`, tenant: namespace.slice(NAMESPACE_PREFIX.length) }
    : { topic: "layer", message: `namespace ${namespace} ${message}` };
}

import type { AdmissionPolicyProps, AdmissionResources } from "../../kubernetes";
import { IN_TENANT_NAMESPACE } from "./scope";

const of = (apiGroups: readonly string[], ...resources: string[]): AdmissionResources => ({
  apiGroups,
  resources,
  operations: ["CREATE"],
});

/** Kinds that have no place in a tenant's namespace: what each does reaches past it. */
const FOREIGN_KINDS: readonly AdmissionResources[] = [
  // Ways in beside the one gateway: pods in the load balancer's target group, listeners and routes of other controllers.
  of(["elbv2.k8s.aws"], "targetgroupbindings"),
  of(["networking.k8s.io"], "ingresses"),
  of(["gateway.networking.k8s.io", "gateway.networking.x-k8s.io"], "*"),
  of(
    ["networking.istio.io"],
    // By its selector it takes over ports of gateways in any namespace.
    "gateways",
    // Envoy's configuration past every check: rate limits, policies, other routes.
    "envoyfilters",
    "proxyconfigs",
    // Replaces the mesh's default, by which a sidecar knows only its own namespace and the shared services.
    "sidecars",
    // Hosts and endpoints for the whole mesh, other tenants' names among them.
    "serviceentries",
    "workloadentries",
    "workloadgroups",
  ),
  // The mesh's STRICT mode holds where no namespace has a mode of its own.
  of(["security.istio.io"], "peerauthentications"),
  // istiod fetches the keys from the address that it names.
  of(["security.istio.io"], "requestauthentications"),
  of(["extensions.istio.io"], "wasmplugins"),
  // Gives the pods any security group of the account, the database clients' included.
  of(["vpcresources.k8s.aws"], "securitygrouppolicies"),
];

/** Nothing of these kinds is made in a tenant's namespace. What nobody can make needs no rule for its change. */
export function kindPolicy(): AdmissionPolicyProps {
  return {
    name: "tenant-kinds",
    resources: FOREIGN_KINDS,
    conditions: IN_TENANT_NAMESPACE,
    validations: [
      {
        expression: "false",
        messageExpression:
          'request.kind.kind + " of " + request.kind.group + ": reaches past a tenant\'s namespace; allowed: none"',
      },
    ],
  };
}

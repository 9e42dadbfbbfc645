import { INGRESS_GATEWAY } from "../../../config";
import { type AdmissionPolicyProps, cel } from "../../kubernetes";
import { IN_TENANT_NAMESPACE, offending, TENANT_ID } from "./scope";

/** Pattern of the names of Services in the request's namespace: short ones, full ones, the wildcard over all of them. */
const OWN_SERVICE = '"^([a-z0-9-]+|([*]|[a-z0-9-]+)[.]" + request.namespace + "[.]svc[.]cluster[.]local)$"';

const ALLOWED_SERVICES = '"Services of " + request.namespace';

/**
 * A tenant's VirtualService answers for the tenant's host and its own Services alone, and leads nowhere else: every tenant's
 * policies admit the ingress gateway, so that a route to another tenant's service would be served.
 *
 * @param domain - tenants answer on `<id>.<domain>`
 */
export function virtualServicePolicy(domain: string): AdmissionPolicyProps {
  const gateways = [INGRESS_GATEWAY.gateway, "mesh"];
  const foreignHosts = "object.spec.?hosts.orValue([]).filter(h, h != variables.host && !h.matches(variables.service))";
  const foreignGateways = `object.spec.?gateways.orValue([]).filter(g, !(g in ${cel(gateways)}))`;
  const isOwn = (destination: string) => `${destination}.host.matches(variables.service)`;
  return {
    name: "tenant-virtual-services",
    resources: [
      { apiGroups: ["networking.istio.io"], resources: ["virtualservices"], operations: ["CREATE", "UPDATE"] },
    ],
    conditions: IN_TENANT_NAMESPACE,
    variables: {
      host: `${TENANT_ID} + ${cel(`.${domain}`)}`,
      service: OWN_SERVICE,
      routes: "object.spec.?http.orValue([])",
    },
    validations: [
      {
        expression: `${foreignHosts}.size() == 0`,
        messageExpression: offending("spec.hosts", foreignHosts, `variables.host + ", " + ${ALLOWED_SERVICES}`),
      },
      {
        expression: `${foreignGateways}.size() == 0`,
        messageExpression: offending("spec.gateways", foreignGateways, cel(gateways.join(", "))),
      },
      {
        expression: `variables.routes.all(r, r.?route.orValue([]).all(d, ${isOwn("d.destination")}))`,
        messageExpression: `"spec.http.route.destination: a host outside of the namespace; allowed: " + ${ALLOWED_SERVICES}`,
      },
      {
        expression: `variables.routes.all(r, (!has(r.mirror) || ${isOwn("r.mirror")}) && r.?mirrors.orValue([]).all(m, ${isOwn("m.destination")}))`,
        messageExpression: `"spec.http.mirror: a host outside of the namespace; allowed: " + ${ALLOWED_SERVICES}`,
      },
      {
        expression:
          'variables.routes.all(r, !has(r.delegate) || r.delegate[?"namespace"].orValue(request.namespace) == request.namespace)',
        messageExpression: '"spec.http.delegate: in another namespace; allowed: " + request.namespace',
      },
      {
        expression: "!has(object.spec.tcp) && !has(object.spec.tls)",
        messageExpression: cel("spec.tcp, spec.tls: tenants speak HTTP; allowed: spec.http"),
      },
    ],
  };
}

/** A tenant's DestinationRule is about the tenant's own Services: their pools, outliers and subsets. */
export function destinationRulePolicy(): AdmissionPolicyProps {
  return {
    name: "tenant-destination-rules",
    resources: [
      { apiGroups: ["networking.istio.io"], resources: ["destinationrules"], operations: ["CREATE", "UPDATE"] },
    ],
    conditions: IN_TENANT_NAMESPACE,
    validations: [
      {
        expression: `object.spec.host.matches(${OWN_SERVICE})`,
        messageExpression: `"spec.host: " + object.spec.host + "; allowed: " + ${ALLOWED_SERVICES}`,
      },
    ],
  };
}

import { type AdmissionPolicyProps, cel } from "../../kubernetes";
import { IN_TENANT_NAMESPACE } from "./scope";

/** A tenant's Service is an address inside the cluster for pods of the tenant. */
export function servicePolicy(): AdmissionPolicyProps {
  const externalIps = "object.spec.?externalIPs.orValue([])";
  return {
    name: "tenant-services",
    resources: [{ apiGroups: [""], resources: ["services"], operations: ["CREATE", "UPDATE"] }],
    conditions: IN_TENANT_NAMESPACE,
    validations: [
      {
        expression: 'object.spec.type == "ClusterIP"',
        messageExpression: '"spec.type: " + object.spec.type + "; allowed: ClusterIP"',
      },
      // Whoever has such a Service receives what any pod sends to the address.
      {
        expression: `${externalIps}.size() == 0`,
        messageExpression: `"spec.externalIPs: " + ${externalIps}.join(", ") + "; allowed: none"`,
      },
      // Without one it leads to whatever addresses somebody writes into an EndpointSlice, another tenant's pods included.
      {
        expression: "object.spec.?selector.orValue({}).size() > 0",
        messageExpression: cel("spec.selector: none; allowed: labels of the tenant's pods"),
      },
    ],
  };
}

import { LABELS } from "../../../config";
import { type AdmissionPolicyProps, cel } from "../../kubernetes";
import { IN_TENANT_NAMESPACE, LABELS_OF_OBJECT } from "./scope";

const INJECT = "sidecar.istio.io/inject";

/** Taints that Kubernetes itself has pods tolerate. */
const NODE_CONDITIONS = "node.kubernetes.io/";

/** What a tenant's pod must not be although Pod Security `restricted` lets it pass. */
export function podPolicy(): AdmissionPolicyProps {
  const inject = `[variables.labels, variables.annotations].filter(map, map[?${cel(INJECT)}].orValue("true") != "true")`;
  const priority = 'object.spec.?priorityClassName.orValue("")';
  const key = 't.?key.orValue("")';
  const foreign = `object.spec.?tolerations.orValue([]).filter(t, ${key} != ${cel(LABELS.nodePool)} && !${key}.startsWith(${cel(NODE_CONDITIONS)}))`;
  return {
    name: "tenant-pods",
    resources: [{ apiGroups: [""], resources: ["pods"], operations: ["CREATE", "UPDATE"] }],
    conditions: IN_TENANT_NAMESPACE,
    variables: {
      labels: LABELS_OF_OBJECT,
      annotations: "object.metadata.?annotations.orValue({})",
    },
    validations: [
      {
        expression: `${inject}.size() == 0`,
        messageExpression: `${cel(`label or annotation ${INJECT}: '`)} + ${inject}[0][${cel(INJECT)}] + ${cel("'; allowed: true, or none")}`,
      },
      // A Gateway's selector looks at pods of all namespaces: one with the label is sent every tenant's routes.
      {
        expression: '!("istio" in variables.labels)',
        messageExpression: `"label istio: '" + variables.labels["istio"] + ${cel("'; allowed: none, it marks the mesh's gateways")}`,
      },
      // It would have the scheduler evict the platform's pods, and other tenants'.
      {
        expression: `!${priority}.startsWith("system-")`,
        messageExpression: `"spec.priorityClassName: " + ${priority} + "; allowed: none of the system's"`,
      },
      {
        expression: `${foreign}.size() == 0`,
        messageExpression: `"spec.tolerations: key '" + ${foreign}.map(t, ${key}).join("', '") + ${cel(`'; allowed: ${LABELS.nodePool}, ${NODE_CONDITIONS}…`)}`,
      },
    ],
  };
}

import { LABELS, TIER_NAMES, TIERS } from "../../../config";
import { NAMESPACE_PREFIX, type TenantState } from "../../../tenancy";
import { type AdmissionPolicyProps, type AdmissionValidation, cel } from "../../kubernetes";
import { LABELS_OF_OBJECT } from "./scope";

/** States in which a tenant has a namespace. */
const STATES: readonly TenantState[] = ["active", "suspended"];

/** Labels that every tenant's namespace bears besides its tenant's id, each with the values that it may have. */
export const TENANT_NAMESPACE_LABELS: Readonly<Record<string, readonly string[]>> = {
  [LABELS.tier]: TIER_NAMES,
  [LABELS.state]: STATES,
  [LABELS.alerts]: [...new Set(TIER_NAMES.map((tier) => TIERS[tier].alerts))],
  [LABELS.meshMember]: ["enabled"],
  "istio-injection": ["enabled"],
  "pod-security.kubernetes.io/enforce": ["restricted"],
  "pod-security.kubernetes.io/audit": ["restricted"],
  "pod-security.kubernetes.io/warn": ["restricted"],
};

/**
 * Families of labels that steer isolation. One that is not stated above could undo it: `enforce-version` takes Pod Security
 * back to a version with fewer checks, `istio.io/rev` and `istio.io/dataplane-mode` take the pods out of the mesh. Other labels are
 * free: GitOps tools mark what they own.
 */
const CLOSED_FAMILIES = "^(istio-.*|((.*[.])?(istio|taskflow)[.]io|pod-security[.]kubernetes[.]io)/.*)$";

function oneOf(label: string, allowed: readonly string[]): AdmissionValidation {
  const value = `variables.labels[?${cel(label)}].orValue("")`;
  return {
    expression: `${value} in ${cel(allowed)}`,
    messageExpression: `${cel(`label ${label}: '`)} + ${value} + ${cel(`'; allowed: ${allowed.join(", ")}`)}`,
  };
}

/**
 * A tenant's namespace bears the labels that isolate it, for as long as it exists. Pod Security enforces `restricted` by one of
 * them, so that privileged pods need no rule of their own here. Subresources are included: through them labels can be written too.
 */
export function namespacePolicy(): AdmissionPolicyProps {
  const stated = [LABELS.tenant, ...Object.keys(TENANT_NAMESPACE_LABELS)];
  const unknown = `variables.labels.filter(label, label.matches(${cel(CLOSED_FAMILIES)}) && !(label in ${cel(stated)}))`;
  const tenant = `variables.labels[?${cel(LABELS.tenant)}].orValue("")`;
  return {
    name: "tenant-namespaces",
    resources: [
      {
        apiGroups: [""],
        resources: ["namespaces", "namespaces/status", "namespaces/finalize"],
        operations: ["CREATE", "UPDATE"],
      },
    ],
    conditions: {
      "tenant-namespace": `object.metadata.name.startsWith(${cel(NAMESPACE_PREFIX)}) || ${cel(LABELS.tenant)} in ${LABELS_OF_OBJECT}`,
    },
    variables: { labels: LABELS_OF_OBJECT },
    validations: [
      {
        expression: `object.metadata.name == ${cel(NAMESPACE_PREFIX)} + ${tenant}`,
        messageExpression: `${cel(`label ${LABELS.tenant}: '`)} + ${tenant} + ${cel(`'; allowed: the namespace's name without '${NAMESPACE_PREFIX}'`)}`,
      },
      ...Object.entries(TENANT_NAMESPACE_LABELS).map(([label, allowed]) => oneOf(label, allowed)),
      {
        expression: `${unknown}.size() == 0`,
        messageExpression: `${cel("labels: ")} + ${unknown}.join(", ") + ${cel(`; allowed of their families: ${stated.join(", ")}`)}`,
      },
    ],
  };
}

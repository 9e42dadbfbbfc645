import type { KubernetesObject } from "./object";

/** Kinds that a policy looks at, and when. */
export interface AdmissionResources {
  /** `""` is the core group. */
  readonly apiGroups: readonly string[];
  /** Plurals; a subresource is written `namespaces/status`. */
  readonly resources: readonly string[];
  readonly operations: readonly ("CREATE" | "UPDATE")[];
}

/** One rule, in CEL. Variables are read as `variables.<name>`. */
export interface AdmissionValidation {
  /** True where the request is right. An error counts as a refusal. */
  readonly expression: string;
  /** The place, the value received and what is allowed; the API server puts the object's name before it. */
  readonly messageExpression: string;
}

export interface AdmissionPolicyProps {
  /** Name of the policy and of its binding; refusals bear it. */
  readonly name: string;
  readonly resources: readonly AdmissionResources[];
  /** CEL by name: what must be true of a request for the policy to look at it. @default - every request */
  readonly conditions?: Readonly<Record<string, string>>;
  /** CEL by name; each may read those before it. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
  readonly validations: readonly AdmissionValidation[];
}

/** A string, or a list of them, as a literal of CEL. */
export const cel = (value: string | readonly string[]): string => JSON.stringify(value);

/**
 * A policy that the API server itself judges (admissionregistration.k8s.io/v1), and the binding that puts it in force for
 * everybody: it fails closed and excepts no identity and no namespace.
 */
export function admissionPolicy(props: AdmissionPolicyProps): KubernetesObject[] {
  const { name, resources, conditions = {}, variables = {}, validations } = props;
  const expressions = (byName: Readonly<Record<string, string>>) =>
    Object.entries(byName).map(([key, expression]) => ({ name: key, expression }));
  return [
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { name },
      spec: {
        failurePolicy: "Fail",
        matchConstraints: { resourceRules: resources.map((rule) => ({ ...rule, apiVersions: ["*"] })) },
        matchConditions: expressions(conditions),
        variables: expressions(variables),
        validations: validations.map((validation) => ({ ...validation, reason: "Forbidden" })),
      },
    },
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name },
      spec: { policyName: name, validationActions: ["Deny"] },
    },
  ];
}

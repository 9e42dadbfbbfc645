import { isArray, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { listAt, objectAt, objectsIn } from "../json";

/** A policy that lacks one thing. */
export interface Mutant {
  readonly lacks: string;
  readonly policy: KubernetesObject;
}

/** The policy without each of its rules, and without each kind that it looks at where there is more than one. */
export function mutantsOf(policy: KubernetesObject): readonly Mutant[] {
  const spec = objectAt(policy, "spec");
  const validations = objectsIn(spec["validations"]);
  const constraints = objectAt(spec, "matchConstraints");
  const rules = objectsIn(constraints["resourceRules"]);
  const kinds = rules.flatMap((rule) => listAt(rule, "resources").map((resource) => ({ rule, resource })));
  const having = (changed: JsonObject): KubernetesObject => ({ ...policy, spec: { ...spec, ...changed } });
  return [
    ...validations.map((validation) => ({
      lacks: String(validation["expression"]),
      policy: having({
        validations:
          validations.length > 1
            ? validations.filter((other) => other !== validation)
            : [{ ...validation, expression: "true" }],
      }),
    })),
    ...(kinds.length > 1 ? kinds : []).map(({ rule, resource }) => ({
      lacks: String(resource),
      policy: having({
        matchConstraints: {
          ...constraints,
          resourceRules: rules
            .map((other) => (other === rule ? without(other, resource) : other))
            .filter(({ resources }) => isArray(resources) && resources.length > 0),
        },
      }),
    })),
  ];
}

function without(rule: JsonObject, resource: unknown): JsonObject {
  return { ...rule, resources: listAt(rule, "resources").filter((other) => other !== resource) };
}

import { exportStacks } from "../../../tools/manifests/export";
import { isObject, type Json, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";
import { readStacks, resourcesOf, type SynthesizedStack } from "../../../tools/manifests/output";
import { inOrder, nameOf } from "../subjects";

/** One call of the function `tenant-database`, as Terraform makes it with `lifecycle_scope = "CRUD"`. */
export interface Invocation {
  readonly action: "create" | "update" | "delete";
  /** The input of the resource; of a deleted one its last. */
  readonly input: JsonObject;
}

/** What Terraform does when one output is applied after another. */
export interface Difference {
  /** Stacks that have anything to do. */
  readonly stacks: readonly string[];
  /** Objects to create, in this order. */
  readonly created: readonly KubernetesObject[];
  readonly changed: readonly KubernetesObject[];
  /** Objects to delete, in this order: their addresses are gone. */
  readonly removed: readonly KubernetesObject[];
  readonly invocations: readonly Invocation[];
}

/** Nothing to do. */
export const NO_DIFFERENCE: Difference = { stacks: [], created: [], changed: [], removed: [], invocations: [] };

/** Compares two outputs of a synth as Terraform would, by addresses. */
export function differenceBetween(before: string, after: string): Difference {
  const [old, next] = [readStacks(before), readStacks(after)];
  const [oldObjects, nextObjects] = [objectsOf(old), objectsOf(next)];
  const entering = [...nextObjects].filter(([address]) => !oldObjects.has(address));
  const staying = [...nextObjects].filter(([address]) => oldObjects.has(address));
  const leaving = [...oldObjects].filter(([address]) => !nextObjects.has(address));
  return {
    stacks: next.filter((stack, index) => !isSame(stack.document, old[index]?.document)).map(({ name }) => name),
    created: entering.map(([, object]) => object),
    changed: staying
      .filter(([address, object]) => !isSame(object, oldObjects.get(address)))
      .map(([, object]) => object),
    removed: leaving.map(([, object]) => object).reverse(),
    invocations: invocationsBetween(inputsOf(old), inputsOf(next)),
  };
}

/** Objects by stack, Terraform address and name, in the order to create them. */
function objectsOf(stacks: readonly SynthesizedStack[]): ReadonlyMap<string, KubernetesObject> {
  const manifests = inOrder(exportStacks(stacks));
  return new Map(
    manifests.map(({ stack, address, object }) => [`${stack}: ${address}: ${nameOf(object)}`, object] as const),
  );
}

/** Inputs of the function by Terraform address. */
function inputsOf(stacks: readonly SynthesizedStack[]): ReadonlyMap<string, JsonObject> {
  const invocations = stacks.flatMap(({ name, document }) =>
    resourcesOf(document)
      .filter(({ type }) => type === "aws_lambda_invocation")
      .map((resource) => [`${name}: ${resource.name}`, inputOf(resource.body)] as const),
  );
  return new Map(invocations);
}

function inputOf(body: JsonObject): JsonObject {
  const { input } = body;
  const parsed: Json = typeof input === "string" ? (JSON.parse(input) as Json) : null;
  if (!isObject(parsed)) {
    throw new Error(`aws_lambda_invocation without an input that can be read: ${JSON.stringify(body)}`);
  }
  return parsed;
}

function invocationsBetween(
  old: ReadonlyMap<string, JsonObject>,
  next: ReadonlyMap<string, JsonObject>,
): readonly Invocation[] {
  const kept = [...next].flatMap(([address, input]): readonly Invocation[] => {
    const last = old.get(address);
    return isSame(input, last) ? [] : [{ action: last === undefined ? "create" : "update", input }];
  });
  const gone = [...old].filter(([address]) => !next.has(address));
  return [...kept, ...gone.map(([, input]): Invocation => ({ action: "delete", input }))];
}

/** Both were written by the same code, keys in the same order. */
function isSame(left: Json | undefined, right: Json | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

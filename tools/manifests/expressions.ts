import { isArray, isObject, type Json, type JsonObject } from "./json";
import { ManifestsError, type SynthesizedStack } from "./output";
import { parseTemplate } from "./template";

/**
 * Stands for every value that exists only after an apply. It is a DNS label, so that names, labels and annotations built
 * from it stay valid, and it is always the same, so that two exports can be compared.
 */
export const KNOWN_AFTER_APPLY = "known-after-apply";

/** A chain of references longer than this is a cycle. */
const MAX_DEPTH = 20;

/** How cdktf names the data source that reads another stack's outputs. */
const REMOTE_STATE_PREFIX = "cross-stack-reference-input-";

/** First words of references that name no resource. */
const NO_RESOURCE: ReadonlySet<string> = new Set(
  "count data each false module null path self terraform true var".split(" "),
);

/**
 * Attributes that exist only after an apply, by stack, address and name: `values.rds["aws_db_proxy_endpoint.x"].endpoint`, as
 * `terraform show -json` has them.
 */
export type AppliedValues = JsonObject;

type Path = readonly (string | number)[];

/** Reads `a.b[0].c["d"]` into its steps; anything else (functions, operators, literals) is not a plain reference. */
function parseReference(expression: string): Path | undefined {
  const head = /^[A-Za-z_][\w-]*/.exec(expression)?.[0];
  if (head === undefined) {
    return undefined;
  }
  const steps: (string | number)[] = [head];
  const step = /\.([A-Za-z_][\w-]*)|\.(\d+)|\[(\d+)\]|\["([^"]+)"\]/y;
  step.lastIndex = head.length;
  while (step.lastIndex < expression.length) {
    const match = step.exec(expression);
    if (match === null) {
      return undefined;
    }
    const [, word, dotted, index, key] = match;
    const number = dotted ?? index;
    steps.push(number === undefined ? (word ?? key ?? "") : Number(number));
  }
  return steps;
}

/**
 * Follows Terraform's references through the synthesized JSON as far as it holds the answer: locals, variables' defaults,
 * arguments of the same stack's resources, and other stacks' outputs (cdktf passes those through remote state).
 */
export class Expressions {
  /** Every `stack: reference` so far that nothing gives a value for. */
  public readonly unknown = new Set<string>();
  private readonly documents: ReadonlyMap<string, JsonObject>;

  /** @param values - what is known of an apply. @default - nothing */
  public constructor(
    stacks: readonly SynthesizedStack[],
    private readonly values: AppliedValues = {},
  ) {
    this.documents = new Map(stacks.map((stack) => [stack.name, stack.document]));
  }

  /** Replaces every interpolation in a value, however deep; what is unknown becomes `known-after-apply`. */
  public resolve(stack: string, value: Json): Json {
    return this.resolveAt(stack, value, 0);
  }

  private resolveAt(stack: string, value: Json, depth: number): Json {
    if (typeof value === "string") {
      return this.resolveText(stack, value, depth);
    }
    if (isArray(value)) {
      return value.map((item) => this.resolveAt(stack, item, depth));
    }
    if (!isObject(value)) {
      return value;
    }
    const resolved: Record<string, Json> = {};
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) {
        continue;
      }
      resolved[String(this.resolveText(stack, key, depth))] = this.resolveAt(stack, item, depth);
    }
    return resolved;
  }

  private resolveText(stack: string, source: string, depth: number): Json {
    if (!source.includes("${") && !source.includes("%%{")) {
      return source;
    }
    const parts = parseTemplate(source);
    const [only] = parts;
    if (parts.length === 1 && only !== undefined && "expression" in only) {
      return this.evaluate(stack, only.expression, depth) ?? KNOWN_AFTER_APPLY;
    }
    return parts
      .map((part) => {
        if ("text" in part) {
          return part.text;
        }
        const value = this.evaluate(stack, part.expression, depth);
        return value === undefined || value === null || typeof value === "object" ? KNOWN_AFTER_APPLY : String(value);
      })
      .join("");
  }

  private evaluate(stack: string, expression: string, depth: number): Json | undefined {
    const path = depth < MAX_DEPTH ? parseReference(expression) : undefined;
    const value = path && (this.follow(stack, path, expression, depth) ?? this.applied(stack, path));
    if (value === undefined) {
      this.unknown.add(`${stack}: ${expression}`);
    }
    return value;
  }

  /** What the synthesized documents say of a reference. */
  private follow(stack: string, path: Path, expression: string, depth: number): Json | undefined {
    const target = this.locate(stack, path);
    if (target === undefined) {
      this.requireDeclared(stack, path, expression);
      return undefined;
    }
    const value = this.walk(target.stack, target.root, target.rest, depth + 1);
    return value === undefined ? undefined : this.resolveAt(target.stack, value, depth + 1);
  }

  /** What an apply gave a reference to a resource's attribute. */
  private applied(stack: string, path: Path): Json | undefined {
    const steps = path[0] === "data" ? 3 : 2;
    const resource = child(this.values[stack], path.slice(0, steps).join("."));
    return path.slice(steps).reduce<Json | undefined>(child, resource);
  }

  /** Finds where in the documents a reference starts, and what of its path is left to walk from there. */
  private locate(stack: string, path: Path): Target | undefined {
    const document = this.documents.get(stack);
    const [head, second, third] = path;
    if (document === undefined || typeof head !== "string" || typeof second !== "string") {
      return undefined;
    }
    if (head === "local") {
      return target(stack, child(document["locals"], second), path.slice(2));
    }
    if (head === "var") {
      return target(stack, child(child(document["variable"], second), "default"), path.slice(2));
    }
    if (head === "data") {
      const remote = typeof third === "string" && third.startsWith(REMOTE_STATE_PREFIX);
      if (second !== "terraform_remote_state" || !remote || path[3] !== "outputs") {
        return undefined;
      }
      return this.locateOutput(third.slice(REMOTE_STATE_PREFIX.length), path.slice(4));
    }
    const resource = child(child(document["resource"], head), second);
    if (path.length === 3 && third === "id") {
      return target(stack, kubernetesId(head, resource), []);
    }
    return target(stack, resource, path.slice(2));
  }

  /** Terraform refuses a plan over such a name: most often it is another language's `${…}` that nobody escaped. */
  private requireDeclared(stack: string, [head = "", name = ""]: Path, expression: string): void {
    if (NO_RESOURCE.has(String(head))) {
      return;
    }
    if (child(child(this.documents.get(stack)?.["resource"], head), name) !== undefined) {
      return;
    }
    throw new ManifestsError(
      `${stack}: "\${${expression}}" refers to nothing in the stack; a plain \${ is written $\${`,
    );
  }

  private locateOutput(stack: string, path: Path): Target | undefined {
    const output = child(this.documents.get(stack)?.["output"], path[0]);
    return target(stack, child(output, "value"), path.slice(1));
  }

  private walk(stack: string, root: Json, path: Path, depth: number): Json | undefined {
    let value: Json | undefined = root;
    for (const step of path) {
      if (typeof value === "string") {
        value = this.resolveText(stack, value, depth);
      }
      // Terraform addresses a block as a list's element; cdktf writes a block that occurs once as an object.
      if (step === 0 && isObject(value)) {
        continue;
      }
      value = child(value, step);
      if (value === undefined) {
        return undefined;
      }
    }
    return value;
  }
}

interface Target {
  readonly stack: string;
  readonly root: Json;
  readonly rest: Path;
}

function target(stack: string, root: Json | undefined, rest: Path): Target | undefined {
  return root === undefined ? undefined : { stack, root, rest };
}

function child(value: Json | undefined, step: string | number | undefined): Json | undefined {
  if (step === undefined) {
    return undefined;
  }
  if (isArray(value)) {
    return typeof step === "number" ? value[step] : undefined;
  }
  return isObject(value) ? value[String(step)] : undefined;
}

/** The Kubernetes provider's ids are known before the apply: `name`, or `namespace/name`. */
function kubernetesId(type: string, resource: Json | undefined): Json | undefined {
  if (!type.startsWith("kubernetes_")) {
    return undefined;
  }
  const metadata = child(resource, "metadata");
  const block = isArray(metadata) ? metadata[0] : metadata;
  const name = child(block, "name");
  const namespace = child(block, "namespace");
  if (typeof name !== "string") {
    return undefined;
  }
  return typeof namespace === "string" ? `${namespace}/${name}` : name;
}

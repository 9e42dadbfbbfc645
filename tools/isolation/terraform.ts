import { NAMESPACE_PREFIX } from "../../tenancy/names";
import { Expressions } from "../manifests/expressions";
import { isArray, isObject, type Json, type JsonObject } from "../manifests/json";
import { type Region, regionOf, resourcesOf, type SynthesizedStack } from "../manifests/output";
import { grouped } from "../grouped";

/** A resource of a synthesized stack. */
export interface Resource {
  readonly stack: string;
  readonly type: string;
  readonly name: string;
  /** Arguments with their references still in them. */
  readonly raw: JsonObject;
  /** `tenants-02: aws_iam_role.tenant-acme_identity_role_1B8D3156`. */
  readonly address: string;
}

/** How cdktf names the data source that reads another stack's outputs. */
const REMOTE_OUTPUT = /^\$\{data\.terraform_remote_state\.cross-stack-reference-input-([\w-]+)\.outputs\.([\w-]+)\}$/;
const LOCAL = /^\$\{local\.([\w-]+)\}$/;
const ATTRIBUTE = /^\$\{([a-z]\w*)\.([\w-]+)\.\w+\}$/;

/** Resources of a synthesized app, told apart by region, and the references between them across stacks. */
export class Terraform {
  private readonly expressions: Expressions;
  private readonly documents: ReadonlyMap<string, JsonObject>;
  private readonly byType: ReadonlyMap<string, readonly Resource[]>;
  private readonly elsewhereByType: ReadonlyMap<string, readonly Resource[]>;
  private readonly byAddress: ReadonlyMap<string, Resource>;

  /** @param region - the one that is judged */
  constructor(
    stacks: readonly SynthesizedStack[],
    public readonly region: Region = "primary",
  ) {
    this.expressions = new Expressions(stacks);
    this.documents = new Map(stacks.map(({ name, document }) => [name, document]));
    const resources = stacks.flatMap(({ name: stack, document }) =>
      resourcesOf(document).map(({ type, name, body }): Resource => ({
        stack,
        type,
        name,
        raw: body,
        address: address(stack, type, name),
      })),
    );
    const isHere = ({ stack }: Resource): boolean => regionOf(stack) === region;
    const typeOf = ({ type }: Resource): string => type;
    this.byType = grouped(resources.filter(isHere), typeOf);
    this.elsewhereByType = grouped(
      resources.filter((resource) => !isHere(resource)),
      typeOf,
    );
    this.byAddress = new Map(resources.map((resource) => [resource.address, resource]));
  }

  /** Resources of a type in the region, by stack and name. */
  public resources(type: string): readonly Resource[] {
    return this.byType.get(type) ?? [];
  }

  /** The same in the other region; none where there is no other. */
  public elsewhere(type: string): readonly Resource[] {
    return this.elsewhereByType.get(type) ?? [];
  }

  /** An argument's value; what is known only after an apply is `known-after-apply`. */
  public value({ stack, raw }: Resource, argument: string): Json {
    const value = raw[argument];
    return value === undefined ? null : this.expressions.resolve(stack, value);
  }

  public text(resource: Resource, argument: string): string {
    const value = this.value(resource, argument);
    return typeof value === "string" ? value : "";
  }

  /** An argument that holds JSON, or undefined where it does not. */
  public json(resource: Resource, argument: string): JsonObject | undefined {
    try {
      const value = JSON.parse(this.text(resource, argument)) as Json;
      return isObject(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  /** The resource whose attribute an argument is, through locals and other stacks' outputs. */
  public target({ stack, raw }: Resource, argument: string): Resource | undefined {
    return this.follow(stack, raw[argument]);
  }

  /** The same for each element of a list. */
  public targets({ stack, raw }: Resource, argument: string): readonly Resource[] {
    const value = raw[argument];
    return (isArray(value) ? value : []).flatMap((item) => this.follow(stack, item) ?? []);
  }

  /** The tenant's namespace that a resource was made for: the tenant's construct, named so, begins the resource's name. */
  public tenantNamespace({ name }: Resource): string | undefined {
    const [construct = ""] = name.split("_");
    return construct.startsWith(NAMESPACE_PREFIX) ? construct : undefined;
  }

  private follow(stack: string, value: Json | undefined): Resource | undefined {
    if (typeof value !== "string") {
      return undefined;
    }
    const remote = REMOTE_OUTPUT.exec(value);
    if (remote !== null) {
      const [, other = "", output = ""] = remote;
      return this.follow(other, member(this.documents.get(other)?.["output"], output, "value"));
    }
    const local = LOCAL.exec(value);
    if (local !== null) {
      return this.follow(stack, member(this.documents.get(stack)?.["locals"], local[1] ?? ""));
    }
    const [, type = "", name = ""] = ATTRIBUTE.exec(value) ?? [];
    return this.byAddress.get(address(stack, type, name));
  }
}

function address(stack: string, type: string, name: string): string {
  return `${stack}: ${type}.${name}`;
}

function member(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  return keys.reduce<Json | undefined>((found, key) => (isObject(found) ? found[key] : undefined), value);
}

import { databaseRole, namespaceName } from "../../tenancy/names";
import { compareText, isArray, isObject, type Json, type JsonObject } from "../manifests/json";
import { regionOf } from "../manifests/output";
import type { Finding } from "./findings";
import { grouped } from "../grouped";
import type { Resource, Terraform } from "./terraform";

/** What a tenant's pods may do at AWS and in the database. */
export interface TenantAccess {
  readonly id: string;
  /** Database users, as IAM patterns, that its pods may log in as. */
  readonly users: readonly string[];
  /** Login role and schema that the database function makes for it: all that its grants are about. */
  readonly role?: string;
  readonly schema?: string;
  /** What the function is told about the tenant; its namespace's labels must say the same. */
  readonly tier?: string;
  readonly state?: string;
  readonly findings: readonly Finding[];
}

const CONNECT = "rds-db:connect";
const POD_IDENTITY = "pods.eks.amazonaws.com";
const NAMESPACE_TAG = "aws:RequestTag/kubernetes-namespace";
const CLUSTER_TAG = "aws:RequestTag/eks-cluster-name";

/**
 * Reads the IAM roles and the database function's inputs of tenants. Those of a tenant that stands in both regions are made
 * in the primary, and looked for there.
 */
export function readAccess(terraform: Terraform, tenants: readonly string[]): readonly TenantAccess[] {
  const byNamespace = (type: string, namespaceOf: (resource: Resource) => string | undefined) =>
    grouped([...terraform.resources(type), ...terraform.elsewhere(type)], (resource) => namespaceOf(resource) ?? "");
  const associations = byNamespace("aws_eks_pod_identity_association", (resource) =>
    terraform.text(resource, "namespace"),
  );
  const roles = new Roles(terraform);
  const invocations = byNamespace("aws_lambda_invocation", (resource) => terraform.tenantNamespace(resource));
  return tenants.map((id) => {
    const namespace = namespaceName(id);
    const identity = readIdentity(terraform, id, associations.get(namespace) ?? [], roles);
    const database = readDatabase(terraform, id, invocations.get(namespace) ?? []);
    return { id, ...database, users: identity.users, findings: [...identity.findings, ...database.findings] };
  });
}

/** Whether an IAM pattern, in which `*` and `?` stand for anything, matches a text. */
export function matchesIamPattern(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) {
    return pattern === text;
  }
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(text);
}

function readIdentity(
  terraform: Terraform,
  id: string,
  associations: readonly Resource[],
  known: Roles,
): Pick<TenantAccess, "users" | "findings"> {
  const findings: Finding[] = [];
  const report = (message: string): void => {
    findings.push({ topic: "identity", message, tenant: id });
  };
  const roles = new Map<string, Resource>();
  const own = associations.filter(({ stack }) => regionOf(stack) === terraform.region);
  for (const association of own) {
    const role = known.givenBy(association);
    if (role?.type === "aws_iam_role") {
      roles.set(role.address, role);
    } else {
      report("IAM: a Pod Identity association's role is not in the output, so nobody knows what it may do");
    }
  }
  if (own.length === 0) {
    report("IAM: no Pod Identity association: the tenant's pods have no identity");
  }
  const clusters = namesOf(associations.map((association) => terraform.text(association, "cluster_name")));
  const users = [...roles.values()].flatMap((role) => {
    const trusted = trustedClusters(terraform.json(role, "assume_role_policy"), namespaceName(id));
    if (trusted === undefined) {
      report(
        `IAM: the role's trust does not ask for ${CLUSTER_TAG} and for ${NAMESPACE_TAG} of the tenant's namespace`,
      );
    } else if (namesOf(trusted) !== clusters) {
      report(`IAM: the role's trust is for clusters ${namesOf(trusted)}; expected: those with its pods, ${clusters}`);
    }
    return known.statementsOf(role).flatMap((statement) => readStatement(statement, report));
  });
  if (own.length > 0 && !users.some((user) => matchesIamPattern(user, databaseRole(id)))) {
    report(`IAM: no statement allows ${CONNECT} as the tenant's own database user`);
  }
  return { users, findings };
}

/** Clusters whose pods of the namespace alone may take the role; undefined where it does not ask for both. */
function trustedClusters(trust: JsonObject | undefined, namespace: string): readonly string[] | undefined {
  const clusters = list(trust?.["Statement"])
    .filter(isObject)
    .map(({ Principal, Condition }) => {
      const equals = isObject(Condition) ? Condition["StringEquals"] : undefined;
      return isObject(Principal) &&
        Object.keys(Principal).join() === "Service" &&
        Principal["Service"] === POD_IDENTITY &&
        isObject(equals) &&
        equals[NAMESPACE_TAG] === namespace
        ? list(equals[CLUSTER_TAG]).map(String)
        : [];
    });
  return clusters.length > 0 && clusters.every((names) => names.length > 0) ? clusters.flat() : undefined;
}

/** The different names, sorted. */
function namesOf(names: readonly string[]): string {
  return [...new Set(names)].sort(compareText).join(", ");
}

/** Database users that a statement lets the role log in as; anything else that it allows is a finding. */
function readStatement(statement: JsonObject | undefined, report: (message: string) => void): readonly string[] {
  if (statement === undefined) {
    report("IAM: a policy of the tenant's role cannot be read from the output");
    return ["*"];
  }
  if (statement["Effect"] !== "Allow") {
    return [];
  }
  const actions = list(statement["Action"]).map(String);
  for (const action of actions.filter((name) => name !== CONNECT)) {
    report(`IAM: the tenant's role is allowed ${action}; expected: ${CONNECT} alone`);
  }
  if (statement["NotAction"] !== undefined || statement["NotResource"] !== undefined) {
    report("IAM: a statement of the tenant's role allows all but what it names; expected: what it names");
    return ["*"];
  }
  if (!actions.some((action) => matchesIamPattern(action.toLowerCase(), CONNECT))) {
    return [];
  }
  return list(statement["Resource"])
    .map(String)
    .map((resource) => /:dbuser:[^/]*\/(.*)$/.exec(resource)?.[1] ?? "*");
}

/** The roles of both regions: IAM is one for all. */
class Roles {
  private readonly byName: ReadonlyMap<string, Resource>;
  private readonly inline: ReadonlyMap<string, readonly Resource[]>;
  private readonly attached: ReadonlyMap<string, readonly Resource[]>;

  constructor(private readonly terraform: Terraform) {
    const all = (type: string) => [...terraform.resources(type), ...terraform.elsewhere(type)];
    const byRole = (type: string) =>
      grouped(all(type), (resource) => terraform.target(resource, "role")?.address ?? "");
    this.byName = new Map(all("aws_iam_role").map((role) => [terraform.text(role, "name"), role]));
    this.inline = byRole("aws_iam_role_policy");
    this.attached = byRole("aws_iam_role_policy_attachment");
  }

  /** The role that an association refers to or, where the other region makes it, names. */
  public givenBy(association: Resource): Resource | undefined {
    const [, name = ""] = /:role\/([\w-]+)$/.exec(String(association.raw["role_arn"])) ?? [];
    return this.terraform.target(association, "role_arn") ?? this.byName.get(name);
  }

  /** Statements of its policies; `undefined` stands for one that the output does not hold. */
  public statementsOf(role: Resource): readonly (JsonObject | undefined)[] {
    const isElsewhere =
      this.attached.has(role.address) ||
      role.raw["inline_policy"] !== undefined ||
      role.raw["managed_policy_arns"] !== undefined;
    return [
      ...(isElsewhere ? [undefined] : []),
      ...(this.inline.get(role.address) ?? []).flatMap((policy) => {
        const document = this.terraform.json(policy, "policy");
        return document === undefined ? [undefined] : list(document["Statement"]).filter(isObject);
      }),
    ];
  }
}

function readDatabase(
  terraform: Terraform,
  id: string,
  invocations: readonly Resource[],
): Omit<TenantAccess, "id" | "users"> {
  const findings: Finding[] = [];
  const report = (message: string): void => {
    findings.push({ topic: "database", message, tenant: id });
  };
  const here = invocations.filter(({ stack }) => regionOf(stack) === terraform.region);
  const isCopy = terraform.region === "secondary" && here.length < invocations.length;
  // Role and schema come to a replica with the rest of the primary's database; nobody runs there.
  const isReplica = isCopy && here.length === 0;
  const judged = isReplica ? invocations : here;
  const [invocation, ...others] = judged;
  if (invocation === undefined || others.length > 0) {
    report(`database: ${judged.length} invocations of the tenant-database function; expected: one`);
  }
  if (invocation === undefined) {
    return { findings };
  }
  const input = terraform.json(invocation, "input")?.["tenant"];
  const tenant = isObject(input) ? input : {};
  const own: Readonly<Record<string, string>> = { id, role: databaseRole(id), schema: databaseRole(id) };
  for (const [key, expected] of Object.entries(own)) {
    if (tenant[key] !== expected) {
      report(
        `database: the function is asked for ${key} ${JSON.stringify(tenant[key] ?? null)}; expected: the tenant's own`,
      );
    }
  }
  const [scope, consequence] =
    isCopy && !isReplica
      ? ["CREATE_ONLY", "a stack that goes with its region would archive the tenant"]
      : ["CRUD", "a tenant that goes would keep its login"];
  if (invocation.raw["lifecycle_scope"] !== scope) {
    report(`database: lifecycle_scope is not ${scope}: ${consequence}`);
  }
  if (terraform.target(invocation, "function_name")?.type !== "aws_lambda_function") {
    report("database: the function that is invoked is not in the output");
  }
  const text = (key: string) => {
    const value = tenant[key];
    return typeof value === "string" ? { [key]: value } : {};
  };
  const state = isReplica ? { state: "suspended" } : text("state");
  return { ...text("role"), ...text("schema"), ...text("tier"), ...state, findings };
}

function list(value: Json | undefined): readonly Json[] {
  return value === undefined || value === null ? [] : isArray(value) ? value : [value];
}

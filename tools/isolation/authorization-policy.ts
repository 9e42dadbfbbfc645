import { type AddressBlock, parseAddress, parseCidr } from "./addresses";
import { ALL_PORTS } from "./connections";
import { DEFAULT_NAMESPACE } from "./network-policy";
import { Selector } from "./selector";
import { Field, type Problems, type SourceObject } from "./source";

/** Istio's root namespace, `meshConfig.rootNamespace`: its policies are for the whole mesh. */
export const ROOT_NAMESPACE = "istio-system";

const ACTIONS = ["ALLOW", "DENY", "CUSTOM", "AUDIT"] as const;
export type Action = (typeof ACTIONS)[number];

/** What of a request or connection a condition is about. */
export type Attribute =
  | "principal"
  | "namespace"
  | "serviceAccount"
  | "address"
  /** The client's address as the header X-Forwarded-For or the PROXY protocol tells it. */
  | "remoteAddress"
  | "port"
  /** Known of HTTP alone: host, method, path, headers, JSON web tokens. */
  | "http"
  /** Known of any connection, but not to this tool: SNI, the address connected to, filters' metadata. */
  | "unknown";

/** One condition: the attribute is one of the values or, negated, none of them. */
export interface Condition {
  readonly attribute: Attribute;
  readonly values: readonly string[];
  readonly negated: boolean;
}

/** Conditions that must all hold. */
export type Clause = readonly Condition[];

/** A rule of an AuthorizationPolicy: a source, an operation and all conditions of `when` must match. */
export interface AuthorizationRule {
  /** One of them must match. @default - any source */
  readonly from?: readonly Clause[];
  /** One of them must match. @default - any operation */
  readonly to?: readonly Clause[];
  readonly when: Clause;
}

/** An AuthorizationPolicy of Istio (security.istio.io/v1). */
export interface AuthorizationPolicy {
  /** `AuthorizationPolicy namespace/name`. */
  readonly title: string;
  readonly namespace: string;
  readonly name: string;
  readonly action: Action;
  /** Pods that it is for: of its own namespace or, in the root namespace, of all. */
  readonly pods: Selector;
  readonly rules: readonly AuthorizationRule[];
  /** Why nothing enforces it: a dry run, or targets that are no sidecars. @default - it is enforced */
  readonly unenforced?: string;
  readonly source: SourceObject;
}

const SOURCE_FIELDS: Readonly<Record<string, Attribute>> = {
  principals: "principal",
  requestPrincipals: "http",
  namespaces: "namespace",
  serviceAccounts: "serviceAccount",
  ipBlocks: "address",
  remoteIpBlocks: "remoteAddress",
};

const OPERATION_FIELDS: Readonly<Record<string, Attribute>> = {
  hosts: "http",
  ports: "port",
  methods: "http",
  paths: "http",
};

/** Keys of `when` that are not HTTP's (Istio, "Authorization Policy Conditions"). */
const WHEN_KEYS: Readonly<Record<string, Attribute>> = {
  "source.ip": "address",
  "remote.ip": "remoteAddress",
  "source.namespace": "namespace",
  "source.principal": "principal",
  "source.serviceAccount": "serviceAccount",
  "destination.ip": "unknown",
  "destination.port": "port",
  "connection.sni": "unknown",
};

export function readAuthorizationPolicy(source: SourceObject, problems: Problems): AuthorizationPolicy {
  const { namespace = DEFAULT_NAMESPACE, name = "", annotations } = source.object.metadata;
  const spec = Field.root(source, problems).get("spec");
  spec.object(["selector", "targetRef", "targetRefs", "action", "rules", "provider"]);
  const action = spec.get("action").word(ACTIONS) ?? "ALLOW";
  if ((action === "CUSTOM") !== spec.get("provider").isPresent) {
    spec.get("provider").reject(action === "CUSTOM" ? "CUSTOM needs a provider" : `${action} takes no provider`);
  }
  const selector = spec.get("selector").object(["matchLabels"]);
  const targets = spec.get("targetRef").isPresent || spec.get("targetRefs").isPresent;
  const unenforced =
    annotations?.["istio.io/dry-run"] === "true"
      ? "the annotation istio.io/dry-run makes it a rehearsal"
      : targets
        ? "it is attached to a gateway or a waypoint, which this tool does not judge"
        : undefined;
  return {
    title: `AuthorizationPolicy ${namespace}/${name}`,
    namespace,
    name,
    action,
    pods: Selector.labels(selector.get("matchLabels").labels()),
    rules: spec
      .get("rules")
      .items()
      .map((rule) => readRule(rule, namespace)),
    ...(unenforced === undefined ? {} : { unenforced }),
    source,
  };
}

function readRule(field: Field, namespace: string): AuthorizationRule {
  field.object(["from", "to", "when"]);
  const from = field.get("from").items();
  const to = field.get("to").items();
  return {
    ...(from.length > 0 ? { from: from.map((item) => readClause(item, "source", SOURCE_FIELDS, namespace)) } : {}),
    ...(to.length > 0 ? { to: to.map((item) => readClause(item, "operation", OPERATION_FIELDS, namespace)) } : {}),
    when: field
      .get("when")
      .items()
      .flatMap((item) => readWhen(item, namespace)),
  };
}

/** `{ source: {…} }` or `{ operation: {…} }`: istiod refuses one that says nothing. */
function readClause(
  item: Field,
  key: "source" | "operation",
  fields: Readonly<Record<string, Attribute>>,
  namespace: string,
): Clause {
  const field = item.object([key]).get(key);
  field.object(Object.keys(fields).flatMap((name) => [name, negative(name)]));
  const clause = Object.entries(fields).flatMap(([name, attribute]) => [
    ...condition(field.get(name), attribute, false, namespace),
    ...condition(field.get(negative(name)), attribute, true, namespace),
  ]);
  if (clause.length === 0) {
    field.reject(`needs one of ${Object.keys(fields).join(", ")}, or its negation`);
  }
  return clause;
}

function readWhen(field: Field, namespace: string): Condition[] {
  field.object(["key", "values", "notValues"]);
  const key = field.get("key").text() ?? "";
  const attribute = key.startsWith("request.")
    ? "http"
    : key.startsWith("experimental.envoy.filters.")
      ? "unknown"
      : WHEN_KEYS[key];
  if (attribute === undefined) {
    field.get("key").reject(`unknown key "${key}"; allowed: ${Object.keys(WHEN_KEYS).join(", ")}, request.…`);
    return [];
  }
  const conditions = [
    ...condition(field.get("values"), attribute, false, namespace),
    ...condition(field.get("notValues"), attribute, true, namespace),
  ];
  if (conditions.length === 0) {
    field.reject("needs values or notValues");
  }
  return conditions;
}

function condition(field: Field, attribute: Attribute, negated: boolean, namespace: string): Condition[] {
  const items = field.items();
  if (items.length === 0) {
    return [];
  }
  const values = items.flatMap((item) => {
    const text = item.text();
    if (text === undefined) {
      return [];
    }
    if ((attribute === "address" || attribute === "remoteAddress") && addressBlock(text) === undefined) {
      item.reject(`"${text}" is no address; allowed: an IP address or a CIDR`);
    }
    if (attribute === "port" && !isPort(text)) {
      item.reject(`"${text}" is no port; allowed: "1" to "65535"`);
    }
    // Istio reads a service account without a namespace as one of the policy's own.
    return [attribute === "serviceAccount" && !text.includes("/") ? `${namespace}/${text}` : text];
  });
  return [{ attribute, values, negated }];
}

/** @returns "IPv6" for what no IPv4 address is in */
export function addressBlock(text: string): AddressBlock | "IPv6" | undefined {
  const range = text.includes("/") ? parseCidr(text) : (parseAddress(text) ?? parseCidr(`${text}/128`));
  return typeof range === "object" ? { within: range, except: [] } : range;
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= ALL_PORTS[0] && Number(text) <= ALL_PORTS[1];
}

function negative(name: string): string {
  return `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

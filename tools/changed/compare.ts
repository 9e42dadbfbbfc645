import { compareText, isObject, type Json } from "../manifests/json";
import { regionOf } from "../manifests/output";
import { type ArgumentChange, argumentChanges } from "./arguments";
import { identityOf } from "./identity";
import { type Block, blocksOf, type OutputStack } from "./output";

/** A resource, or another block of a stack, that differs between two synths. */
export interface Change {
  readonly action: "added" | "changed" | "replaced" | "removed";
  readonly stack: string;
  readonly address: string;
  /** Resource type; absent for locals, outputs, data sources, providers and the like. */
  readonly type?: string;
  readonly tenant?: string;
  /** Of a changed resource. */
  readonly arguments?: readonly ArgumentChange[];
  /** Of a replaced one: where the same thing stood, or what it was called. */
  readonly replaces?: string;
  /** The resource before the change carried `prevent_destroy`, which everything stateful does. */
  readonly isStateful?: true;
  /** What the resource invoked before the change is told of no deletion. */
  readonly isCreateOnly?: true;
  /** It carries `prevent_destroy` no longer. */
  readonly losesGuard?: true;
}

/** Stacks by name, as `readOutput` gives them. */
export type Output = ReadonlyMap<string, OutputStack>;

/** Everything that differs, in the order of stacks and addresses. */
export function compareOutputs(before: Output, after: Output): readonly Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  const changes = names
    .filter((name) => before.get(name)?.text !== after.get(name)?.text)
    .flatMap((name) => compareStack(name, blocksOf(before.get(name)), blocksOf(after.get(name))));
  return pairReplacements(changes);
}

/** A change with what is needed to find its counterpart at another address. */
type Candidate = Change & { readonly identity?: string };

function compareStack(
  stack: string,
  before: ReadonlyMap<string, Block>,
  after: ReadonlyMap<string, Block>,
): readonly Candidate[] {
  const addresses = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  return addresses.flatMap((address) => {
    const change = compareBlock(before.get(address), after.get(address));
    return change === undefined ? [] : [{ ...change, stack, address }];
  });
}

function compareBlock(
  before: Block | undefined,
  after: Block | undefined,
): Omit<Candidate, "stack" | "address"> | undefined {
  const { type, tenant } = after ?? before ?? {};
  const owner = { ...(type === undefined ? {} : { type }), ...(tenant === undefined ? {} : { tenant }) };
  const wasGuarded = before !== undefined && isGuarded(before.body);
  const stateful = {
    ...(wasGuarded ? ({ isStateful: true } as const) : {}),
    ...(before !== undefined && isCreateOnly(before.body) ? ({ isCreateOnly: true } as const) : {}),
  };
  const [was, is] = [before, after].map((block) =>
    block === undefined || type === undefined ? undefined : identityOf(type, block.body),
  );
  if (before === undefined) {
    return { action: "added", ...owner, ...identified(is) };
  }
  if (after === undefined) {
    return { action: "removed", ...owner, ...stateful, ...identified(was) };
  }
  const changed = argumentChanges(before.body, after.body);
  if (changed.length === 0) {
    return undefined;
  }
  const guard = wasGuarded && !isGuarded(after.body) ? ({ losesGuard: true } as const) : {};
  return was !== undefined && is !== undefined && was !== is
    ? { action: "replaced", ...owner, ...stateful, ...guard, arguments: changed, replaces: was }
    : { action: "changed", ...owner, ...stateful, ...guard, arguments: changed };
}

function identified(identity: string | undefined): Pick<Candidate, "identity"> {
  return identity === undefined ? {} : { identity };
}

function isGuarded(body: Json): boolean {
  const lifecycle = isObject(body) ? body["lifecycle"] : undefined;
  return isObject(lifecycle) && lifecycle["prevent_destroy"] === true;
}

function isCreateOnly(body: Json): boolean {
  return isObject(body) && body["lifecycle_scope"] === "CREATE_ONLY";
}

/** One thing that goes at one address and comes at another, of the same owner and region, is replaced: there cannot be two of it. */
function pairReplacements(candidates: readonly Candidate[]): readonly Change[] {
  // What has no name of its own is the same thing under the same address in another stack.
  const key = ({ stack, tenant, identity, address }: Candidate): string =>
    `${regionOf(stack)}/${tenant ?? ""}/${identity ?? address}`;
  const removed = new Map<string, Candidate>();
  for (const candidate of candidates) {
    if (candidate.action === "removed" && candidate.type !== undefined) {
      removed.set(key(candidate), candidate);
    }
  }
  const paired = new Set<Candidate>();
  const changes = candidates.map((candidate): Candidate => {
    const twin = candidate.action === "added" && candidate.type !== undefined ? removed.get(key(candidate)) : undefined;
    if (twin === undefined || paired.has(twin)) {
      return candidate;
    }
    paired.add(twin);
    const place =
      twin.stack === candidate.stack
        ? twin.address
        : twin.address === candidate.address
          ? `the one in ${twin.stack}`
          : `${twin.address} in ${twin.stack}`;
    return {
      ...candidate,
      action: "replaced",
      replaces: place,
      ...(twin.isStateful === undefined ? {} : { isStateful: true }),
      ...(twin.isCreateOnly === undefined ? {} : { isCreateOnly: true }),
    };
  });
  return changes
    .filter((_, index) => !paired.has(candidates[index] as Candidate))
    .map(({ identity: _identity, ...change }) => change);
}

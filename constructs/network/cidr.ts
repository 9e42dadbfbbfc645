/** An IPv4 block as numbers: its first address and how many bits its prefix has. */
interface Block {
  readonly first: number;
  readonly prefix: number;
}

/**
 * Upper half of a block.
 *
 * @example upperHalf("10.0.128.0/20") === "10.0.136.0/21"
 * @throws Error if `cidr` is no IPv4 block, or a single address
 */
export function upperHalf(cidr: string): string {
  const { first, prefix } = parse(cidr);
  if (prefix === 32) {
    throw new Error(`${cidr}: a single address has no halves`);
  }
  return `${format(first + size(prefix + 1))}/${prefix + 1}`;
}

/** What keeps `cidrs` from being disjoint parts of `parent`; empty if nothing does. */
export function conflicts(parent: string, cidrs: readonly string[]): string[] {
  const outside = cidrs.filter((cidr) => !contains(parent, cidr)).map((cidr) => `${cidr} is not part of ${parent}`);
  const overlapping = cidrs.flatMap((cidr, index) =>
    cidrs
      .slice(index + 1)
      .filter((other) => contains(cidr, other) || contains(other, cidr))
      .map((other) => `${cidr} and ${other} overlap`),
  );
  return [...outside, ...overlapping];
}

function contains(outer: string, inner: string): boolean {
  const [a, b] = [parse(outer), parse(inner)];
  return b.prefix >= a.prefix && b.first >= a.first && b.first < a.first + size(a.prefix);
}

function parse(cidr: string): Block {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
  const [a = 256, b = 256, c = 256, d = 256, prefix = 33] = match?.slice(1).map(Number) ?? [];
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  if ([a, b, c, d].some((byte) => byte > 255) || prefix > 32 || first % size(prefix) !== 0) {
    throw new Error(`${cidr}: no IPv4 block such as 10.0.0.0/16`);
  }
  return { first, prefix };
}

function size(prefix: number): number {
  return 2 ** (32 - prefix);
}

function format(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

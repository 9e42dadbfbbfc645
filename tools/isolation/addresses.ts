import { isIPv4, isIPv6 } from "node:net";

/** IPv4 addresses from `first` to `last`, both included, as numbers. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** Every IPv4 address. */
export const ALL_ADDRESSES: AddressRange = { first: 0, last: 2 ** 32 - 1 };

/** Addresses of a block without its exceptions. */
export interface AddressBlock {
  readonly within: AddressRange;
  readonly except: readonly AddressRange[];
}

/**
 * Range of an IPv4 CIDR, host bits ignored as the API server ignores them.
 *
 * @returns "IPv6" for a CIDR that no IPv4 address is in, undefined for what is no CIDR at all
 */
export function parseCidr(text: string): AddressRange | "IPv6" | undefined {
  const [address = "", prefix = "", ...rest] = text.split("/");
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix)) {
    return undefined;
  }
  if (isIPv6(address)) {
    return Number(prefix) <= 128 ? "IPv6" : undefined;
  }
  if (!isIPv4(address) || Number(prefix) > 32) {
    return undefined;
  }
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(addressNumber(address) / size) * size;
  return { first, last: first + size - 1 };
}

/** The range of one IPv4 address, or undefined for anything else. */
export function parseAddress(text: string): AddressRange | undefined {
  if (!isIPv4(text)) {
    return undefined;
  }
  const address = addressNumber(text);
  return { first: address, last: address };
}

/** `10.0.0.0-10.0.0.255`. */
export function addressRangeText({ first, last }: AddressRange): string {
  return `${addressText(first)}-${addressText(last)}`;
}

export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** Whether some address of the range is in the block. */
export function touches({ within, except }: AddressBlock, range: AddressRange): boolean {
  let first = Math.max(within.first, range.first);
  const last = Math.min(within.last, range.last);
  for (const hole of [...except].sort((left, right) => left.first - right.first)) {
    if (hole.first > first) {
      break;
    }
    first = Math.max(first, hole.last + 1);
  }
  return first <= last;
}

/** Cuts the IPv4 space at both ends of each range, so that each piece lies wholly inside or outside each of them. */
export function partition(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const starts = new Set([ALL_ADDRESSES.first]);
  for (const { first, last } of ranges) {
    starts.add(first);
    starts.add(last + 1);
  }
  starts.delete(ALL_ADDRESSES.last + 1);
  const sorted = [...starts].sort((left, right) => left - right);
  return sorted.map((first, index) => ({ first, last: (sorted[index + 1] ?? ALL_ADDRESSES.last + 1) - 1 }));
}

function addressNumber(text: string): number {
  return text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function addressText(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}

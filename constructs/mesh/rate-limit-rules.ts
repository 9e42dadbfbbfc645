import { RATE_CLASSES } from "../../config";
import { RATE_LIMIT } from "./names";

/** Keys of a request's descriptor, in the order in which the gateway's filter sends them. */
export const DESCRIPTOR_KEYS = {
  /** Rate class: the route's name. */
  tier: "tier",
  /** Path of the VirtualService that the route came from. */
  tenant: "tenant",
} as const;

interface Descriptor {
  readonly key: string;
  readonly value?: string;
  readonly rate_limit?: { readonly unit: "minute"; readonly requests_per_unit: number };
  readonly descriptors?: readonly Descriptor[];
}

/** The largest of all classes. */
export const LARGEST_REQUESTS_PER_MINUTE = Math.max(
  ...Object.values(RATE_CLASSES).map((rateClass) => rateClass.requestsPerMinute),
);

/**
 * The service's configuration (envoyproxy/ratelimit). A tenant has no value in it, so each gets a counter of its own from
 * its class's one rule, and no file changes with a tenant. A route without a class, such as one of Flagger's, is held to
 * the largest class.
 */
export function rateLimitRules(): { readonly domain: string; readonly descriptors: readonly Descriptor[] } {
  const classes = Object.entries(RATE_CLASSES).map(([name, rateClass]) => ({
    key: DESCRIPTOR_KEYS.tier,
    value: name,
    descriptors: [perTenant(rateClass.requestsPerMinute)],
  }));
  return {
    domain: RATE_LIMIT.domain,
    descriptors: [...classes, { key: DESCRIPTOR_KEYS.tier, descriptors: [perTenant(LARGEST_REQUESTS_PER_MINUTE)] }],
  };
}

/** The service counts only at the depth of the whole descriptor, so the limit stands below the tenant's key. */
function perTenant(requestsPerMinute: number): Descriptor {
  return {
    key: DESCRIPTOR_KEYS.tenant,
    rate_limit: { unit: "minute", requests_per_unit: requestsPerMinute },
  };
}

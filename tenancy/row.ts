import { z } from "zod";

import { ENVIRONMENTS, RATE_CLASSES, type RateClassName, TENANT_SERVICES, TIER_NAMES } from "../config";
import { MAX_ID_LENGTH, MIN_ID_LENGTH } from "./names";

/**
 * Where a tenant stands in its life: active → suspended → offboarding → purged. Suspended: no pods, the route answers
 * 503. Offboarding: workloads and identity gone, data kept until `retainUntil`. Purged: a tombstone, after which the row
 * may vanish.
 */
export const TENANT_STATES = ["active", "suspended", "offboarding", "purged"] as const;
export type TenantState = (typeof TENANT_STATES)[number];

const REGIONS = [
  ...new Set(Object.values(ENVIRONMENTS).flatMap(({ region, secondary }) => [region, secondary.region])),
];
const RATE_CLASS_NAMES = Object.keys(RATE_CLASSES) as [RateClassName, ...RateClassName[]];
const SERVICE_NAMES = TENANT_SERVICES.map(({ name }) => name);

/*
 * Each schema's `error` says what is allowed, for every way in which a value can fail it; `problems.ts` puts what was
 * received before it.
 */
const text = (allowed: string) => z.string({ error: allowed });
const whole = (from: number, to: number) => {
  const error = `a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
};
const object = { error: "an object" };
const imageTag = () => {
  const error = "an image tag: letters, digits, _ . -, at most 128";
  return text(error).regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, { error });
};
const amount = () => {
  const error = "a number above 0";
  return z.number({ error }).positive({ error });
};

const ID = `a DNS label of ${MIN_ID_LENGTH} to ${MAX_ID_LENGTH} characters: a-z, 0-9 and - inside`;
const NAME = "1 to 100 characters";
const DATE = "a date like 2027-03-31";

/** The largest number that a row may name at all; what a tier may have is far below. */
const MOST = 10_000;

const quotaOverride = z.strictObject(
  {
    requestsCpu: amount().optional().describe("Guaranteed CPU, in cores."),
    requestsMemoryGi: amount().optional().describe("Guaranteed memory, in GiB."),
    limitsCpu: amount().optional().describe("Burst CPU, in cores."),
    limitsMemoryGi: amount().optional().describe("Burst memory, in GiB."),
    pods: whole(1, MOST).optional().describe("Pods."),
  },
  object,
);

const replicasOverride = z.strictObject(
  {
    min: whole(1, MOST).optional().describe("Replicas of each service at rest."),
    max: whole(1, MOST).optional().describe("Replicas of each service at peak."),
  },
  object,
);

const overrides = z.strictObject(
  {
    quota: quotaOverride.optional(),
    replicas: replicasOverride.optional(),
    rateClass: z.enum(RATE_CLASS_NAMES).optional().describe("A rate class of config/tiers.ts."),
    connectionLimit: whole(1, MOST).optional().describe("Connections of the tenant's database role."),
  },
  object,
);

const services = () => {
  const error = "a list of one service or more, each once";
  return z
    .array(z.enum(SERVICE_NAMES), { error })
    .min(1, { error })
    .refine((names) => new Set(names).size === names.length, { error })
    .meta({ uniqueItems: true });
};

const canary = z
  .strictObject(
    {
      release: imageTag().optional().describe("Image tag of the second release."),
      weight: whole(1, 50)
        .optional()
        .describe("Share of the requests without the header x-canary, in per cent. Default: 10."),
      services: services().optional().describe("Services that have the second release. Default: all."),
      flagger: services()
        .optional()
        .describe("Services whose new releases Flagger analyses, and promotes or takes back."),
    },
    object,
  )
  // What `rules.ts` says in words, for editors.
  .meta({
    anyOf: [{ required: ["release"] }, { required: ["flagger"] }],
    dependencies: { weight: ["release"], services: ["release"] },
  });

/** A row of tenants.json as it is written. */
export const tenantRow = z
  .strictObject(
    {
      id: text(ID)
        .min(MIN_ID_LENGTH, { error: ID })
        .max(MAX_ID_LENGTH, { error: ID })
        .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, { error: ID })
        .describe("Never changes: namespace, host, database role and IAM role are named after it."),
      name: text(NAME).min(1, { error: NAME }).max(100, { error: NAME }).describe("The customer's name."),
      tier: z.enum(TIER_NAMES).describe("Quota, replicas, rate class and nodes; see config/tiers.ts."),
      state: z.enum(TENANT_STATES).optional().describe("Default: active."),
      retainUntil: z.iso
        .date({ error: DATE })
        .optional()
        .describe("Offboarding and purged: the day until which the data is kept."),
      region: z
        .enum(REGIONS)
        .optional()
        .describe("Region that the tenant stands in and stays in. Default: the one that serves the environment."),
      shard: whole(0, MOST).optional().describe("Tenant stack. Default: a hash of the id."),
      release: imageTag().optional().describe("Image tag. Default: each service's in config/services.ts."),
      canary: canary
        .optional()
        .describe(
          "How new releases are tried, each service in one of two ways: a second release for all requests with the " +
            "header x-canary: true and a share of the others, or Flagger.",
        ),
      overrides: overrides.optional().describe("Departures from the tier, within what the tier may have."),
    },
    object,
  )
  .meta({ id: "Tenant" });

export type TenantRow = z.infer<typeof tenantRow>;

/** tenants.json as a whole. */
export const tenantsFile = z.strictObject(
  {
    $schema: text("a path").optional(),
    tenants: z.array(tenantRow, { error: "a list of tenants" }),
  },
  object,
);

import { type Environment, type Quota, type Replicas, TENANT_SERVICES, TIERS } from "../config";
import { peakDemand, QUOTA_FIGURES, QUOTA_UNITS, shortfalls } from "./capacity";
import { databaseRole, databaseSchema, hostName, iamRoleName, NAME_LIMITS, namespaceName } from "./names";
import { didYouMean } from "./nearest";
import { homeRegions } from "./regions";
import { RESERVED_WORDS, reservedFor } from "./reserved";
import type { TenantRow } from "./row";
import { resolveTenant } from "./tenant";

/** A finding about one row: the path below the row, and the message. */
export interface Finding {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Rule = (row: TenantRow, environment: Environment) => readonly Finding[];

const SERVICE_NAMES = TENANT_SERVICES.map(({ name }) => name);

/** What the schema cannot say of a row, because it depends on the tier, the environment or other systems' limits. */
const RULES: readonly Rule[] = [
  reservedId,
  nameLimits,
  shardRange,
  servedRegion,
  retention,
  replicaOrder,
  overrideLimits,
  canaryModes,
  ownPods,
];

/** All findings about one row that has passed the schema. */
export function checkRow(row: TenantRow, environment: Environment): readonly Finding[] {
  return RULES.flatMap((rule) => rule(row, environment));
}

function reservedId(row: TenantRow): readonly Finding[] {
  const owner = reservedFor(row.id);
  return owner === undefined
    ? []
    : [
        {
          path: ["id"],
          message: `"${row.id}" is reserved for ${owner}; allowed: any id but ${RESERVED_WORDS.join(", ")}`,
        },
      ];
}

function nameLimits(row: TenantRow, environment: Environment): readonly Finding[] {
  const host = hostName(row.id, environment.domain);
  const names: readonly (readonly [string, string, number])[] = [
    ["namespace", namespaceName(row.id), NAME_LIMITS.namespace],
    ["database role", databaseRole(row.id), NAME_LIMITS.postgresql],
    ["database schema", databaseSchema(row.id), NAME_LIMITS.postgresql],
    ["IAM role", iamRoleName(row.id), NAME_LIMITS.iamRole],
    ["host label", host.split(".")[0] ?? "", NAME_LIMITS.hostLabel],
    ["host", host, NAME_LIMITS.host],
  ];
  return names
    .filter(([, name, limit]) => name.length > limit)
    .map(([what, name, limit]) => ({
      path: ["id"],
      message: `${what} "${name}" has ${name.length} characters; allowed: at most ${limit}`,
    }));
}

function shardRange(row: TenantRow, environment: Environment): readonly Finding[] {
  return row.shard === undefined || row.shard < environment.tenantShards
    ? []
    : [
        {
          path: ["shard"],
          message: `shard ${row.shard} is out of range in ${environment.name}; allowed: 0 to ${environment.tenantShards - 1}`,
        },
      ];
}

function servedRegion(row: TenantRow, environment: Environment): readonly Finding[] {
  const served = homeRegions(environment);
  return row.region === undefined || served.includes(row.region)
    ? []
    : [
        {
          path: ["region"],
          message: `${environment.name} does not serve region "${row.region}"; allowed: ${served.join(", ")}`,
        },
      ];
}

function retention(row: TenantRow): readonly Finding[] {
  const state = row.state ?? "active";
  const needsDate = state === "offboarding";
  const mayHaveDate = needsDate || state === "purged";
  if (needsDate && row.retainUntil === undefined) {
    return [{ path: ["state"], message: `state "offboarding" needs retainUntil, the day until which data is kept` }];
  }
  if (!mayHaveDate && row.retainUntil !== undefined) {
    return [
      {
        path: ["retainUntil"],
        message: `retainUntil stands beside state "${state}"; allowed: only with state offboarding or purged`,
      },
    ];
  }
  return [];
}

function replicaOrder(row: TenantRow): readonly Finding[] {
  const { min, max } = row.overrides?.replicas ?? {};
  return min === undefined || max === undefined || min <= max
    ? []
    : [{ path: ["overrides", "replicas", "min"], message: `${min} is more than max, ${max}; allowed: 1 to ${max}` }];
}

function overrideLimits(row: TenantRow): readonly Finding[] {
  const limits = TIERS[row.tier].overrideLimits;
  const overrides = row.overrides;
  if (overrides === undefined) {
    return [];
  }
  const beyond = (path: readonly string[], value: number | undefined, most: number, unit: string): Finding[] =>
    value === undefined || value <= most
      ? []
      : [
          {
            path: ["overrides", ...path],
            message: `${value} ${unit} is beyond tier ${row.tier}; allowed: at most ${most}`,
          },
        ];
  const { rateClass } = overrides;
  return [
    ...QUOTA_FIGURES.flatMap((figure: keyof Quota) =>
      beyond(["quota", figure], overrides.quota?.[figure], limits.quota[figure], QUOTA_UNITS[figure]),
    ),
    ...(["min", "max"] as const).flatMap((end: keyof Replicas) =>
      beyond(["replicas", end], overrides.replicas?.[end], limits.maxReplicas, "replicas"),
    ),
    ...beyond(["connectionLimit"], overrides.connectionLimit, limits.connectionLimit, "connections"),
    ...(rateClass === undefined || limits.rateClasses.includes(rateClass)
      ? []
      : [
          {
            path: ["overrides", "rateClass"],
            message:
              `rate class "${rateClass}" is beyond tier ${row.tier}; allowed: ${limits.rateClasses.join(", ")}` +
              didYouMean(rateClass, limits.rateClasses),
          },
        ]),
  ];
}

/** Each service of a canary is tried in one way: by a second release that the row weighs, or by Flagger. */
function canaryModes({ canary }: TenantRow): readonly Finding[] {
  if (canary === undefined) {
    return [];
  }
  const { release, flagger = [] } = canary;
  if (release === undefined) {
    const alone = (["weight", "services"] as const).filter((key) => canary[key] !== undefined);
    return canary.flagger === undefined
      ? [{ path: ["canary"], message: "neither release nor flagger; allowed: one of them, or both for other services" }]
      : alone.map((key) => ({
          path: ["canary", key],
          message: `${key} stands without release; allowed: only beside the second release's image tag`,
        }));
  }
  const weighted = canary.services ?? SERVICE_NAMES;
  return flagger.flatMap((service, index) =>
    weighted.includes(service)
      ? [
          {
            path: ["canary", "flagger", index],
            message:
              `${service} has the second release and is Flagger's; allowed: one of the two` +
              (canary.services === undefined ? ', so name the others in "services"' : ""),
          },
        ]
      : [],
  );
}

/**
 * The row is blamed where it departs from its tier: at the quota's figure, else the replicas, else the canary, whose pods
 * are known once each service has one way.
 */
function ownPods(row: TenantRow, environment: Environment): readonly Finding[] {
  if (canaryModes(row).length > 0) {
    return [];
  }
  const tenant = resolveTenant(row, environment);
  const demand = peakDemand(tenant);
  return shortfalls(tenant).map((figure) => {
    const path =
      row.overrides?.quota?.[figure] !== undefined
        ? ["overrides", "quota", figure]
        : row.overrides?.replicas !== undefined
          ? ["overrides", "replicas"]
          : row.canary !== undefined
            ? ["canary"]
            : ["tier"];
    const unit = QUOTA_UNITS[figure];
    return {
      path,
      message:
        `quota ${figure} of ${tenant.quota[figure]} ${unit} cannot hold the tenant's own pods; ` +
        `allowed: at least ${round(demand.quota[figure])} ${unit} (${demand.explanation})`,
    };
  });
}

/** Upwards to two places, so that the figure in a message is enough; 1.12 stays 1.12 though 112.00000000000001 came of it. */
function round(value: number): number {
  return Math.ceil(Number((value * 100).toFixed(6))) / 100;
}

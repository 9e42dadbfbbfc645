import {
  type Environment,
  type Quota,
  type RateClassName,
  type Replicas,
  TENANT_SERVICES,
  type Tier,
  TIERS,
} from "../config";
import { shardOf } from "./placement";
import type { TenantRow, TenantState } from "./row";

/** A second release that takes part of a tenant's requests. */
export interface Canary {
  /** Image tag. */
  readonly release: string;
  /** Share of the requests without the header `x-canary`, in per cent. */
  readonly weight: number;
  /** Names of the services that have it. */
  readonly services: readonly string[];
}

/** Share of the requests that a canary gets by default, in per cent (brief: 90/10). */
const DEFAULT_CANARY_WEIGHT = 10;

/** A tenant with its tier's figures and its overrides applied: what the constructs build from. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly tier: Tier;
  readonly state: TenantState;
  readonly shard: number;
  /**
   * Region that the row pins the tenant to.
   * @default - it stands in each of the environment's regions, and runs in the one that serves
   */
  readonly region?: string;
  readonly quota: Quota;
  readonly replicas: Replicas;
  readonly rateClass: RateClassName;
  readonly connectionLimit: number;
  /** Image tag by service name. */
  readonly releases: Readonly<Record<string, string>>;
  /** @default - no service has a second release */
  readonly canary?: Canary;
  /** Names of the services whose releases Flagger rolls out; none of them has a second release. */
  readonly flagger: readonly string[];
  readonly retainUntil?: string;
}

/** Applies tier, overrides and placement to a row. The row has passed every check of `rules.ts`, or is about to. */
export function resolveTenant(row: TenantRow, environment: Environment): Tenant {
  const tier = TIERS[row.tier];
  const overrides = row.overrides ?? {};
  return {
    id: row.id,
    name: row.name,
    tier,
    state: row.state ?? "active",
    shard: row.shard ?? shardOf(row.id, environment.tenantShards),
    ...(row.region ? { region: row.region } : {}),
    quota: { ...tier.quota, ...defined(overrides.quota ?? {}) },
    replicas: resolveReplicas(tier.replicas, overrides.replicas ?? {}),
    rateClass: overrides.rateClass ?? tier.rateClass,
    connectionLimit: overrides.connectionLimit ?? tier.connectionLimit,
    releases: Object.fromEntries(TENANT_SERVICES.map(({ name, release }) => [name, row.release ?? release])),
    ...resolveCanary(row.canary ?? {}),
    flagger: row.canary?.flagger ?? [],
    ...(row.retainUntil ? { retainUntil: row.retainUntil } : {}),
  };
}

function resolveCanary({ release, weight, services }: NonNullable<TenantRow["canary"]>): { readonly canary?: Canary } {
  return release === undefined
    ? {}
    : {
        canary: {
          release,
          weight: weight ?? DEFAULT_CANARY_WEIGHT,
          services: services ?? TENANT_SERVICES.map(({ name }) => name),
        },
      };
}

/** An override of one end moves the other along, where it would else lie on the wrong side. */
function resolveReplicas(tier: Replicas, override: { min?: number | undefined; max?: number | undefined }): Replicas {
  const min = override.min ?? Math.min(tier.min, override.max ?? tier.min);
  return { min, max: override.max ?? Math.max(tier.max, min) };
}

type Defined<T> = { [key in keyof T]?: Exclude<T[key], undefined> };

function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

import type { Environment, SavingsSettings } from "../../config";
import type { Tenant } from "../../tenancy";
import { demandAt, type Fleet, measureFleet } from "../limits/fleet";
import type { Resources } from "../limits/node-capacity";
import { type CostLine, costLines, MONITORING_DEFAULTS, monitoringOf } from "./lines";
import { PROPOSED, type Saving, savings } from "./savings";
import { daytimeDemand, usageOf } from "./usage";

/** The estimate before every saving, and the savings on it. */
export interface Estimate {
  readonly environment: Environment;
  /** On demand, with the day's nodes at all hours, suspended tenants' pods running and monitoring as its charts come. */
  readonly lines: readonly CostLine[];
  /** The fleet that they pay for. */
  readonly fleet: Fleet;
  readonly savings: readonly Saving[];
}

/**
 * The estimate for a fleet.
 *
 * @throws InputError if the region, an instance type or the instance class has no price
 */
export function estimate(environment: Environment, tenants: readonly Tenant[]): Estimate {
  const day = measureFleet(environment, tenants, daytimeDemand);
  const awake = measureFleet(environment, tenants, awakeDemand);
  const usage = usageOf(day, tenants);
  const gross = costLines(environment, awake, usageOf(awake, tenants), MONITORING_DEFAULTS);

  const monitoring = monitoringOf(environment);
  const { sampleSeconds, retentionDays, logDays } = monitoring;
  const monitored = (settings: Partial<typeof monitoring>): readonly CostLine[] =>
    costLines(environment, day, usage, { ...MONITORING_DEFAULTS, ...settings });
  const under = (changed: Environment, demandOf?: typeof daytimeDemand): readonly CostLine[] =>
    costLines(changed, measureFleet(changed, tenants, demandOf), usage, monitoring);
  const spotShare = environment.savings.spotShare || PROPOSED.spotShare;

  return {
    environment,
    lines: gross,
    fleet: awake,
    savings: savings(environment, tenants, {
      gross,
      suspended: monitored({}),
      metrics: monitored({ sampleSeconds, retentionDays }),
      logs: monitored({ sampleSeconds, retentionDays, logDays }),
      traces: monitored(monitoring),
      atRest: under(environment),
      outside: under(withFloor(environment)),
      evenly: under(withSavings(environment, { spotShare, spotFirst: false }), daytimeDemand),
      spotFirst: under(withSavings(environment, { spotShare, spotFirst: true }), daytimeDemand),
    }),
  };
}

/** What pods would request if those of suspended tenants ran. */
function awakeDemand(tenant: Tenant): Resources {
  return tenant.state === "suspended"
    ? demandAt({ ...tenant, state: "active" }, tenant.replicas.min)
    : daytimeDemand(tenant);
}

function withSavings(environment: Environment, changed: Partial<SavingsSettings>): Environment {
  return { ...environment, savings: { ...environment.savings, ...changed } };
}

/** The environment outside of its working hours, or of those proposed. */
function withFloor(environment: Environment): Environment {
  const { nodeGroups } = environment.cluster;
  const min = (environment.savings.workingHours ?? PROPOSED.workingHours).minOutside;
  return {
    ...environment,
    cluster: { ...environment.cluster, nodeGroups: { ...nodeGroups, standard: { ...nodeGroups.standard, min } } },
  };
}

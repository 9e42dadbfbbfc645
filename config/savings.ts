import type { Environment, NodeGroupPlan } from "./platform";
import { COMMITMENTS, type CommitmentTerm } from "./prices";
import type { TierName } from "./tiers";

/** Hours outside of which fewer standard nodes are held. Saturdays and Sundays are outside as a whole. */
export interface WorkingHours {
  /** IANA name of the time zone, like `Asia/Tokyo`. */
  readonly timeZone: string;
  /** Time of day at which the floor rises, like `08:00`. */
  readonly from: string;
  /** Time of day at which it falls, later than `from`. */
  readonly until: string;
  /** On-demand standard nodes that are held outside, fewer than the pool's `min`. Pods that need more keep more. */
  readonly minOutside: number;
}

/** What an environment gives up for a smaller bill. `npx taskflow cost` prints what each setting saves and risks. */
export interface SavingsSettings {
  /** Share of the standard pool's largest size that may be spot, 0 to 1; at 0 there is no spot group. */
  readonly spotShare: number;
  /**
   * Whether spot nodes are added as long as there are any, and on-demand ones when there are none. Otherwise both groups
   * are kept at the same number of nodes until one is full.
   */
  readonly spotFirst: boolean;
  /** @default - the standard pool holds its `min` at all hours */
  readonly workingHours?: WorkingHours;
  /** Share of the on-demand nodes at rest that a Compute Savings Plan is bought for, 0 to 1. Enters the estimate alone. */
  readonly computeCommitment: number;
  /** Whether a reservation is bought for the database instance. Enters the estimate alone. */
  readonly databaseReserved: boolean;
  /** Term of both commitments. */
  readonly commitmentTerm: CommitmentTerm;
  /**
   * Days that Prometheus keeps metrics, 3 at least: the slowest burn-rate window reads three. Seven let a day be compared
   * with the same day of the week before; the chart's default is 10, the brief asks for less on account of cost.
   */
  readonly metricRetentionDays: number;
  /**
   * Per cent of each tier's ordinary traces that are kept; failed and slow ones always are. The smallest of them also holds
   * for the platform's own traces.
   */
  readonly tracesKeptPercent: Readonly<Record<TierName, number>>;
}

/** The cluster's node groups by name. */
export interface NodeGroupPlans {
  readonly system: NodeGroupPlan;
  readonly enterprise: NodeGroupPlan;
  readonly standardOnDemand: NodeGroupPlan;
  /** @default - the standard pool has no spot nodes */
  readonly standardSpot?: NodeGroupPlan;
}

/** Days that a CloudWatch log group can keep its events (CloudWatch Logs API, PutRetentionPolicy, 2026-11). */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288, 3_653,
];

const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * The node groups that an environment has: a managed group has one capacity type, so that the standard pool is two. What is
 * always held is on demand, for spot may be taken away all at once.
 */
export function nodeGroupPlans({ cluster, savings }: Environment): NodeGroupPlans {
  const { system, enterprise, standard } = cluster.nodeGroups;
  const spot = {
    min: 0,
    max: Math.round(standard.max * savings.spotShare),
    desired: Math.min(Math.round(standard.desired * savings.spotShare), standard.desired - standard.min),
    instanceTypes: standard.spotInstanceTypes,
  };
  return {
    system,
    enterprise,
    standardOnDemand: {
      desired: standard.desired - spot.desired,
      min: standard.min,
      max: standard.max - spot.max,
      instanceTypes: standard.instanceTypes,
    },
    ...(spot.max === 0 ? {} : { standardSpot: spot }),
  };
}

/** Part of a week that lies outside of the working hours. */
export function shareOutside({ from, until }: Pick<WorkingHours, "from" | "until">): number {
  return 1 - (5 * (hourOf(until) - hourOf(from))) / (7 * 24);
}

/** What is wrong with an environment's savings and retentions: place, value and what is allowed, a line each. */
export function savingsProblems(environment: Environment): readonly string[] {
  const { savings, cluster, logRetentionDays } = environment;
  const { standard } = cluster.nodeGroups;
  const { spotShare, computeCommitment, commitmentTerm, metricRetentionDays, workingHours } = savings;
  const spotNodes = Math.round(standard.max * spotShare);
  const rules: readonly (readonly [boolean, string, unknown, string])[] = [
    [isBetween(spotShare, 0, 1), "savings.spotShare", spotShare, "0 to 1"],
    [
      !isBetween(spotShare, 0, 1) || standard.max - spotNodes >= standard.min,
      "savings.spotShare",
      spotShare,
      `what leaves the standard pool's min of ${standard.min} nodes of its max of ${standard.max} on demand`,
    ],
    [isBetween(computeCommitment, 0, 1), "savings.computeCommitment", computeCommitment, "0 to 1"],
    [
      Object.hasOwn(COMMITMENTS, commitmentTerm),
      "savings.commitmentTerm",
      commitmentTerm,
      `${Object.keys(COMMITMENTS).join(", ")}: config/prices.ts has no source for another`,
    ],
    [
      Number.isInteger(metricRetentionDays) && metricRetentionDays >= 3,
      "savings.metricRetentionDays",
      metricRetentionDays,
      "whole days from 3 on",
    ],
    ...Object.entries(savings.tracesKeptPercent).map(
      ([tier, percent]) =>
        [isBetween(percent, 0, 100), `savings.tracesKeptPercent.${tier}`, percent, "0 to 100"] as const,
    ),
    [
      LOG_RETENTION_DAYS.includes(logRetentionDays),
      "logRetentionDays",
      logRetentionDays,
      LOG_RETENTION_DAYS.join(", "),
    ],
    ...(workingHours ? workingHoursRules(workingHours, standard.min) : []),
  ];
  return rules
    .filter(([holds]) => !holds)
    .map(([, path, value, allowed]) => `${environment.name}: ${path} is ${JSON.stringify(value)}; allowed: ${allowed}`);
}

function workingHoursRules({ timeZone, from, until, minOutside }: WorkingHours, min: number) {
  const place = "savings.workingHours";
  const times = [
    [TIME_OF_DAY.test(from), `${place}.from`, from, "00:00 to 23:59"],
    [TIME_OF_DAY.test(until), `${place}.until`, until, "00:00 to 23:59"],
  ] as const;
  return [
    [
      Intl.supportedValuesOf("timeZone").includes(timeZone),
      `${place}.timeZone`,
      timeZone,
      "an IANA name such as Asia/Tokyo",
    ],
    ...times,
    [
      times.some(([isTime]) => !isTime) || from < until,
      `${place}.until`,
      until,
      `a time later than ${from}, on the same day`,
    ],
    [
      Number.isInteger(minOutside) && minOutside >= 0 && minOutside < min,
      `${place}.minOutside`,
      minOutside,
      `0 to ${min - 1}, below the standard pool's min`,
    ],
  ] as const;
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

function hourOf(time: string): number {
  const [hours = NaN, minutes = NaN] = time.split(":").map(Number);
  return hours + minutes / 60;
}

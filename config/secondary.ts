import type { ClusterPlan, DatabasePlan, Environment, NetworkPlan } from "./platform";

/**
 * What a secondary region does. `off`: it does not exist. `standby`: everything stands, the database is a read replica, and
 * tenants have no pods. `serving`: the database is promoted, tenants run there, and the primary region is fenced.
 */
export type SecondaryRole = "off" | "standby" | "serving";

/** A second region of an environment, built from the same constructs. */
export interface SecondaryPlan {
  readonly role: SecondaryRole;
  readonly region: string;
  /** Overlaps with no block of the primary's, since the two are peered. */
  readonly network: NetworkPlan;
  /** Its name differs from the primary's: the mesh tells clusters apart by it. */
  readonly cluster: ClusterPlan;
  /** Class and size of the replica, no smaller than the primary's: it becomes the database. */
  readonly database: DatabasePlan;
  /**
   * A database of the region's own, for tenants whose row names the region.
   * @default - none, and no row may name it
   */
  readonly ownDatabase?: DatabasePlan;
}

/** An environment that is the secondary region of another. */
export type SecondaryEnvironment = Environment & { readonly primary: Environment };

/** What ends names in the secondary region that are one for all regions: IAM roles, S3 buckets. */
export const GLOBAL_NAME_SUFFIX = "-dr";

/**
 * The secondary region as an environment of its own, for the stacks that stand there; undefined where there is none. Its
 * Terraform states are in a bucket there: they must be at hand when the primary region is not.
 */
export function secondaryEnvironment(primary: Environment): SecondaryEnvironment | undefined {
  const { role, region, network, cluster, database } = primary.secondary;
  const stateBucket = `${primary.stateBucket}${GLOBAL_NAME_SUFFIX}`;
  return role === "off" ? undefined : { ...primary, region, stateBucket, network, cluster, database, primary };
}

/** The other region's environment, seen from either; undefined where there is no second. */
export function peerEnvironment(environment: Environment): Environment | undefined {
  return environment.primary ?? secondaryEnvironment(environment);
}

/** Whether an environment's region serves the tenants that no row pins. */
export function serves({ primary, secondary }: Environment): boolean {
  return (secondary.role === "serving") === (primary !== undefined);
}

/** What is wrong with an environment's second region: place, value and what is allowed, a line each. */
export function secondaryProblems(environment: Environment): readonly string[] {
  const { secondary, region, cluster, database } = environment;
  const { allocatedStorageGib } = secondary.database;
  const rules: readonly (readonly [holds: boolean, path: string, value: unknown, allowed: string])[] = [
    [secondary.region !== region, "region", secondary.region, `another region than ${region}`],
    [secondary.cluster.name !== cluster.name, "cluster.name", secondary.cluster.name, `another than ${cluster.name}`],
    [
      allocatedStorageGib >= database.allocatedStorageGib,
      "database.allocatedStorageGib",
      allocatedStorageGib,
      `${database.allocatedStorageGib} or more: it holds a copy of the primary's`,
    ],
  ];
  return rules
    .filter(([holds]) => secondary.role !== "off" && !holds)
    .map(
      ([, path, value, allowed]) =>
        `${environment.name}: secondary.${path} is ${JSON.stringify(value)}; allowed: ${allowed}`,
    );
}

/** Virginia: a public and a private /20 and a database /24 in each of three zones, beside Tokyo's 10.0.0.0/16. */
export const VIRGINIA_NETWORK: NetworkPlan = {
  cidr: "10.1.0.0/16",
  publicSubnets: [
    { availabilityZone: "us-east-1a", cidr: "10.1.0.0/20" },
    { availabilityZone: "us-east-1b", cidr: "10.1.16.0/20" },
    { availabilityZone: "us-east-1c", cidr: "10.1.32.0/20" },
  ],
  privateSubnets: [
    { availabilityZone: "us-east-1a", cidr: "10.1.128.0/20" },
    { availabilityZone: "us-east-1b", cidr: "10.1.144.0/20" },
    { availabilityZone: "us-east-1c", cidr: "10.1.160.0/20" },
  ],
  databaseSubnets: [
    { availabilityZone: "us-east-1a", cidr: "10.1.200.0/24" },
    { availabilityZone: "us-east-1b", cidr: "10.1.201.0/24" },
    { availabilityZone: "us-east-1c", cidr: "10.1.202.0/24" },
  ],
};

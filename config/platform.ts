import { InputError } from "./input-error";
import { savingsProblems, type SavingsSettings } from "./savings";
import { type SecondaryPlan, secondaryProblems, VIRGINIA_NETWORK } from "./secondary";

/** A CIDR block with the availability zone it stands in. */
export interface SubnetPlan {
  readonly availabilityZone: string;
  readonly cidr: string;
}

export interface NetworkPlan {
  readonly cidr: string;
  readonly publicSubnets: readonly SubnetPlan[];
  readonly privateSubnets: readonly SubnetPlan[];
  readonly databaseSubnets: readonly SubnetPlan[];
}

export interface NodeGroupPlan {
  /** Nodes at rest, and where the autoscaler starts. */
  readonly desired: number;
  /** @default - `desired` nodes are always kept */
  readonly min: number;
  readonly max: number;
  readonly instanceTypes: readonly string[];
}

/** The standard pool: one size, which `savings.spotShare` divides between on-demand and spot nodes. */
export interface StandardPoolPlan extends NodeGroupPlan {
  /** Several of one size, so that one type's shortage does not empty the group. */
  readonly spotInstanceTypes: readonly string[];
}

export interface ClusterPlan {
  readonly name: string;
  /** CIDR blocks that may reach the public API endpoint: offices, VPN, CI's fixed egress. Never 0.0.0.0/0. */
  readonly publicAccessCidrs: readonly string[];
  /** IAM role names (with path) whose holders administer the cluster. */
  readonly operatorRoles: readonly string[];
  readonly nodeGroups: {
    readonly system: NodeGroupPlan;
    readonly enterprise: NodeGroupPlan;
    readonly standard: StandardPoolPlan;
  };
}

export interface DatabasePlan {
  readonly instanceClass: string;
  readonly allocatedStorageGib: number;
  readonly maxAllocatedStorageGib: number;
  readonly multiAz: boolean;
  /** 14 at least. */
  readonly backupRetentionDays: number;
}

/**
 * Lock of the backup vault. `governance`: whoever may delete the lock can lift it, which CI's roles may not. `compliance`: after
 * `graceDays`, nobody can, AWS included, and the plan's days are fixed for ever.
 */
export type VaultLock = { readonly mode: "governance" } | { readonly mode: "compliance"; readonly graceDays: number };

export interface BackupPlan {
  /** Days that a daily backup stays, beyond the instance's own. */
  readonly dailyDays: number;
  /** Days that the backup of the month's first day stays. */
  readonly monthlyDays: number;
  readonly vaultLock: VaultLock;
}

export interface BudgetPlan {
  /** US dollars that the account may cost a month. */
  readonly monthlyUsd: number;
  /** E-mail addresses that hear of a forecast above it, besides the topic of tickets. */
  readonly notify: readonly string[];
}

/**
 * Keys of the tags that AWS's bill is split by. A key can be activated in the payer account alone, a day after the first
 * resource bears it; an apply before that fails (AWS Billing user guide, activating user-defined tags).
 */
export type CostAllocationPlan = { readonly tagKeys: readonly string[] } | { readonly noneBecause: string };

/** What an operator decides for one environment. Account ids are looked up at plan time, never written here. */
export interface Environment {
  readonly name: EnvironmentName;
  readonly region: string;
  /** Tenants answer on `<tenant>.<domain>`. */
  readonly domain: string;
  /** S3 bucket of all Terraform states. Bucket names are global to AWS: change it before the first deployment. */
  readonly stateBucket: string;
  /** Where CI runs from: the repository whose workflows may assume the plan and deploy roles. */
  readonly github: { readonly repository: string; readonly deployBranch: string };
  /** Number of tenant stacks. Changing it moves tenants between states: a migration, never an edit. */
  readonly tenantShards: number;
  readonly network: NetworkPlan;
  readonly cluster: ClusterPlan;
  readonly database: DatabasePlan;
  readonly backup: BackupPlan;
  /** Days that CloudWatch keeps logs; it knows only certain numbers. */
  readonly logRetentionDays: number;
  readonly savings: SavingsSettings;
  readonly budget: BudgetPlan;
  readonly costAllocation: CostAllocationPlan;
  /** The region that takes over when the first is lost. */
  readonly secondary: SecondaryPlan;
  /**
   * The environment whose secondary region this is; set by `secondaryEnvironment` alone.
   * @default - it is the primary region itself
   */
  readonly primary?: Environment;
}

export type EnvironmentName = "production" | "staging";

/** The brief's nine subnets: a public and a private /20 and a database /24 in each of Tokyo's three zones. */
const TOKYO_NETWORK: NetworkPlan = {
  cidr: "10.0.0.0/16",
  publicSubnets: [
    { availabilityZone: "ap-northeast-1a", cidr: "10.0.0.0/20" },
    { availabilityZone: "ap-northeast-1c", cidr: "10.0.16.0/20" },
    { availabilityZone: "ap-northeast-1d", cidr: "10.0.32.0/20" },
  ],
  privateSubnets: [
    { availabilityZone: "ap-northeast-1a", cidr: "10.0.128.0/20" },
    { availabilityZone: "ap-northeast-1c", cidr: "10.0.144.0/20" },
    { availabilityZone: "ap-northeast-1d", cidr: "10.0.160.0/20" },
  ],
  databaseSubnets: [
    { availabilityZone: "ap-northeast-1a", cidr: "10.0.200.0/24" },
    { availabilityZone: "ap-northeast-1c", cidr: "10.0.201.0/24" },
    { availabilityZone: "ap-northeast-1d", cidr: "10.0.202.0/24" },
  ],
};

const SPOT_LARGE_TYPES = ["m6i.large", "m6a.large", "m5.large", "m5a.large", "m7i.large"];

const PRODUCTION_CLUSTER: ClusterPlan = {
  name: "taskflow-eks",
  publicAccessCidrs: ["203.0.113.0/24"],
  operatorRoles: ["taskflow-operator"],
  nodeGroups: {
    system: { desired: 2, min: 2, max: 4, instanceTypes: ["m6i.large"] },
    enterprise: { desired: 5, min: 3, max: 30, instanceTypes: ["m6i.xlarge"] },
    // 84 nodes hold 500 tenants of the usual mix (`npx taskflow limits`); the rest is for their autoscalers.
    standard: {
      desired: 10,
      min: 3,
      max: 120,
      instanceTypes: ["m6i.large"],
      spotInstanceTypes: SPOT_LARGE_TYPES,
    },
  },
};

const PRODUCTION_DATABASE: DatabasePlan = {
  // The brief's db.r6g.large holds at most some 1,700 connections and has no memory for them; see
  // `max_connections` in the RDS user guide (DBInstanceClassMemory / 9531392).
  instanceClass: "db.r6g.xlarge",
  allocatedStorageGib: 3_000,
  maxAllocatedStorageGib: 6_000,
  multiAz: true,
  backupRetentionDays: 14,
};

const PRODUCTION: Environment = {
  name: "production",
  region: "ap-northeast-1",
  domain: "taskflow.example.com",
  stateBucket: "taskflow-production-terraform-state",
  github: { repository: "taskflow/platform", deployBranch: "main" },
  tenantShards: 20,
  network: TOKYO_NETWORK,
  cluster: PRODUCTION_CLUSTER,
  database: PRODUCTION_DATABASE,
  backup: { dailyDays: 35, monthlyDays: 365, vaultLock: { mode: "governance" } },
  logRetentionDays: 90,
  savings: {
    // The brief: half of the standard nodes.
    spotShare: 0.5,
    spotFirst: false,
    computeCommitment: 0,
    databaseReserved: false,
    commitmentTerm: "one-year",
    metricRetentionDays: 7,
    // Most where a tenant alone pages a person, fewest where there are many tenants.
    tracesKeptPercent: { starter: 1, standard: 2, enterprise: 10 },
  },
  budget: {
    // `npx taskflow cost`: some $3,400 for a dozen tenants, $12,300 for 500 of the usual mix. To be raised with the fleet.
    monthlyUsd: 5_000,
    notify: ["finance@taskflow.example.com"],
  },
  costAllocation: {
    noneBecause:
      "no resource bears the tags yet: from the day after the first deployment on, project, environment and stack",
  },
  secondary: {
    role: "off",
    region: "us-east-1",
    network: VIRGINIA_NETWORK,
    cluster: {
      ...PRODUCTION_CLUSTER,
      name: "taskflow-eks-dr",
      // As few nodes as the platform itself runs on; the autoscaler adds the tenants' once they are served from here.
      nodeGroups: {
        ...PRODUCTION_CLUSTER.nodeGroups,
        enterprise: { ...PRODUCTION_CLUSTER.nodeGroups.enterprise, desired: 1, min: 0 },
        standard: { ...PRODUCTION_CLUSTER.nodeGroups.standard, desired: 3 },
      },
    },
    database: PRODUCTION_DATABASE,
  },
};

const STAGING_CLUSTER: ClusterPlan = {
  ...PRODUCTION_CLUSTER,
  nodeGroups: {
    system: { desired: 2, min: 2, max: 3, instanceTypes: ["m6i.large"] },
    enterprise: { desired: 1, min: 1, max: 3, instanceTypes: ["m6i.xlarge"] },
    standard: { ...PRODUCTION_CLUSTER.nodeGroups.standard, desired: 2, min: 1, max: 6 },
  },
};

const STAGING_DATABASE: DatabasePlan = {
  instanceClass: "db.r6g.large",
  allocatedStorageGib: 100,
  maxAllocatedStorageGib: 500,
  multiAz: true,
  backupRetentionDays: 14,
};

const STAGING: Environment = {
  ...PRODUCTION,
  name: "staging",
  domain: "staging.taskflow.example.com",
  stateBucket: "taskflow-staging-terraform-state",
  tenantShards: 2,
  cluster: STAGING_CLUSTER,
  database: STAGING_DATABASE,
  backup: { dailyDays: 7, monthlyDays: 31, vaultLock: { mode: "governance" } },
  logRetentionDays: 30,
  budget: { monthlyUsd: 2_000, notify: [] },
  secondary: {
    ...PRODUCTION.secondary,
    role: "off",
    cluster: { ...STAGING_CLUSTER, name: "taskflow-eks-dr" },
    database: STAGING_DATABASE,
  },
};

/** Environments by name; each is an AWS account of its own, so that names need no environment in them. */
export const ENVIRONMENTS: { readonly [name in EnvironmentName]: Environment } = {
  production: PRODUCTION,
  staging: STAGING,
};

/**
 * The environment that `TASKFLOW_ENV` names.
 *
 * @param name - @default "production"
 * @throws InputError if no such environment exists; the message lists those that do
 * @throws InputError with every setting of it that cannot be, a line each
 */
export function loadEnvironment(name: string = "production"): Environment {
  if (!Object.hasOwn(ENVIRONMENTS, name)) {
    throw new InputError(
      `TASKFLOW_ENV: unknown environment ${JSON.stringify(name)}; allowed: ${Object.keys(ENVIRONMENTS).join(", ")}`,
    );
  }
  return checkedEnvironment(ENVIRONMENTS[name as EnvironmentName]);
}

/**
 * The environment itself, once its settings hold.
 *
 * @throws InputError with every setting that cannot be, a line each
 */
export function checkedEnvironment(environment: Environment): Environment {
  const problems = [...savingsProblems(environment), ...secondaryProblems(environment)];
  if (problems.length > 0) {
    throw new InputError(problems.map((problem) => `config/platform.ts, ${problem}`).join("\n"));
  }
  return environment;
}

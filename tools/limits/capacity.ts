import type { Environment } from "../../config";
import type { Fleet } from "./fleet";
import { DAEMON_SETS, RESOURCE_FIGURES, type Resources } from "./node-capacity";
import { type Pool, POOLS } from "./platform-share";

/** A ceiling that follows from what the environment buys, and how much of it a fleet uses. */
export interface Capacity {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  /** Key of config/platform.ts that raises it. */
  readonly setting: string;
  readonly value: (fleet: Fleet) => number;
  readonly use: (fleet: Fleet) => number;
}

const FIGURES: Readonly<
  Record<keyof Resources, { readonly name: string; readonly unit: string; readonly per: number }>
> = {
  pods: { name: "pods", unit: "pods", per: 1 },
  cpuMilli: { name: "CPU requests", unit: "cores", per: 1_000 },
  memoryMi: { name: "memory requests", unit: "GiB", per: 1_024 },
};

const SETTINGS: Readonly<Record<Pool, string>> = {
  system: "cluster.nodeGroups.system.max",
  enterprise: "cluster.nodeGroups.enterprise.max",
  standard: "cluster.nodeGroups.standard.max",
};

/** AWS keeps five addresses of every subnet (VPC user guide, subnet sizing). */
const RESERVED_ADDRESSES = 5;

/** Addresses come to nodes by the /28 (constructs/cluster/add-on-settings.ts), with one more kept warm. */
const PREFIX_ADDRESSES = 16;
const WARM_PREFIXES = 1;

/** Addresses of a node itself: its two interfaces. */
const NODE_ADDRESSES = 2;

/** Addresses of the private subnets that no pod gets: seven interface endpoints in each of three zones, the load balancer. */
const PLATFORM_ADDRESSES = 30;

/** Pools' nodes and what fits on them, addresses, and the database's connections and storage. */
export function capacities(environment: Environment): readonly Capacity[] {
  return [
    ...POOLS.flatMap((pool) => poolCapacities(pool)),
    {
      id: "private-addresses",
      name: "Addresses of the private subnets",
      unit: "addresses",
      setting: "network.privateSubnets",
      value: () => subnetAddresses(environment),
      use: (fleet) => PLATFORM_ADDRESSES + fleet.pools.reduce((sum, pool) => sum + addresses(pool), 0),
    },
    {
      id: "database-connections",
      name: "Database connections through the proxy",
      unit: "backends",
      setting: "database.instanceClass",
      value: ({ connections }) => connections.backends,
      use: ({ connections }) => connections.expectedPeak,
    },
    {
      id: "database-data",
      name: "Database storage, as far as it grows by itself",
      unit: "GiB",
      setting: "database.maxAllocatedStorageGib",
      value: () => environment.database.maxAllocatedStorageGib,
      use: ({ dataGib }) => dataGib,
    },
  ];
}

function poolCapacities(pool: Pool): readonly Capacity[] {
  const setting = SETTINGS[pool];
  return [
    {
      id: `${pool}-nodes`,
      name: `Pool ${pool}: nodes`,
      unit: "nodes",
      setting,
      value: (fleet) => poolOf(fleet, pool).maxNodes,
      use: (fleet) => poolOf(fleet, pool).nodes,
    },
    ...RESOURCE_FIGURES.map((figure): Capacity => ({
      id: `${pool}-${figure}`,
      name: `Pool ${pool}: ${FIGURES[figure].name}`,
      unit: FIGURES[figure].unit,
      setting,
      value: (fleet) => (poolOf(fleet, pool).maxNodes * poolOf(fleet, pool).node[figure]) / FIGURES[figure].per,
      use: (fleet) => poolOf(fleet, pool).demand[figure] / FIGURES[figure].per,
    })),
  ];
}

function poolOf(fleet: Fleet, pool: Pool) {
  const found = fleet.pools.find((use) => use.pool === pool);
  if (found === undefined) {
    throw new Error(`the fleet has no pool ${pool}`);
  }
  return found;
}

/** Addresses that a pool's nodes hold: whole prefixes, the warm one included, as its pods fill the nodes evenly. */
function addresses({ nodes, demand }: Fleet["pools"][number]): number {
  const podsPerNode = Math.ceil(demand.pods / nodes) + DAEMON_SETS.length;
  return nodes * (NODE_ADDRESSES + PREFIX_ADDRESSES * (Math.ceil(podsPerNode / PREFIX_ADDRESSES) + WARM_PREFIXES));
}

function subnetAddresses({ network }: Environment): number {
  return network.privateSubnets.reduce((sum, { cidr }) => {
    const prefixLength = Number(cidr.split("/")[1]);
    return sum + 2 ** (32 - prefixLength) - RESERVED_ADDRESSES;
  }, 0);
}

import { HOURS_PER_MONTH, INSTANCE_PRICES } from "../../../config";

/** The node type that prices are told by. All node groups are of its family, whose larger types cost in proportion. */
const NODE = { type: "m6i.large", cores: 2, memoryGib: 8 } as const;

/**
 * US dollars an hour of a core and a GiB (OpenCost, default prices). They only say how a node's price divides between its
 * CPU and its memory.
 */
const PROPORTION = { core: 0.031611, gibibyte: 0.004237 };

const nodeHour = hourOf(NODE.type);
const scale = (nodeHour * HOURS_PER_MONTH) / (NODE.cores * PROPORTION.core + NODE.memoryGib * PROPORTION.gibibyte);
const cents = (usd: number): number => Math.round(usd * 100) / 100;

/** US dollars a month, on demand. */
export const COMPUTE_PRICES = {
  /** A core that is kept free, without the memory beside it. */
  core: cents(PROPORTION.core * scale),
  /** A GiB of memory that is kept free. */
  gibibyte: cents(PROPORTION.gibibyte * scale),
  /** A core of a node, with the memory that comes with it. */
  nodeCore: cents((nodeHour * HOURS_PER_MONTH) / NODE.cores),
} as const;

function hourOf(type: string): number {
  const price = INSTANCE_PRICES[type];
  if (price === undefined) {
    throw new Error(`config/prices.ts: no price of ${type}; known: ${Object.keys(INSTANCE_PRICES).join(", ")}`);
  }
  return price.usd;
}

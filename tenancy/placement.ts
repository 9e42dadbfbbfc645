import { createHash } from "node:crypto";

/**
 * Shard of a tenant that names none: a stable hash of the id over the environment's fixed number of shards. It depends
 * on neither the order nor the number of rows, so that adding a tenant moves no other.
 */
export function shardOf(id: string, shards: number): number {
  return hashOf(id) % shards;
}

/** A whole number of 32 bits that a text has on every machine and for ever. */
export function hashOf(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0);
}

import { ALL_PORTS, Connections } from "./connections";
import type { Party } from "./party";

/** The ways in which traffic is stopped, each judged as if it were the only one. */
export const LAYERS = [
  "NetworkPolicy egress",
  "NetworkPolicy ingress",
  "AuthorizationPolicy DENY",
  "AuthorizationPolicy ALLOW",
] as const;
export type Layer = (typeof LAYERS)[number];

/** What some layers let through, and why. */
export interface Expectation {
  readonly at: readonly Layer[];
  readonly from: readonly Party[];
  readonly to: readonly Party[];
  readonly connections: Connections;
  readonly reason: string;
}

/** Whose policies must stand at each layer: the source's for egress, else the destination's. */
export type Guarded = Readonly<Record<Layer, readonly Party[]>>;

/** Traffic that one layer alone stops, and why that is taken. */
export interface SingleLayer {
  readonly at: readonly Layer[];
  readonly from: readonly Party[];
  readonly to: readonly Party[];
  readonly reason: string;
}

/** TCP ports, one by one. */
export function tcp(...ports: readonly number[]): Connections {
  return Connections.of(
    "TCP",
    ports.map((port) => [port, port] as const),
  );
}

/** What a sidecar can take over. */
export const ALL_TCP = Connections.of("TCP", [ALL_PORTS]);

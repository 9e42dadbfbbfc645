export * from "./endpoints";
export * from "./flow-logs";
export * from "./network";
export * from "./outputs";
export * from "./region-peering";

export * from "./input-error";
export * from "./kubernetes";
export * from "./mesh";
export * from "./platform";
export * from "./services";
export * from "./tiers";
export * from "./versions";

export * from "./access";
export * from "./cluster";
export * from "./controllers";
export * from "./outputs";
export * from "./pod-identity-role";

export * from "./ci-names";
export * from "./continuous-delivery";
export * from "./image-registry";
export * from "./image-replicas";
export * from "./outputs";
export * from "./role-boundary";
export * from "./state-bucket";

export * from "./ci-names";
export * from "./continuous-delivery";
export * from "./image-registry";
export * from "./outputs";
export * from "./role-boundary";
export * from "./state-bucket";

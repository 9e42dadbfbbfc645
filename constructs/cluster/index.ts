export * from "./access";
export { TenantAdmission, type TenantAdmissionProps } from "./admission/tenant-admission";
export * from "./cluster";
export * from "./controllers";
export { SPOT_GROUP } from "./node-pools";
export * from "./outputs";
export * from "./pod-identity-role";

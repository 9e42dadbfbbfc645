export * from "./across-regions";
export { TenantConstruct, type TenantConstructProps } from "./tenant-construct";

export { TenantConstruct, type TenantConstructProps } from "./tenant-construct";

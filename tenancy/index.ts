export { analysedReplicas, CANARY_REPLICAS, canaryPods, peakDemand, shortfalls } from "./capacity";
export {
  type ConnectionPlan,
  connectionPlan,
  type ConnectionPool,
  connectionPool,
  connectionShortfalls,
  INSTANCE_MEMORY_GIB,
  PLANNED_TENANTS,
  PROVISIONING_CONNECTIONS,
  PROXY_PERCENT,
} from "./limits";
export { loadTenants, parseTenants } from "./load";
export * from "./names";
export { shardOf } from "./placement";
export { databaseShortfalls, homeRegions, type RegionalTenant, tenantsIn } from "./regions";
export { ringOf, runs, tenantsByRing } from "./rings";
export { type Problem, TenantsError } from "./problem";
export { TENANT_STATES, type TenantRow, type TenantState, tenantsFile } from "./row";
export { MAX_STACK_RESOURCES, resourceCount } from "./size";
export type { Canary, Tenant } from "./tenant";

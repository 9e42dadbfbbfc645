/** Database user of the tenant-database function: makes tenants' roles and owns their schemas; a tenant may never become it. */
export const PROVISIONER = "tenant_provisioner";

/**
 * Database user of the metrics exporter: reads statistics and no table of a tenant. It comes through the proxy as all pods
 * do: to admit pods to the instance would open it to every tenant's.
 */
export const MONITOR = "platform_monitor";

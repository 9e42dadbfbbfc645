/** Database user of the tenant-database function: makes tenants' roles and owns their schemas; a tenant may never become it. */
export const PROVISIONER = "tenant_provisioner";

import { type Environment, ENVIRONMENTS, TENANT_SERVICES } from "../../config";
import { AcrossRegions, TenantConstruct } from "../../constructs/tenant";
import { namespaceName, parseTenants, type RegionalTenant, type Tenant, type TenantRow } from "../../tenancy";
import { tenantsJson } from "./fleet";
import { type ResourceJson, resourcesOf, type StackJson, synthInCluster } from "./synth";

const environment = ENVIRONMENTS.production;

/** The tenant of one row; `acme`, of tier standard, unless the row says otherwise. */
export function tenantOf(row: Partial<TenantRow> = {}): Tenant {
  const rows: TenantRow[] = [{ id: "acme", name: "Acme", tier: "standard", ...row }];
  const [tenant] = parseTenants(tenantsJson(rows), environment, "tenants.json");
  if (tenant === undefined) {
    throw new Error("a file of one row has no tenant");
  }
  return tenant;
}

/** Terraform JSON of one tenant, with readable values for what other stacks give. */
export function synthTenant(row: Partial<TenantRow> = {}): StackJson {
  return synthInRegion({ tenant: tenantOf(row), home: true, standby: false }, environment);
}

/** The same of a tenant as it stands in a region. */
export function synthInRegion(regional: RegionalTenant, region: Environment): StackJson {
  const { tenant } = regional;
  return synthInCluster((scope) => {
    new TenantConstruct(scope, namespaceName(tenant.id), {
      tenant,
      ...new AcrossRegions(scope, "regions", { environment: region }).propsOf(regional),
      domain: environment.domain,
      region: environment.region,
      clusterName: "taskflow-eks",
      databaseFunctionName: "taskflow-tenant-database",
      databaseEndpoint: "proxy.example.internal",
      databaseUserArnPrefix: "arn:aws:rds-db:ap-northeast-1:111122223333:dbuser:prx-1",
      databaseSubnetCidrs: environment.network.databaseSubnets.map((subnet) => subnet.cidr),
      repositoryUrls: Object.fromEntries(TENANT_SERVICES.map(({ name }) => [name, `registry.example/${name}`])),
    });
  });
}

/** Resources of a type by the name of the Kubernetes object. */
export function objectsOf(json: StackJson, type: string): Readonly<Record<string, ResourceJson>> {
  return Object.fromEntries(
    Object.values(resourcesOf(json, type)).map((resource) => [String(resource["metadata"].name), resource]),
  );
}

/**
 * The object of a type and name.
 *
 * @throws Error if there is none
 */
export function objectOf(json: StackJson, type: string, name: string): ResourceJson {
  const object = objectsOf(json, type)[name];
  if (object === undefined) {
    throw new Error(`no ${type} ${name}`);
  }
  return object;
}

/**
 * The manifest of a kind and name.
 *
 * @throws Error if there is none
 */
export function manifestOf(json: StackJson, kind: string, name: string): ResourceJson {
  const found = Object.values(resourcesOf(json, "kubernetes_manifest"))
    .map((resource) => resource["manifest"] as ResourceJson)
    .find((manifest) => manifest["kind"] === kind && manifest["metadata"].name === name);
  if (found === undefined) {
    throw new Error(`no ${kind} ${name}`);
  }
  return found;
}

/** Number of resources of all types. */
export function countResources(json: StackJson): number {
  return Object.values(json.resource ?? {}).reduce((sum, byId) => sum + Object.keys(byId).length, 0);
}

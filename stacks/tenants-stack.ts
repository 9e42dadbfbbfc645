import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

import { TENANT_SERVICES } from "../config";
import type { ClusterOutputs } from "../constructs/cluster";
import { type DatabaseOutputs, databaseUserArnPrefix } from "../constructs/database";
import { type RegistryOutputs, repositoryUrl } from "../constructs/delivery";
import { AcrossRegions, TenantConstruct } from "../constructs/tenant";
import { namespaceName, type RegionalTenant } from "../tenancy";
import { BaseStack, type BaseStackProps } from "./base-stack";
import { addKubernetesProvider } from "./cluster-providers";
import { buildWhenWritten } from "./fast-synth";

export interface TenantsStackProps extends BaseStackProps {
  /** The tenants of this shard. */
  readonly tenants: readonly RegionalTenant[];
  readonly cluster: ClusterOutputs;
  readonly database: DatabaseOutputs;
  /**
   * Database of the tenants that are at home in the region.
   * @default - `database`
   */
  readonly homeDatabase?: DatabaseOutputs;
  readonly registry: RegistryOutputs;
}

/**
 * One shard of tenants in one region. What it takes from other stacks stands in locals, whether or not it holds a tenant: the
 * first tenant of a shard changes this stack alone.
 */
export class TenantsStack extends BaseStack {
  constructor(scope: Construct, id: string, props: TenantsStackProps) {
    super(scope, id, props);
    const { environment, cluster, registry } = props;
    addKubernetesProvider(this, cluster, environment.region);

    const clusterName = this.local("cluster_name", cluster.name);
    const database = this.databaseLocals("database", props.database);
    const homeDatabase = props.homeDatabase ? this.databaseLocals("home_database", props.homeDatabase) : database;
    const shared = {
      domain: environment.domain,
      region: environment.region,
      clusterName,
      databaseSubnetCidrs: environment.network.databaseSubnets.map((subnet) => subnet.cidr),
      repositoryUrls: Object.fromEntries(
        TENANT_SERVICES.map(({ name }) => [
          name,
          this.local(`repository_${name.replaceAll("-", "_")}`, repositoryUrl(registry, name)),
        ]),
      ),
    };
    const regions = new AcrossRegions(this, "regions", { environment });
    buildWhenWritten(this, () => {
      for (const regional of props.tenants) {
        new TenantConstruct(this, namespaceName(regional.tenant.id), {
          ...shared,
          ...(regional.home ? homeDatabase : database),
          ...regions.propsOf(regional),
          tenant: regional.tenant,
        });
      }
    });
  }

  private local(name: string, value: string): string {
    return new TerraformLocal(this, name, value).asString;
  }

  private databaseLocals(name: string, database: DatabaseOutputs) {
    return {
      databaseFunctionName: this.local(`${name}_function_name`, database.tenantFunctionName),
      databaseEndpoint: this.local(`${name}_endpoint`, database.proxyEndpoint),
      databaseUserArnPrefix: this.local(`${name}_user_arn_prefix`, databaseUserArnPrefix(database.proxyArn)),
    };
  }
}

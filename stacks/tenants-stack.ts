import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

import { TENANT_SERVICES } from "../config";
import type { ClusterOutputs } from "../constructs/cluster";
import { type DatabaseOutputs, databaseUserArnPrefix } from "../constructs/database";
import { type RegistryOutputs, repositoryUrl } from "../constructs/delivery";
import { TenantConstruct } from "../constructs/tenant";
import { namespaceName, type Tenant } from "../tenancy";
import { BaseStack, type BaseStackProps } from "./base-stack";
import { addKubernetesProvider } from "./cluster-providers";
import { buildWhenWritten } from "./fast-synth";

export interface TenantsStackProps extends BaseStackProps {
  /** The tenants of this shard. */
  readonly tenants: readonly Tenant[];
  readonly cluster: ClusterOutputs;
  readonly database: DatabaseOutputs;
  readonly registry: RegistryOutputs;
}

/**
 * One shard of tenants. What it takes from other stacks stands in locals, whether or not it holds a tenant: the first
 * tenant of a shard changes this stack alone.
 */
export class TenantsStack extends BaseStack {
  constructor(scope: Construct, id: string, props: TenantsStackProps) {
    super(scope, id, props);
    const { environment, cluster, database, registry } = props;
    addKubernetesProvider(this, cluster, environment.region);

    const local = (name: string, value: string): string => new TerraformLocal(this, name, value).asString;
    const shared = {
      domain: environment.domain,
      region: environment.region,
      clusterName: local("cluster_name", cluster.name),
      databaseFunctionName: local("database_function_name", database.tenantFunctionName),
      databaseEndpoint: local("database_endpoint", database.proxyEndpoint),
      databaseUserArnPrefix: local("database_user_arn_prefix", databaseUserArnPrefix(database.proxyArn)),
      databaseSubnetCidrs: environment.network.databaseSubnets.map((subnet) => subnet.cidr),
      repositoryUrls: Object.fromEntries(
        TENANT_SERVICES.map(({ name }) => [
          name,
          local(`repository_${name.replaceAll("-", "_")}`, repositoryUrl(registry, name)),
        ]),
      ),
    };
    buildWhenWritten(this, () => {
      for (const tenant of props.tenants) {
        new TenantConstruct(this, namespaceName(tenant.id), { ...shared, tenant });
      }
    });
  }
}

import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { type ITerraformDependable, TerraformResource } from "cdktf";
import { Construct } from "constructs";

import { DATABASE_NAME, PORTS, TENANT_SERVICES } from "../../config";
import { databaseRole, hostName, namespaceName, type Tenant } from "../../tenancy";
import { TenantAuthorization } from "./authorization";
import { TenantDashboard } from "./dashboard";
import { TenantDatabase } from "./database";
import { type OtherRegion, TenantIdentity } from "./identity";
import { TenantNamespace } from "./namespace";
import { TenantNetworkPolicies } from "./network-policies";
import { TenantQuota } from "./quota";
import { TenantRouting } from "./routing";
import { TenantService } from "./service";

export interface TenantConstructProps {
  /** The tenant with its tier's figures and its overrides applied. */
  readonly tenant: Tenant;
  /** The tenant answers on `<id>.<domain>`. */
  readonly domain: string;
  readonly region: string;
  readonly clusterName: string;
  /** DNS name of RDS Proxy. */
  readonly databaseEndpoint: string;
  /** `arn:aws:rds-db:<region>:<account>:dbuser:<proxy resource id>`, without a user. */
  readonly databaseUserArnPrefix: string;
  /** Function that makes and keeps the tenant's role and schema. */
  readonly databaseFunctionName: string;
  /** Subnets that RDS Proxy's endpoints stand in. */
  readonly databaseSubnetCidrs: readonly string[];
  /** ECR repository URL by service name. */
  readonly repositoryUrls: Readonly<Record<string, string>>;
  /**
   * Where the tenant's role is for besides, see `TenantIdentityProps`.
   * @default - nowhere
   */
  readonly otherRegion?: OtherRegion;
  /**
   * First part of the ARN of a role made in the tenant's home region, see `TenantIdentityProps`.
   * @default - the role is made here
   */
  readonly roleArnPrefix?: string;
  /**
   * What the region's database is to the tenant: where its role and schema are made and archived; a copy that took over,
   * where they are only kept; or a replica, with which they come.
   * @default "home"
   */
  readonly database?: "home" | "promoted" | "replica";
  /**
   * Host of the one region that the tenant stands in, with its hosted zone, for an address of its own.
   * @default - the tenants' wildcard, which follows the region that serves
   */
  readonly pinnedTo?: { readonly host: string; readonly zoneId: string };
}

/**
 * Everything that one tenant has: namespace, quota, network and mesh policies, identity, database role and schema, services,
 * routes, dashboard. It
 * is made in that order: no pod starts before the caps and policies that hold it. A tenant that is offboarding or purged
 * has nothing here any more.
 *
 * At most 40 resources, of which at most 5 are `kubernetes_manifest`, and one more of both for each service that Flagger
 * rolls out; nothing on the load balancer, no secret.
 */
export class TenantConstruct extends Construct {
  constructor(scope: Construct, id: string, props: TenantConstructProps) {
    super(scope, id);
    const { tenant } = props;
    if (tenant.state === "offboarding" || tenant.state === "purged") {
      return;
    }
    const name = namespaceName(tenant.id);
    const { namespace } = new TenantNamespace(this, "namespace", { tenant });
    const dependsOn = [namespace];

    const quota = new TenantQuota(this, "quota", {
      namespace: name,
      quota: tenant.quota,
      container: tenant.tier.container,
      dependsOn,
    });
    const network = new TenantNetworkPolicies(this, "network-policies", {
      namespace: name,
      databaseSubnetCidrs: props.databaseSubnetCidrs,
      dependsOn,
    });
    const authorization = new TenantAuthorization(this, "authorization", {
      namespace: name,
      analysed: tenant.state === "active" && tenant.flagger.length > 0,
      dependsOn,
    });
    const identity = new TenantIdentity(this, "identity", {
      tenant,
      clusterName: props.clusterName,
      databaseUserArnPrefix: props.databaseUserArnPrefix,
      ...(props.otherRegion ? { otherRegion: props.otherRegion } : {}),
      ...(props.roleArnPrefix ? { roleArnPrefix: props.roleArnPrefix } : {}),
      serviceAccounts: TENANT_SERVICES.map((service) => service.name),
    });
    const { database: databaseIs = "home", databaseFunctionName: functionName } = props;
    const database =
      databaseIs === "replica"
        ? []
        : [new TenantDatabase(this, "database", { tenant, functionName, archives: databaseIs === "home" }).resource];
    this.addServices(props, dependsOn, [
      ...quota.resources,
      ...network.resources,
      ...authorization.resources,
      ...identity.associations,
      ...database,
    ]);
    new TenantRouting(this, "routing", { tenant, domain: props.domain, dependsOn });
    new TenantDashboard(this, "dashboard", { tenant });
    if (props.pinnedTo) {
      this.addAddress(hostName(tenant.id, props.domain), props.pinnedTo);
    }
  }

  private addAddress(name: string, { host, zoneId }: NonNullable<TenantConstructProps["pinnedTo"]>): void {
    new Route53Record(this, "address", {
      zoneId,
      name,
      type: "A",
      // The only address: a wrong health verdict must not take it away.
      alias: { name: host, zoneId, evaluateTargetHealth: false },
    });
  }

  private addServices(
    props: TenantConstructProps,
    dependsOn: ITerraformDependable[],
    guards: ITerraformDependable[],
  ): void {
    const { tenant } = props;
    const environment = {
      TENANT_ID: tenant.id,
      AWS_REGION: props.region,
      DATABASE_HOST: props.databaseEndpoint,
      DATABASE_PORT: String(PORTS.postgresql),
      DATABASE_NAME,
      DATABASE_USER: databaseRole(tenant.id),
    };
    const ownsReplicas = tenant.replicas.max === tenant.replicas.min && tenant.flagger.length === 0;
    const runState = ownsReplicas ? undefined : this.runState(tenant);
    for (const { name: service } of TENANT_SERVICES) {
      const repositoryUrl = props.repositoryUrls[service];
      const release = tenant.releases[service];
      if (repositoryUrl === undefined || release === undefined) {
        throw new Error(`${this.node.path}: no image repository or release for ${service}`);
      }
      new TenantService(this, service, {
        tenant,
        service,
        repositoryUrl,
        release,
        environment,
        ...(runState ? { runState } : {}),
        dependsOn,
        guards,
      });
    }
  }

  /** `terraform_data`, without cdktf's class of it, which runs the Terraform binary in every synth. */
  private runState(tenant: Tenant): TerraformResource {
    const resource = new TerraformResource(this, "run-state", { terraformResourceType: "terraform_data" });
    resource.addOverride("input", { state: tenant.state });
    return resource;
  }
}

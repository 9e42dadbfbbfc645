import { DataAwsRoute53Zone } from "@cdktf/provider-aws/lib/data-aws-route53-zone";
import { Construct } from "constructs";

import { type Environment, peerEnvironment } from "../../config";
import type { RegionalTenant } from "../../tenancy";
import { Account } from "../account";
import { regionHost } from "../edge";
import type { TenantConstructProps } from "./tenant-construct";

export interface AcrossRegionsProps {
  readonly environment: Environment;
}

type RegionalProps = Pick<TenantConstructProps, "otherRegion" | "roleArnPrefix" | "database" | "pinnedTo">;

/** What tenants have on account of a second region: nothing where there is none. */
export class AcrossRegions extends Construct {
  /** Props of one tenant's construct. */
  public readonly propsOf: (regional: RegionalTenant) => RegionalProps;

  constructor(scope: Construct, id: string, props: AcrossRegionsProps) {
    super(scope, id);
    const { environment } = props;
    const peer = peerEnvironment(environment);
    this.propsOf = peer === undefined ? () => ({}) : this.between(environment, peer);
  }

  private between(environment: Environment, peer: Environment): AcrossRegions["propsOf"] {
    const elsewhere = new Account(this, "peer", { region: peer.region });
    const { zoneId } = new DataAwsRoute53Zone(this, "zone", { name: environment.domain, privateZone: false });
    const pinnedTo = { host: regionHost(environment.domain, environment.region), zoneId };
    const otherRegion = {
      clusterName: peer.cluster.name,
      // The other region's proxy is unknown here; the user's name tells tenants apart.
      databaseUserArnPrefix: elsewhere.arn("rds-db", "dbuser:*"),
    };
    const roleArnPrefix = elsewhere.iam("role/");
    return ({ tenant, home, standby }) => {
      if (tenant.region !== undefined) {
        return { pinnedTo };
      }
      return home ? { otherRegion } : { roleArnPrefix, database: standby ? "replica" : "promoted" };
    };
  }
}

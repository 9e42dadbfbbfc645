import type { Construct } from "constructs";

import type { SecondaryEnvironment } from "../config";
import { PrimaryHost } from "../constructs/edge";
import { type NetworkOutputs, RegionPeering } from "../constructs/network";
import { BaseStack, type BaseStackProps } from "./base-stack";

export interface RegionLinkStackProps extends BaseStackProps {
  readonly environment: SecondaryEnvironment;
  readonly network: NetworkOutputs;
}

/**
 * What joins the secondary region to the primary. The only stack there that looks at the primary region, and so the only
 * one that cannot be applied while that is lost; no failover needs it.
 */
export class RegionLinkStack extends BaseStack {
  constructor(scope: Construct, id: string, props: RegionLinkStackProps) {
    super(scope, id, props);
    const { environment } = props;
    const { primary } = environment;
    new RegionPeering(this, "peering", {
      vpcId: props.network.vpcId,
      region: environment.region,
      plan: environment.network,
      peer: { region: primary.region, plan: primary.network },
    });
    new PrimaryHost(this, "primary-host", { domain: environment.domain, region: primary.region });
  }
}

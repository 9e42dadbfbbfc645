import { DataAwsRouteTable } from "@cdktf/provider-aws/lib/data-aws-route-table";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { Route } from "@cdktf/provider-aws/lib/route";
import { VpcPeeringConnection } from "@cdktf/provider-aws/lib/vpc-peering-connection";
import { VpcPeeringConnectionAccepterA } from "@cdktf/provider-aws/lib/vpc-peering-connection-accepter";
import { Construct } from "constructs";

import type { NetworkPlan } from "../../config";
import { conflicts } from "./cidr";
import { privateRouteTableName, VPC_NAME } from "./network";

export interface RegionPeeringProps {
  readonly vpcId: string;
  readonly region: string;
  readonly plan: NetworkPlan;
  /** The region that is peered with; its VPC is found by its name. */
  readonly peer: { readonly region: string; readonly plan: NetworkPlan };
}

/**
 * Joins the private subnets of two regions by peering: routes alone, so that security groups on both sides still decide who
 * reaches whom. Public and database subnets have no way back, and so no way here.
 *
 * @throws Error if the blocks of the two VPCs overlap, which AWS does not peer
 */
export class RegionPeering extends Construct {
  constructor(scope: Construct, id: string, props: RegionPeeringProps) {
    super(scope, id);
    const { vpcId, region, plan, peer } = props;
    const faults = conflicts("0.0.0.0/0", [plan.cidr, peer.plan.cidr]);
    if (faults.length > 0) {
      throw new Error(`${this.node.path}: ${faults.join("; ")}; regions that are peered need blocks of their own`);
    }
    const peerVpcId = new DataAwsVpc(this, "peer-vpc", { region: peer.region, tags: { Name: VPC_NAME } }).id;
    const tags = { Name: "taskflow-regions" };
    const peering = new VpcPeeringConnection(this, "Resource", { vpcId, peerVpcId, peerRegion: peer.region, tags });
    const accepter = new VpcPeeringConnectionAccepterA(this, "accepter", {
      region: peer.region,
      vpcPeeringConnectionId: peering.id,
      autoAccept: true,
      tags,
    });
    // By the accepter's id: no route leads into a peering that nobody has accepted.
    this.addRoutes({ region, vpcId, plan }, peer.plan.cidr, accepter.id);
    this.addRoutes({ ...peer, vpcId: peerVpcId }, plan.cidr, accepter.id);
  }

  private addRoutes(
    from: { readonly region: string; readonly vpcId: string; readonly plan: NetworkPlan },
    destinationCidrBlock: string,
    vpcPeeringConnectionId: string,
  ): void {
    const { region, vpcId } = from;
    for (const { availabilityZone } of from.plan.privateSubnets) {
      const routeTable = new DataAwsRouteTable(this, `routes-${availabilityZone}`, {
        region,
        vpcId,
        tags: { Name: privateRouteTableName(availabilityZone) },
      });
      new Route(this, `from-${availabilityZone}`, {
        region,
        routeTableId: routeTable.routeTableId,
        destinationCidrBlock,
        vpcPeeringConnectionId,
      });
    }
  }
}

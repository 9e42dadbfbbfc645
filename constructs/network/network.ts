import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Ec2SubnetCidrReservation } from "@cdktf/provider-aws/lib/ec2-subnet-cidr-reservation";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";

import type { NetworkPlan } from "../../config";
import { upperHalf } from "./cidr";
import type { NetworkOutputs } from "./outputs";
import { type Zone, zonesOf } from "./zones";

export interface NetworkProps {
  /** VPC and subnets: one of each kind in each availability zone. */
  readonly plan: NetworkPlan;
}

/** Value of the tag `Name` of the VPC, one in each region. */
export const VPC_NAME = "taskflow";

/** Value of the tag `Name` of the route table of a zone's private subnet. */
export function privateRouteTableName(zone: string): string {
  return `taskflow-private-${zone}`;
}

const ANYWHERE = "0.0.0.0/0";

/** Tags by which Kubernetes finds the subnets of a load balancer (EKS user guide, VPC and subnet requirements). */
const LOAD_BALANCER_TAGS = {
  public: { "kubernetes.io/role/elb": "1" },
  private: { "kubernetes.io/role/internal-elb": "1" },
  database: {},
} as const;

/**
 * The VPC: in each availability zone a public subnet with a NAT gateway, a private one that leaves through it, and a
 * database subnet that no route leads out of. One zone's failure takes no other zone's way out.
 *
 * @throws Error naming every fault of the plan, see `zonesOf`
 */
export class Network extends Construct {
  public readonly outputs: NetworkOutputs;
  /** Route tables of the private subnets, in the order of the zones. */
  public readonly privateRouteTableIds: readonly string[];

  private readonly vpcId: string;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const zones = zonesOf(props.plan);
    this.vpcId = new Vpc(this, "Resource", {
      cidrBlock: props.plan.cidr,
      // Private DNS of the interface endpoints needs both.
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: VPC_NAME },
    }).id;
    // Emptied: what names no security group of its own reaches nothing and is reached by nothing.
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: this.vpcId });

    const publicRouteTable = this.addRouteTable("public", "taskflow-public");
    const internetRoute = this.routeToInternet(publicRouteTable);
    const databaseRouteTable = this.addRouteTable("database", "taskflow-database");
    const subnets = zones.map((zone) => {
      const publicSubnet = this.addSubnet("public", zone, zone.publicCidr, publicRouteTable);
      const privateRouteTable = this.addPrivateRouteTable(zone, publicSubnet, internetRoute);
      const privateSubnet = this.addSubnet("private", zone, zone.privateCidr, privateRouteTable);
      const databaseSubnet = this.addSubnet("database", zone, zone.databaseCidr, databaseRouteTable);
      this.reservePrefixes(zone, privateSubnet);
      return { publicSubnet, privateSubnet, databaseSubnet, privateRouteTable };
    });

    this.privateRouteTableIds = subnets.map((zone) => zone.privateRouteTable.id);
    this.outputs = {
      vpcId: this.vpcId,
      publicSubnetIds: subnets.map((zone) => zone.publicSubnet.id),
      privateSubnetIds: subnets.map((zone) => zone.privateSubnet.id),
      databaseSubnetIds: subnets.map((zone) => zone.databaseSubnet.id),
    };
  }

  private addSubnet(
    role: keyof typeof LOAD_BALANCER_TAGS,
    zone: Zone,
    cidrBlock: string,
    routeTable: RouteTable,
  ): Subnet {
    const subnet = new Subnet(this, `${role}-${zone.name}`, {
      vpcId: this.vpcId,
      availabilityZone: zone.name,
      cidrBlock,
      // Not in public subnets either: load balancers and NAT gateways bring their own addresses.
      mapPublicIpOnLaunch: false,
      tags: { Name: `taskflow-${role}-${zone.name}`, ...LOAD_BALANCER_TAGS[role] },
    });
    new RouteTableAssociation(this, `${role}-${zone.name}-association`, {
      subnetId: subnet.id,
      routeTableId: routeTable.id,
    });
    return subnet;
  }

  private addRouteTable(id: string, name: string): RouteTable {
    return new RouteTable(this, `${id}-routes`, { vpcId: this.vpcId, tags: { Name: name } });
  }

  private routeToInternet(routeTable: RouteTable): Route {
    const gateway = new InternetGateway(this, "internet-gateway", { vpcId: this.vpcId, tags: { Name: "taskflow" } });
    return new Route(this, "public-internet", {
      routeTableId: routeTable.id,
      destinationCidrBlock: ANYWHERE,
      gatewayId: gateway.id,
    });
  }

  private addPrivateRouteTable(zone: Zone, publicSubnet: Subnet, internetRoute: Route): RouteTable {
    const tags = { Name: `taskflow-${zone.name}` };
    const address = new Eip(this, `nat-address-${zone.name}`, { domain: "vpc", tags });
    const gateway = new NatGateway(this, `nat-${zone.name}`, {
      subnetId: publicSubnet.id,
      allocationId: address.id,
      tags,
      // EC2 makes no NAT gateway in a VPC that has no internet gateway yet.
      dependsOn: [internetRoute],
    });
    const routeTable = this.addRouteTable(`private-${zone.name}`, privateRouteTableName(zone.name));
    new Route(this, `private-internet-${zone.name}`, {
      routeTableId: routeTable.id,
      destinationCidrBlock: ANYWHERE,
      natGatewayId: gateway.id,
    });
    return routeTable;
  }

  /**
   * Half of each private subnet is kept for the /28 prefixes that the VPC CNI gives to nodes, so that single addresses
   * never fragment it: 128 prefixes a zone, 6,144 addresses in three, for the 5,000 to 6,000 that 3,000 pods take with
   * surge and warm prefixes. Nodes, endpoints and load balancers share the other half.
   */
  private reservePrefixes(zone: Zone, subnet: Subnet): void {
    new Ec2SubnetCidrReservation(this, `pod-prefixes-${zone.name}`, {
      subnetId: subnet.id,
      cidrBlock: upperHalf(zone.privateCidr),
      reservationType: "prefix",
      description: "Pods: /28 prefixes of the VPC CNI",
    });
  }
}

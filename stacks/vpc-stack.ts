import type { Construct } from "constructs";

import { FlowLogs, Network, type NetworkOutputs, VpcEndpoints } from "../constructs/network";
import { BaseStack, type BaseStackProps } from "./base-stack";

/** The network that everything else stands in. */
export class VpcStack extends BaseStack {
  public readonly network: NetworkOutputs;

  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, props);
    const { environment } = props;
    const network = new Network(this, "network", { plan: environment.network });
    new VpcEndpoints(this, "endpoints", {
      region: environment.region,
      network: network.outputs,
      routeTableIds: network.privateRouteTableIds,
      clientCidrs: environment.network.privateSubnets.map((subnet) => subnet.cidr),
    });
    new FlowLogs(this, "flow-logs", {
      vpcId: network.outputs.vpcId,
      region: environment.region,
      environment: environment.name,
    });
    this.network = network.outputs;
  }
}

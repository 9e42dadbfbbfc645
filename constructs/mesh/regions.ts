import { type Environment, peerEnvironment, PORTS } from "../../config";
import { eastWestHost } from "../edge";

/** What the meshes of two regions know of each other. Their control planes never ask one another anything. */
export interface MeshRegion {
  /** AWS region; also the name of the network that its pods are in. */
  readonly region: string;
  readonly clusterName: string;
  /** Subnets that its pods and its internal load balancers get their addresses from. */
  readonly podSubnetCidrs: readonly string[];
  /** DNS name of its east-west gateway's load balancer. */
  readonly gatewayHost: string;
}

export interface MeshRegions {
  readonly own: MeshRegion;
  readonly peer: MeshRegion;
}

/** The two regions, seen from the environment's; undefined where there is one alone. */
export function meshRegions(environment: Environment): MeshRegions | undefined {
  const peer = peerEnvironment(environment);
  return peer && { own: meshRegion(environment), peer: meshRegion(peer) };
}

/**
 * `meshNetworks` of istiod's chart: an endpoint in the peer's network is reached through its gateway. istiod resolves the name
 * itself, every 30 s at most, and keeps the addresses that it has when nobody answers.
 */
export function meshNetworks({ region, clusterName, gatewayHost }: MeshRegion): object {
  return {
    [region]: {
      endpoints: [{ fromRegistry: clusterName }],
      gateways: [{ address: gatewayHost, port: PORTS.eastWest }],
    },
  };
}

function meshRegion({ region, domain, cluster, network }: Environment): MeshRegion {
  return {
    region,
    clusterName: cluster.name,
    podSubnetCidrs: network.privateSubnets.map(({ cidr }) => cidr),
    gatewayHost: eastWestHost(domain, region),
  };
}

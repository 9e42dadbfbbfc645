import { Connections } from "./connections";
import type { Cluster } from "./cluster";
import type { Endpoint } from "./endpoint";
import { grouped } from "../grouped";
import { MeshEngine, type MeshFacts } from "./mesh-engine";
import { NetworkPolicyEngine, type NetworkFacts } from "./network-engine";
import { Services } from "./service";

/** Endpoints that no policy tells apart. */
export interface Group {
  readonly number: number;
  readonly members: readonly Endpoint[];
  readonly network: NetworkFacts;
  readonly mesh: MeshFacts;
}

/**
 * Sorts endpoints into groups by what the policies see of them, and judges pairs of groups: what is alike is judged once,
 * and what is alike is found out from the policies' contents alone.
 */
export class Reachability {
  public readonly network: NetworkPolicyEngine;
  public readonly mesh: MeshEngine;
  public readonly groups: readonly Group[];

  /** @param trustDomain - the mesh's SPIFFE trust domain */
  constructor(cluster: Cluster, endpoints: readonly Endpoint[], trustDomain: string) {
    this.network = new NetworkPolicyEngine(cluster.networkPolicies, cluster.namespaces);
    this.mesh = new MeshEngine(
      cluster.authorizationPolicies,
      cluster.peerAuthentications,
      new Services(cluster.services),
      trustDomain,
    );
    const judged = endpoints.map((endpoint) => ({
      endpoint,
      network: this.network.facts(endpoint),
      mesh: this.mesh.facts(endpoint),
    }));
    this.groups = [...grouped(judged, ({ network, mesh }) => `${network.key} ${mesh.key}`).values()].flatMap(
      (members, number) => {
        const [first] = members;
        return first === undefined
          ? []
          : [{ number, members: members.map(({ endpoint }) => endpoint), network: first.network, mesh: first.mesh }];
      },
    );
  }

  /** Connections from one to the other that every layer lets through. */
  public allowed(from: Group, to: Group): Connections {
    const network = this.network
      .allowed("egress", from.network, to.network)
      .intersect(this.network.allowed("ingress", from.network, to.network));
    return network.isEmpty ? Connections.none : network.intersect(this.mesh.allowed(from.mesh, to.mesh));
  }

  /** Which policies decide between the two: `egress: NetworkPolicy web/allow-dns`, sorted. */
  public deciding(from: Group, to: Group): readonly string[] {
    return [
      ...this.network.deciding("egress", from.network, to.network).map(({ title }) => `egress: ${title}`),
      ...this.network.deciding("ingress", from.network, to.network).map(({ title }) => `ingress: ${title}`),
      ...this.mesh.deciding(from.mesh, to.mesh).map((title) => `ingress: ${title}`),
    ].sort();
  }
}

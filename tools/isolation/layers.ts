import { Connections } from "./connections";
import { ALL_TCP, type Layer } from "./expectation";
import type { Group, Reachability } from "./reachability";

const ALONE = {
  "AuthorizationPolicy DENY": ["AuthorizationPolicy DENY"],
  "AuthorizationPolicy ALLOW": ["AuthorizationPolicy ALLOW"],
} as const;

/** What each layer lets through, judged as if it were the only one. */
export class Layers {
  /** By what the mesh answered, which remembers its answers and so gives the same object for the same question. */
  private readonly tcp = new WeakMap<Connections, Connections>();

  constructor(private readonly reachability: Reachability) {}

  /** A layer of the mesh is judged by TCP alone, all that a sidecar takes over. */
  public admitted(layer: Layer, from: Group, to: Group): Connections {
    const { network, mesh } = this.reachability;
    switch (layer) {
      case "NetworkPolicy egress":
        return network.allowed("egress", from.network, to.network);
      case "NetworkPolicy ingress":
        return network.allowed("ingress", from.network, to.network);
      case "AuthorizationPolicy DENY":
      case "AuthorizationPolicy ALLOW":
        return this.ofTcp(mesh.allowed(from.mesh, to.mesh, ALONE[layer]));
    }
  }

  private ofTcp(connections: Connections): Connections {
    const known = this.tcp.get(connections) ?? connections.intersect(ALL_TCP);
    this.tcp.set(connections, known);
    return known;
  }

  /** What gets through where one layer is lost: all other layers judged together. */
  public without(lost: Layer, from: Group, to: Group): Connections {
    const { network, mesh } = this.reachability;
    const egress =
      lost === "NetworkPolicy egress" ? Connections.all : network.allowed("egress", from.network, to.network);
    const ingress =
      lost === "NetworkPolicy ingress" ? Connections.all : network.allowed("ingress", from.network, to.network);
    const both = egress.intersect(ingress);
    if (both.isEmpty) {
      return both;
    }
    const meshLayers = (["STRICT mTLS", "AuthorizationPolicy DENY", "AuthorizationPolicy ALLOW"] as const).filter(
      (layer) => layer !== lost,
    );
    return both.intersect(mesh.allowed(from.mesh, to.mesh, meshLayers));
  }
}

import type { Connections } from "./connections";
import { differenceFindings, type Difference, someOf } from "./differences";
import { isExternal } from "./endpoint";
import { ALL_TCP, type Layer, LAYERS, type SingleLayer } from "./expectation";
import { Expected } from "./expected";
import type { Finding } from "./findings";
import type { Fleet, Placed, TenantPods } from "./fleet";
import { grouped } from "../grouped";
import { Layers } from "./layers";
import { tenantOf } from "./party";
import { ACCEPTED_SINGLE_LAYERS } from "./single-layers";

/** A flow between a tenant and the platform that every layer lets through. */
export interface OpenFlow {
  readonly from: string;
  readonly to: string;
  readonly connections: Connections;
  readonly reason: string;
  /** Number of tenants that it is open for. */
  readonly tenants: number;
}

export interface PlatformFlows {
  /** Ordered pairs of endpoints. */
  readonly judged: number;
  readonly open: readonly OpenFlow[];
  /** Traffic that one layer alone stops, of what is accepted. */
  readonly accepted: readonly SingleLayer[];
  readonly findings: readonly Finding[];
}

/** Compares every layer with the expectations: between each tenant and the platform, within a tenant, within the platform. */
export function judgePlatform(fleet: Fleet): PlatformFlows {
  const judge = new FlowJudge(fleet);
  for (const tenant of fleet.tenants) {
    judge.judgeTenant(tenant);
  }
  judge.judgePlatform();
  return judge.result();
}

/** Traffic between a tenant and a peer that one layer alone stops, which nobody has accepted. */
interface SingleLayerStop {
  readonly tenant: string;
  readonly start: string;
  readonly peer: string;
}

class FlowJudge {
  private judged = 0;
  private readonly layers: Layers;
  private readonly expected: Expected;
  /** Everybody but tenants. */
  private readonly others: readonly Placed[];
  private readonly differences: Difference[] = [];
  private readonly single: SingleLayerStop[] = [];
  private readonly accepted = new Set<SingleLayer>();
  private readonly open = new Map<string, Omit<OpenFlow, "tenants"> & { readonly tenants: Set<string> }>();

  constructor(private readonly fleet: Fleet) {
    this.layers = new Layers(fleet.reachability);
    this.expected = new Expected(fleet.addresses);
    // Of pieces of the Internet that no policy tells apart, one.
    const alike = grouped([...fleet.platform, ...fleet.impostors], (placed) =>
      isExternal(placed.endpoint) ? `${this.expected.name(placed)} ${placed.group.number}` : placed.endpoint.name,
    );
    this.others = [...alike.values()].flatMap(([first]) => first ?? []);
  }

  public result(): PlatformFlows {
    return {
      judged: this.judged,
      open: [...this.open.values()].map((flow) => ({ ...flow, tenants: flow.tenants.size })),
      accepted: ACCEPTED_SINGLE_LAYERS.filter((row) => this.accepted.has(row)),
      findings: [
        ...singleLayerFindings(this.single),
        ...differenceFindings(this.differences, this.fleet.reachability, this.expected),
        ...this.plaintextFindings(),
      ],
    };
  }

  public judgeTenant({ id, pods }: TenantPods): void {
    for (const pod of pods) {
      for (const other of pods) {
        this.compare(pod, other);
      }
      for (const stranger of this.fleet.meshedStrangers) {
        this.compare(stranger, pod);
      }
      for (const other of this.others) {
        this.compare(pod, other);
        this.compare(other, pod);
      }
      for (const other of this.fleet.platform) {
        this.record(pod, other, id);
        this.record(other, pod, id);
      }
    }
  }

  public judgePlatform(): void {
    for (const to of this.others) {
      for (const from of [...this.others, ...this.fleet.meshedStrangers]) {
        if (from !== to && !(isExternal(from.endpoint) && isExternal(to.endpoint))) {
          this.compare(from, to);
        }
      }
    }
  }

  private compare(from: Placed, to: Placed): void {
    this.judged += 1;
    for (const layer of LAYERS) {
      if (!this.expected.isGuarded(layer, from, to)) {
        continue;
      }
      const admitted = this.layers.admitted(layer, from.group, to.group);
      const expected = this.expected.at(layer, from, to);
      const difference = { layer, from, to, beyond: admitted.minus(expected), lacking: expected.minus(admitted) };
      if (!difference.beyond.isEmpty || !difference.lacking.isEmpty) {
        this.differences.push(difference);
      }
    }
  }

  /** Notes what is open between a tenant and the platform, and what one layer alone stops. */
  private record(from: Placed, to: Placed, tenant: string): void {
    const connections = this.fleet.reachability.allowed(from.group, to.group);
    if (!connections.isEmpty) {
      const [source, destination] = [this.expected.name(from), this.expected.name(to)];
      const key = `${source} ${destination} ${connections.toString()}`;
      const flow = this.open.get(key) ?? {
        from: source,
        to: destination,
        connections,
        reason: this.expected.reason(from, to),
        tenants: new Set(),
      };
      flow.tenants.add(tenant);
      this.open.set(key, flow);
    }
    // What comes from outside or goes there has no second end with policies.
    for (const layer of isExternal(from.endpoint) || isExternal(to.endpoint) ? [] : LAYERS) {
      if (!this.layers.without(layer, from.group, to.group).minus(connections).isEmpty) {
        this.recordSingleLayer(layer, from, to, tenant);
      }
    }
  }

  private recordSingleLayer(layer: Layer, from: Placed, to: Placed, tenant: string): void {
    const accepted = this.expected.acceptsSingleLayer(layer, from, to);
    if (accepted === undefined) {
      const isInbound = tenantOf(to.endpoint) !== undefined;
      const direction = isInbound ? "to the tenant from" : "from the tenant to";
      this.single.push({
        tenant,
        start: `one layer alone, ${layer}, stops traffic ${direction}`,
        peer: this.expected.name(isInbound ? from : to),
      });
    } else {
      this.accepted.add(accepted);
    }
  }

  /** Sidecars must refuse a caller without a certificate, or identity says nothing. */
  private plaintextFindings(): readonly Finding[] {
    const { tenants, platform, reachability, plaintext } = this.fleet;
    return [...tenants.flatMap(({ pods }) => pods), ...platform]
      .filter((pod) => this.expected.refusesPlaintext(pod))
      .flatMap((pod): Finding[] => {
        const admitted = reachability.mesh.allowed(plaintext.mesh, pod.group.mesh, ["STRICT mTLS"]).intersect(ALL_TCP);
        const tenant = tenantOf(pod.endpoint);
        return admitted.isEmpty
          ? []
          : [
              {
                topic: "layer",
                message: `mTLS: ${this.expected.name(pod)} takes ${admitted.toString()} without a certificate; expected: a sidecar, and PeerAuthentication STRICT`,
                ...(tenant === undefined ? {} : { tenant }),
              },
            ];
      });
  }
}

function singleLayerFindings(stops: readonly SingleLayerStop[]): readonly Finding[] {
  return [...grouped(stops, ({ tenant, start }) => `${tenant} ${start}`).values()].flatMap((same): Finding[] => {
    const [first] = same;
    return first === undefined
      ? []
      : [{ topic: "reach", message: `${first.start} ${someOf(same.map(({ peer }) => peer))}`, tenant: first.tenant }];
  });
}

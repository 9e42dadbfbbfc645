import { Connections } from "./connections";
import { type Layer, LAYERS } from "./expectation";
import type { Finding } from "./findings";
import type { Fleet, TenantPods } from "./fleet";
import { grouped } from "../grouped";
import { Layers } from "./layers";
import { matchesIamPattern, type TenantAccess } from "./tenant-access";

/** Layers between two tenants: those of traffic, then those of the database that both use. */
export const PAIR_LAYERS = [...LAYERS, "IAM", "database grants"] as const;
export type PairLayer = (typeof PAIR_LAYERS)[number];

/** A pair that some layer does not stop. */
export interface PairException {
  readonly from: string;
  readonly to: string;
  readonly missing: readonly PairLayer[];
  /** What gets from one to the other. */
  readonly open: Connections;
}

export interface TenantPairs {
  readonly judged: number;
  /** Number of pairs by the layers that stop them, as bits in the order of PAIR_LAYERS. */
  readonly byLayers: ReadonlyMap<number, number>;
  /** Sorted by tenants. */
  readonly exceptions: readonly PairException[];
  readonly findings: readonly Finding[];
}

/** Layers that a set of bits stands for. */
export function layersOf(bits: number): readonly PairLayer[] {
  return PAIR_LAYERS.filter((_, index) => (bits & (1 << index)) !== 0);
}

/** Judges every ordered pair of different tenants by each layer alone. */
export function judgeTenantPairs(fleet: Fleet, access: readonly TenantAccess[]): TenantPairs {
  const judge = new PairJudge(fleet);
  const accessOf = new Map(access.map((tenant) => [tenant.id, tenant]));
  const all = (1 << PAIR_LAYERS.length) - 1;
  const byLayers = new Map<number, number>();
  const exceptions: PairException[] = [];
  for (const from of fleet.tenants) {
    for (const to of fleet.tenants) {
      if (from === to) {
        continue;
      }
      const bits = judge.trafficBits(from, to) | dataBits(accessOf.get(from.id), accessOf.get(to.id));
      byLayers.set(bits, (byLayers.get(bits) ?? 0) + 1);
      if (bits !== all) {
        exceptions.push({
          from: from.id,
          to: to.id,
          missing: layersOf(all & ~bits),
          open: judge.open(from, to),
        });
      }
    }
  }
  const { length } = fleet.tenants;
  return { judged: length * (length - 1), byLayers, exceptions, findings: findingsOf(exceptions, judge, fleet) };
}

/** Judges by groups of pods: what is alike is judged once. */
class PairJudge {
  private readonly layers: Layers;

  constructor(private readonly fleet: Fleet) {
    this.layers = new Layers(fleet.reachability);
  }

  public trafficBits(from: TenantPods, to: TenantPods): number {
    let bits = (1 << LAYERS.length) - 1;
    for (const { group: source } of from.pods) {
      for (const { group: destination } of to.pods) {
        for (const [index, layer] of LAYERS.entries()) {
          if (!this.layers.admitted(layer, source, destination).isEmpty) {
            bits &= ~(1 << index);
          }
        }
      }
    }
    return bits;
  }

  public open(from: TenantPods, to: TenantPods): Connections {
    return this.sum(from, to, (source, destination) => this.fleet.reachability.allowed(source, destination));
  }

  /** What is open where one more layer is lost. */
  public without(lost: Layer, from: TenantPods, to: TenantPods): Connections {
    return this.sum(from, to, (source, destination) => this.layers.without(lost, source, destination));
  }

  private sum(
    from: TenantPods,
    to: TenantPods,
    of: (source: TenantPods["pods"][number]["group"], destination: TenantPods["pods"][number]["group"]) => Connections,
  ): Connections {
    return from.pods
      .flatMap((source) => to.pods.map((destination) => of(source.group, destination.group)))
      .reduce((sum, connections) => sum.union(connections), Connections.none);
  }
}

function dataBits(from: TenantAccess | undefined, to: TenantAccess | undefined): number {
  const namesOther = to?.role !== undefined && from?.users.some((user) => matchesIamPattern(user, to.role ?? ""));
  const sharesGrants =
    (from?.role !== undefined && from.role === to?.role) || (from?.schema !== undefined && from.schema === to?.schema);
  return (
    (namesOther === true ? 0 : 1 << PAIR_LAYERS.indexOf("IAM")) |
    (sharesGrants ? 0 : 1 << PAIR_LAYERS.indexOf("database grants"))
  );
}

/** The tenant whose objects make up a layer: its egress policies and its role are the source's own. */
function responsible(layer: PairLayer, { from, to }: PairException): string {
  return layer === "NetworkPolicy egress" || layer === "IAM" || layer === "database grants" ? from : to;
}

/** One finding for each tenant and layer: the tenant's row is what to look at, not each of its pairs. */
function findingsOf(exceptions: readonly PairException[], judge: PairJudge, fleet: Fleet): readonly Finding[] {
  const others = fleet.tenants.length - 1;
  const tenants = new Map(fleet.tenants.map((tenant) => [tenant.id, tenant]));
  const missing = exceptions.flatMap((exception) => exception.missing.map((layer) => ({ layer, exception })));
  const byOwner = grouped(missing, ({ layer, exception }) => `${responsible(layer, exception)} ${layer}`);
  const perLayer = [...byOwner.values()].flatMap((same): Finding[] => {
    const [first] = same;
    if (first === undefined) {
      return [];
    }
    const { layer, exception } = first;
    const tenant = responsible(layer, exception);
    const other = tenant === exception.from ? `to ${exception.to}` : `from ${exception.from}`;
    const count = same.length === others ? "any other tenant" : `${same.length} of ${others} other tenants (${other})`;
    return [{ topic: "layer", message: `${layer} does not keep it apart from ${count}`, tenant }];
  });
  const reach = exceptions.flatMap((exception): Finding[] => {
    const [from, to] = [tenants.get(exception.from), tenants.get(exception.to)];
    if (from === undefined || to === undefined) {
      return [];
    }
    if (!exception.open.isEmpty) {
      return [
        {
          topic: "reach",
          message: `its pods are reached from other tenants: ${exception.open.toString()}`,
          tenant: to.id,
        },
      ];
    }
    const alone = LAYERS.filter((layer) => !judge.without(layer, from, to).isEmpty);
    return alone.map((layer) => ({
      topic: "reach",
      message: `one layer alone, ${layer}, keeps other tenants out`,
      tenant: to.id,
    }));
  });
  return [...reach, ...perLayer];
}

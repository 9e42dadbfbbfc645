import { contains } from "./addresses";
import { Connections } from "./connections";
import { isExternal } from "./endpoint";
import { ALL_TCP, type Expectation, type Layer, LAYERS, type SingleLayer } from "./expectation";
import { EXPECTATIONS, GUARDED, REFUSES_PLAINTEXT } from "./expectations";
import type { Placed } from "./fleet";
import {
  type AddressBook,
  ADDRESSES,
  isAddresses,
  isMeshedStranger,
  isParty,
  type Party,
  shortName,
  tenantOf,
} from "./party";
import { ACCEPTED_SINGLE_LAYERS } from "./single-layers";

/** How messages call a tenant's pods: what is true of many tenants reads alike for all. */
const THE_TENANT = "the tenant";

/** What the tables say about one endpoint. */
interface Rows {
  readonly name: string;
  readonly tenant?: string;
  /** Layers that must be its own. */
  readonly guarded: ReadonlySet<Layer>;
  /** Expectations of each layer in which it is the source: without identity, of the mesh's layers, only by its address. */
  readonly asSource: ReadonlyMap<Layer, readonly Expectation[]>;
  readonly asDestination: ReadonlySet<Expectation>;
}

/** Looks up what the tables of expectations say about two endpoints. */
export class Expected {
  private readonly known = new Map<Placed, Rows>();

  constructor(private readonly book: AddressBook) {}

  public at(layer: Layer, from: Placed, to: Placed): Connections {
    const rows = this.between(layer, from, to);
    const sum = rows.reduce((all, { connections }) => all.union(connections), Connections.none);
    return isOfMesh(layer) ? sum.intersect(ALL_TCP) : sum;
  }

  /** Whether the layer is one that its owner, the source for egress and else the destination, must have. */
  public isGuarded(layer: Layer, from: Placed, to: Placed): boolean {
    const owner = layer === "NetworkPolicy egress" ? from : to;
    return this.rows(owner).guarded.has(layer) && (isOfMesh(layer) || !isMeshedStranger(from.endpoint));
  }

  public refusesPlaintext(placed: Placed): boolean {
    return !isExternal(placed.endpoint) && this.isOneOf(REFUSES_PLAINTEXT, placed);
  }

  public acceptsSingleLayer(layer: Layer, from: Placed, to: Placed): SingleLayer | undefined {
    return ACCEPTED_SINGLE_LAYERS.find(
      (row) => row.at.includes(layer) && this.isOneOf(row.from, from) && this.isOneOf(row.to, to),
    );
  }

  public reason(from: Placed, to: Placed): string {
    return LAYERS.flatMap((layer) => this.between(layer, from, to))[0]?.reason ?? "nothing expects it";
  }

  /** How messages call an endpoint. */
  public name(placed: Placed): string {
    return this.rows(placed).name;
  }

  private between(layer: Layer, from: Placed, to: Placed): readonly Expectation[] {
    const [source, destination] = [this.rows(from), this.rows(to)];
    const isOwn = source.tenant !== undefined && source.tenant === destination.tenant;
    return (source.asSource.get(layer) ?? []).filter(
      (row) => destination.asDestination.has(row) && (isOwn || !row.from.includes("own tenant")),
    );
  }

  private rows(placed: Placed): Rows {
    const known = this.known.get(placed) ?? this.lookUp(placed);
    this.known.set(placed, known);
    return known;
  }

  private lookUp(placed: Placed): Rows {
    const tenant = tenantOf(placed.endpoint);
    const { isInMesh } = placed.group.mesh;
    const asSource = (layer: Layer) =>
      EXPECTATIONS.filter(({ at, from }) => {
        const parties = isOfMesh(layer) && !isInMesh ? from.filter((party) => isAddresses(party)) : from;
        return at.includes(layer) && this.isOneOf(parties, placed);
      });
    return {
      name: this.nameOf(placed),
      ...(tenant === undefined ? {} : { tenant }),
      guarded: new Set(
        isExternal(placed.endpoint) ? [] : LAYERS.filter((layer) => this.isOneOf(GUARDED[layer], placed)),
      ),
      asSource: new Map(LAYERS.map((layer) => [layer, asSource(layer)])),
      asDestination: new Set(EXPECTATIONS.filter(({ to }) => this.isOneOf(to, placed))),
    };
  }

  private nameOf({ endpoint }: Placed): string {
    const addresses = isExternal(endpoint)
      ? ADDRESSES.find((name) => this.book[name].some((range) => contains(range, endpoint.range)))
      : undefined;
    return addresses ?? (tenantOf(endpoint) === undefined ? shortName(endpoint) : THE_TENANT);
  }

  private isOneOf(parties: readonly Party[], { endpoint }: Placed): boolean {
    return parties.some((party) => isParty(party, endpoint, this.book));
  }
}

/** Whether the layer asks for identity. */
function isOfMesh(layer: Layer): boolean {
  return layer.startsWith("AuthorizationPolicy");
}

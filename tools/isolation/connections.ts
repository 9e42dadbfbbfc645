/** Protocols that a NetworkPolicy can name, in the order in which they are printed. */
export const PROTOCOLS = ["TCP", "UDP", "SCTP"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** First and last port, both included. */
export type PortRange = readonly [first: number, last: number];

/** Ports that a connection can go to. */
export const ALL_PORTS: PortRange = [1, 65_535];

/** One protocol of a set of connections, as it is printed. */
export interface AllowedPorts {
  readonly protocol: Protocol;
  readonly ports: readonly PortRange[];
}

type Ranges = readonly PortRange[];

/** A set of connections by protocol and destination port. Equal sets have equal ranges: sorted, apart, none adjacent. */
export class Connections {
  public static readonly none = new Connections({ TCP: [], UDP: [], SCTP: [] });
  public static readonly all = new Connections({ TCP: [ALL_PORTS], UDP: [ALL_PORTS], SCTP: [ALL_PORTS] });

  private constructor(private readonly ranges: Readonly<Record<Protocol, Ranges>>) {}

  public static of(protocol: Protocol, ranges: Ranges): Connections {
    return new Connections({ ...Connections.none.ranges, [protocol]: merged(ranges) });
  }

  public get isEmpty(): boolean {
    return PROTOCOLS.every((protocol) => this.ranges[protocol].length === 0);
  }

  public union(other: Connections): Connections {
    if (this === Connections.all || other === Connections.none) {
      return this;
    }
    if (other === Connections.all || this === Connections.none) {
      return other;
    }
    return this.combine(other, (left, right) => merged([...left, ...right]));
  }

  public intersect(other: Connections): Connections {
    if (this === Connections.all || other === Connections.none) {
      return other;
    }
    if (other === Connections.all || this === Connections.none) {
      return this;
    }
    return this.combine(other, common);
  }

  /** What of this set is not in the other. */
  public minus(other: Connections): Connections {
    if (this === other || other === Connections.all) {
      return Connections.none;
    }
    if (this === Connections.none || other === Connections.none) {
      return this;
    }
    return this.combine(other, (left, right) => common(left, gaps(right)));
  }

  public toJSON(): readonly AllowedPorts[] {
    return PROTOCOLS.filter((protocol) => this.ranges[protocol].length > 0).map((protocol) => ({
      protocol,
      ports: this.ranges[protocol],
    }));
  }

  /** `TCP 80,8080-8090; UDP`, `all`, or `none`. */
  public toString(): string {
    if (this.isEmpty) {
      return "none";
    }
    const texts = this.toJSON().map(({ protocol, ports }) =>
      isFull(ports) ? protocol : `${protocol} ${ports.map(rangeText).join(",")}`,
    );
    return texts.join("; ") === PROTOCOLS.join("; ") ? "all" : texts.join("; ");
  }

  private combine(other: Connections, by: (left: Ranges, right: Ranges) => Ranges): Connections {
    const ranges = {
      TCP: by(this.ranges.TCP, other.ranges.TCP),
      UDP: by(this.ranges.UDP, other.ranges.UDP),
      SCTP: by(this.ranges.SCTP, other.ranges.SCTP),
    };
    const count = ranges.TCP.length + ranges.UDP.length + ranges.SCTP.length;
    if (count === 0) {
      return Connections.none;
    }
    return PROTOCOLS.every((protocol) => isFull(ranges[protocol])) ? Connections.all : new Connections(ranges);
  }
}

function merged(ranges: Ranges): Ranges {
  const result: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((left, right) => left[0] - right[0])) {
    const before = result.at(-1);
    if (before !== undefined && first <= before[1] + 1) {
      before[1] = Math.max(before[1], last);
    } else {
      result.push([first, last]);
    }
  }
  return result;
}

function common(left: Ranges, right: Ranges): Ranges {
  return merged(
    left.flatMap(([first, last]) =>
      right.flatMap(([otherFirst, otherLast]): PortRange[] => {
        const range: PortRange = [Math.max(first, otherFirst), Math.min(last, otherLast)];
        return range[0] <= range[1] ? [range] : [];
      }),
    ),
  );
}

/** The ports between sorted ranges. */
function gaps(ranges: Ranges): Ranges {
  const starts = [ALL_PORTS[0], ...ranges.map(([, last]) => last + 1)];
  const ends = [...ranges.map(([first]) => first - 1), ALL_PORTS[1]];
  return starts
    .map((first, index): PortRange => [first, ends[index] ?? ALL_PORTS[1]])
    .filter(([first, last]) => first <= last);
}

function isFull(ranges: Ranges): boolean {
  const [only] = ranges;
  return ranges.length === 1 && only !== undefined && only[0] === ALL_PORTS[0] && only[1] === ALL_PORTS[1];
}

function rangeText([first, last]: PortRange): string {
  return first === last ? String(first) : `${first}-${last}`;
}

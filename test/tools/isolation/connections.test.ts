import { assert, array, constantFrom, integer, property, tuple } from "fast-check";

import { parseCidr, partition, touches } from "../../../tools/isolation/addresses";
import { Connections, type PortRange } from "../../../tools/isolation/connections";

/** Few ports, so that ranges meet, touch and cover each other. */
const range = tuple(integer({ min: 1, max: 12 }), integer({ min: 0, max: 4 })).map(([first, more]): PortRange => [
  first,
  first + more,
]);
const connections = array(tuple(constantFrom("TCP" as const, "UDP" as const), range), { maxLength: 4 }).map((parts) =>
  parts.reduce((sum, [protocol, ports]) => sum.union(Connections.of(protocol, [ports])), Connections.none),
);

function has(set: Connections, protocol: string, port: number): boolean {
  const ranges = set.toJSON().find((item) => item.protocol === protocol)?.ports ?? [];
  return ranges.some(([first, last]) => first <= port && port <= last);
}

describe("Connections", () => {
  test("unite, meet and differ as sets of ports do", () => {
    assert(
      property(connections, connections, (left, right) => {
        for (const protocol of ["TCP", "UDP"]) {
          for (let port = 1; port <= 20; port += 1) {
            const [inLeft, inRight] = [has(left, protocol, port), has(right, protocol, port)];
            expect(has(left.union(right), protocol, port)).toBe(inLeft || inRight);
            expect(has(left.intersect(right), protocol, port)).toBe(inLeft && inRight);
            expect(has(left.minus(right), protocol, port)).toBe(inLeft && !inRight);
          }
        }
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  test("are printed merged and sorted", () => {
    const set = Connections.of("UDP", [[53, 53]]).union(
      Connections.of("TCP", [
        [90, 95],
        [80, 81],
        [82, 89],
      ]),
    );
    expect(JSON.stringify(set)).toBe('[{"protocol":"TCP","ports":[[80,95]]},{"protocol":"UDP","ports":[[53,53]]}]');
    expect(set.toString()).toBe("TCP 80-95; UDP 53");
    expect(Connections.all.minus(set).union(set).toString()).toBe("all");
    expect(Connections.none.toString()).toBe("none");
  });
});

describe("Address ranges", () => {
  test.each([
    ["10.1.2.3/8", { first: 10 * 2 ** 24, last: 11 * 2 ** 24 - 1 }],
    ["0.0.0.0/0", { first: 0, last: 2 ** 32 - 1 }],
    ["::/0", "IPv6"],
    ["10.0.0.0", undefined],
    ["10.0.0.0/33", undefined],
    ["10.0.0/8", undefined],
  ])("%s", (text, expected) => {
    expect(parseCidr(text)).toEqual(expected);
  });

  test("touch a block only outside of its exceptions", () => {
    const block = {
      within: { first: 0, last: 9 },
      except: [
        { first: 5, last: 9 },
        { first: 0, last: 2 },
      ],
    };
    expect(touches(block, { first: 0, last: 2 })).toBe(false);
    expect(touches(block, { first: 2, last: 3 })).toBe(true);
    expect(touches(block, { first: 5, last: 20 })).toBe(false);
  });

  test("cut the whole space without gap or overlap", () => {
    const pieces = partition([
      { first: 10, last: 19 },
      { first: 15, last: 2 ** 32 - 1 },
    ]);
    expect(pieces).toEqual([
      { first: 0, last: 9 },
      { first: 10, last: 14 },
      { first: 15, last: 19 },
      { first: 20, last: 2 ** 32 - 1 },
    ]);
  });
});

import { conflicts, upperHalf } from "../../../constructs/network/cidr";

describe("upperHalf", () => {
  test.each([
    ["10.0.128.0/20", "10.0.136.0/21"],
    ["0.0.0.0/0", "128.0.0.0/1"],
    ["255.255.255.254/31", "255.255.255.255/32"],
  ])("of %s is %s", (cidr, half) => {
    expect(upperHalf(cidr)).toBe(half);
  });

  test.each(["10.0.0.0", "10.0.0.256/24", "10.0.0.0/33", "10.0.1.0/16", "fd00::/8"])("refuses %s", (cidr) => {
    expect(() => upperHalf(cidr)).toThrow(`${cidr}: no IPv4 block such as 10.0.0.0/16`);
  });

  test("refuses a single address", () => {
    expect(() => upperHalf("10.0.0.1/32")).toThrow("10.0.0.1/32: a single address has no halves");
  });
});

describe("conflicts", () => {
  test("finds none between neighbours inside of their parent", () => {
    expect(conflicts("10.0.0.0/16", ["10.0.0.0/20", "10.0.16.0/20", "10.0.200.0/24"])).toEqual([]);
  });

  test("names a block outside of the parent and each pair that overlaps", () => {
    expect(conflicts("10.0.0.0/16", ["10.1.0.0/20", "10.0.0.0/20", "10.0.8.0/24"])).toEqual([
      "10.1.0.0/20 is not part of 10.0.0.0/16",
      "10.0.0.0/20 and 10.0.8.0/24 overlap",
    ]);
  });
});

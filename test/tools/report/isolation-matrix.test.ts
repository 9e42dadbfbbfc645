import { pairsByLayers, runLengths, weakPairs } from "../../../tools/report/isolation-matrix";
import { matrixOf } from "./data";

const MATRIX = matrixOf(["a", "b", "c"], { "a c": 0b001, "c b": 0 });

describe("the isolation matrix", () => {
  test("counts pairs by layers, without those of a tenant and itself", () => {
    expect(pairsByLayers(MATRIX)).toEqual([
      { layers: 3, pairs: 4 },
      { layers: 1, pairs: 1 },
      { layers: 0, pairs: 1 },
    ]);
  });

  test("names what is missing between which tenants", () => {
    expect(weakPairs(MATRIX)).toEqual([
      { row: 0, column: 2, missing: ["NetworkPolicy ingress", "AuthorizationPolicy DENY"] },
      { row: 2, column: 1, missing: ["NetworkPolicy egress", "NetworkPolicy ingress", "AuthorizationPolicy DENY"] },
    ]);
  });

  test("is written as values and counts that give the same sets again", () => {
    const runs = runLengths(MATRIX);
    const sets = runs.flatMap((value, index) =>
      index % 2 === 0 ? Array.from({ length: runs[index + 1] ?? 0 }, () => value) : [],
    );
    expect(sets).toEqual([...MATRIX.stoppedBy]);
  });

  test("of 500 tenants that are alike takes a few kilobytes", () => {
    const tenants = Array.from({ length: 500 }, (_, index) => `tenant-${index}`);
    expect(JSON.stringify(runLengths(matrixOf(tenants))).length).toBeLessThan(5_000);
  });
});

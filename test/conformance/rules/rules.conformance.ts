import { CASES } from "./cases";
import { uncovered } from "./coverage";
import { checkRules } from "./promtool";
import { alertsOf, synthesizedGroups } from "./rules";

const groups = synthesizedGroups();

test("promtool finds nothing wrong with the rules", () => {
  expect(checkRules(groups)).toEqual({ passed: true, output: expect.stringContaining("SUCCESS") });
});

test("promtool refuses a rule that does not parse", () => {
  const broken = { name: "broken", rules: [{ record: "tenant:broken:sum", expr: "sum(by tenant)" }] };
  expect(checkRules([...groups, broken]).passed).toBe(false);
});

describe("every alert", () => {
  test("is made to fire, with each severity and window, and kept silent by a case", () => {
    expect(uncovered(alertsOf(groups), CASES)).toEqual([]);
  });

  test("is missed where the cases say nothing of it", () => {
    const without = CASES.filter(({ alert }) => alert !== "IstiodDown");
    expect(uncovered(alertsOf(groups), without)).toEqual(["IstiodDown page never fires", "IstiodDown is never silent"]);
  });
});

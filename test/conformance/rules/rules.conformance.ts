import { RECORDED } from "../../../constructs/observability/rules";
import { CASES } from "./cases";
import { uncovered } from "./coverage";
import { checkRules, type Series, testRules } from "./promtool";
import { alertsOf, synthesizedGroups } from "./rules";
import { requests, rising } from "./series";

const groups = synthesizedGroups();

test("promtool finds nothing wrong with the rules", () => {
  expect(checkRules(groups)).toEqual({ passed: true, output: expect.stringContaining("SUCCESS") });
});

test("promtool refuses a rule that does not parse", () => {
  const broken = { name: "broken", rules: [{ record: "tenant:broken:sum", expr: "sum(by tenant)" }] };
  expect(checkRules([...groups, broken]).passed).toBe(false);
});

describe("server errors at the gateway", () => {
  const verdict = (given: readonly Series[], valueByFlag: Readonly<Record<string, number>>) =>
    testRules(groups, {
      name: "errors",
      interval: "1m",
      input_series: given,
      promql_expr_test: [
        {
          expr: RECORDED.gatewayErrors,
          eval_time: "10m",
          exp_samples: Object.entries(valueByFlag).map(([flag, value]) => ({
            labels: `${RECORDED.gatewayErrors}{response_flags="${flag}"}`,
            value,
          })),
        },
      ],
    }).output.trim();
  const failing = requests("acme", "500", rising(60));

  test("are none, and not without a value, where nothing fails", () => {
    expect(verdict([requests("acme", "200", rising(60))], { "-": 0 })).toBe("SUCCESS");
  });

  test("are told apart by flag", () => {
    expect(verdict([requests("acme", "503", rising(60), "UO"), failing], { "-": 1, UO: 1 })).toBe("SUCCESS");
    expect(verdict([failing], { "-": 1, UO: 1 })).toContain("FAILED");
  });
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

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { RuleGroup } from "../../../constructs/observability/rules";
import { promtoolPath } from "../prometheus/binaries";

/** Series as promtool's tests write them: `metric{labels}` and its values at each minute. */
export interface Series {
  readonly series: string;
  readonly values: string;
}

export interface ExpectedAlert {
  readonly exp_labels: Readonly<Record<string, string>>;
  readonly exp_annotations: Readonly<Record<string, string>>;
}

/** One test of promtool's file format. */
export interface PromtoolTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly Series[];
  readonly alert_rule_test?: readonly {
    readonly eval_time: string;
    readonly alertname: string;
    readonly exp_alerts: readonly ExpectedAlert[];
  }[];
  readonly promql_expr_test?: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

export interface Verdict {
  readonly passed: boolean;
  /** What promtool says of a failure. */
  readonly output: string;
}

/** `promtool check rules`, lint findings included. */
export function checkRules(groups: readonly RuleGroup[]): Verdict {
  return inFolder({ "rules.json": { groups } }, ["check", "rules", "--lint=all", "--lint-fatal", "rules.json"]);
}

/**
 * `promtool test rules` of one test.
 *
 * @param evaluation - how often rules are evaluated. @default "1m"
 */
export function testRules(groups: readonly RuleGroup[], test: PromtoolTest, evaluation: string = "1m"): Verdict {
  const file = {
    rule_files: ["rules.json"],
    evaluation_interval: evaluation,
    // Else drawn anew at each evaluation; and a value of the one before is too old for rules that come every five minutes.
    group_eval_order: groups.map(({ name }) => name),
    tests: [test],
  };
  return inFolder({ "rules.json": { groups }, "test.json": file }, ["test", "rules", "test.json"]);
}

function inFolder(files: Readonly<Record<string, object>>, args: readonly string[]): Verdict {
  const folder = mkdtempSync(join(tmpdir(), "taskflow-rules-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), JSON.stringify(content));
    }
    const { status, stdout, stderr, error } = spawnSync(promtoolPath(), args, { cwd: folder, encoding: "utf8" });
    if (error !== undefined) {
      throw error;
    }
    return { passed: status === 0, output: `${stdout}${stderr}` };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

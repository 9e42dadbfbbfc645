import { ENVIRONMENTS } from "../../../../config";
import {
  type AlertingRule,
  alertGroups,
  type RecordingRule,
  recordingGroups,
} from "../../../../constructs/observability/rules";

const rules = [...recordingGroups(), ...alertGroups(ENVIRONMENTS.production)].flatMap((group) => group.rules);

export const RECORDING: readonly RecordingRule[] = rules.filter((rule) => "record" in rule);
export const ALERTING: readonly AlertingRule[] = rules.filter((rule) => "alert" in rule);

/** A metric as an expression selects it: its name and its matchers as they are written. */
export interface Selected {
  readonly metric: string;
  readonly matchers: string;
}

const KEYWORDS = /\b(?:and|or|unless|offset|bool)\b/g;
const GROUPINGS = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
const STRINGS = /"(?:[^"\\]|\\.)*"/g;

/** Metrics that a PromQL expression reads. It knows the part of the language that the rules are written in. */
export function selected(expr: string): readonly Selected[] {
  const named = [...expr.matchAll(/\{__name__=~"([^"]+)"\}/g)].map(([, name = ""]) => ({ metric: name, matchers: "" }));
  const strings: string[] = [];
  const plain = expr
    .replaceAll(/\{__name__=~"[^"]+"\}/g, " ")
    .replaceAll(STRINGS, (text) => `"${strings.push(text) - 1}"`)
    .replaceAll(GROUPINGS, " ")
    .replaceAll(/\[[^\]]*\]/g, " ")
    .replaceAll(KEYWORDS, " ");
  const restored = (text: string): string =>
    text.replaceAll(/"(\d+)"/g, (_, index: string) => strings[Number(index)] ?? "");
  return [
    ...named,
    ...[...plain.matchAll(/([a-zA-Z_][a-zA-Z0-9_:]*)\s*(\{[^}]*\}|\()?/g)]
      // A name before a bracket is a function's, or an operator's; a unit follows a number.
      .filter(([, , after]) => after !== "(")
      .filter(({ index }) => !/[0-9.]/.test(plain[index - 1] ?? ""))
      .map(([, metric = "", matchers = ""]) => ({ metric, matchers: restored(matchers) })),
  ];
}

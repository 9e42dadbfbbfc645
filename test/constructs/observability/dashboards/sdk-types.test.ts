import { type Dashboard, type Panel } from "@grafana/grafana-foundation-sdk/dashboard";

import { JSON_BY_UID, panelsOf, parse } from "./support";
import { SdkTypes } from "./sdk-types";

const types = new SdkTypes();

/** Every difference between a dashboard and the SDK's types. */
function problemsOf(dashboard: Dashboard): readonly string[] {
  // The SDK's type of a panel's targets has no field at all: each data source has a type of its own.
  const withoutTargets: unknown = JSON.parse(
    JSON.stringify(dashboard, (key, value: unknown) => (key === "targets" ? [] : value)),
  );
  return [...types.problems(withoutTargets, "dashboard"), ...panelsOf(dashboard).flatMap(problemsOfPanel)];
}

function problemsOfPanel(panel: Panel): readonly string[] {
  const { type, title, options, fieldConfig, targets = [] } = panel;
  const at = `panel ${title}`;
  const { custom, links = [] } = fieldConfig?.defaults ?? {};
  return [
    ...(options === undefined ? [] : types.problems(options, `${type} options`, `${at}: options`)),
    ...(custom === undefined ? [] : types.problems(custom, `${type} custom`, `${at}: custom`)),
    ...targets.flatMap((target) => types.problems(target, "target", `${at}: target`)),
    ...links.flatMap((link) => types.problems(link, "link", `${at}: link`)),
    ...overridesOf(panel).flatMap(({ id, value }) => problemsOfOverride(type, id, value, `${at}: ${id}`)),
  ];
}

const overridesOf = ({ fieldConfig }: Panel) => (fieldConfig?.overrides ?? []).flatMap(({ properties }) => properties);

function problemsOfOverride(type: string, id: string, value: unknown, at: string): readonly string[] {
  const [, field] = /^custom\.(.+)/.exec(id) ?? [];
  return field === undefined
    ? types.problems({ defaults: { [id]: value }, overrides: [] }, "field config", at)
    : types.problems({ [field]: value }, `${type} custom`, at);
}

describe("the dashboards' JSON", () => {
  test.each(Object.entries(JSON_BY_UID))("of %s is what the SDK's types say", (_, json) => {
    expect(problemsOf(parse(json))).toEqual([]);
  });

  const json = JSON_BY_UID["fleet"] ?? "";

  test.each([
    ["a field that no dashboard has", '"refresh":', '"refreshh":', "dashboard.refreshh: the SDK has no such field"],
    ["a field that is missing", '"schemaVersion":', '"version":', "dashboard.schemaVersion: is missing"],
    ["a word that an enumeration lacks", '"mode":"absolute"', '"mode":"absolut"', /absolut/],
    ["an option that the kind of panel lacks", '"displayMode":"basic"', '"displayMode":"plain"', /plain/],
    ["a style that a graph lacks", '"fillOpacity":20', '"fillOpacity":"20"', /"20"/],
    [
      "an override of nothing",
      '"id":"custom.lineStyle"',
      '"id":"custom.lineStile"',
      /lineStile: the SDK has no such field/,
    ],
    [
      "a query's field that Prometheus lacks",
      '"legendFormat":',
      '"legend":',
      /target.legend: the SDK has no such field/,
    ],
  ])("is caught with %s", (_, from, to, problem) => {
    expect(json).toContain(from);
    expect(problemsOf(parse(json.replace(from, to))).join("\n")).toMatch(problem);
  });
});

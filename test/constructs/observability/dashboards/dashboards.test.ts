import { type Dashboard, type GridPos } from "@grafana/grafana-foundation-sdk/dashboard";

import { problemsOf } from "./promql";
import { expressionsOf, JSON_BY_UID, panelsOf, parse } from "./support";

const DASHBOARDS = Object.entries(JSON_BY_UID).map(([uid, json]) => [uid, parse(json)] as const);

/** Pairs of panels that lie over each other, and panels that stand out of the grid, by title. */
function misplaced(dashboard: Dashboard): readonly string[] {
  const placed = (dashboard.panels ?? []).map(({ title = "", gridPos }) => ({ title, place: gridPos as GridPos }));
  const outside = placed.filter(({ place: { x, y, w } }) => x < 0 || y < 0 || x + w > 24).map(({ title }) => title);
  const overlaps = placed.flatMap((one, index) =>
    placed
      .slice(index + 1)
      .filter((other) => overlap(one.place, other.place))
      .map((other) => `${one.title} / ${other.title}`),
  );
  return [...outside, ...overlaps];
}

const overlap = (a: GridPos, b: GridPos): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

describe.each(DASHBOARDS)("dashboard %s", (uid, dashboard) => {
  const panels = panelsOf(dashboard);

  test("is found by its uid, and nobody edits it in Grafana", () => {
    expect(dashboard.uid).toBe(uid);
    expect(dashboard.editable).toBe(false);
  });

  test("says of each panel what it is, what it answers and in which unit", () => {
    expect(panels.length).toBeGreaterThan(5);
    for (const { title, description, fieldConfig } of panels) {
      expect(title).toMatch(/^[A-Z]/);
      expect(description).toMatch(/\?/);
      expect(fieldConfig?.defaults.unit).toBeTruthy();
    }
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  test("gives each panel and heading an id of its own", () => {
    const ids = (dashboard.panels ?? []).map(({ id }) => id);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("lays no panel over another and none outside of the grid", () => {
    expect(misplaced(dashboard)).toEqual([]);
  });

  test("asks only for what is there, in queries that are whole", () => {
    expect(panels.flatMap(expressionsOf).flatMap(problemsOf)).toEqual([]);
  });

  test("asks for something in every panel", () => {
    expect(panels.filter(({ targets = [] }) => targets.length === 0)).toEqual([]);
  });

  test("leads to the platform's dashboards, by links that no menu hides", () => {
    expect(dashboard.links?.[0]).toMatchObject({ type: "dashboards", tags: ["platform"] });
    expect(dashboard.links?.filter(({ placement }) => placement !== undefined)).toEqual([]);
  });

  test("leaves graphs their legend, which the SDK's own options hide", () => {
    const graphs = panels.filter(({ type }) => type === "timeseries");
    expect(graphs.filter(({ options }) => options !== undefined)).toEqual([]);
  });
});

describe("the check of places", () => {
  const [, fleet] = DASHBOARDS[0] ?? [];
  const moved = (gridPos: Partial<GridPos>): Dashboard => {
    const copy = structuredClone(fleet as Dashboard);
    const panel = copy.panels?.[2];
    return {
      ...copy,
      panels: [...(copy.panels ?? []).slice(0, 2), { ...panel, gridPos: { ...panel?.gridPos, ...gridPos } } as never],
    };
  };

  test("sees a panel over another", () => {
    expect(misplaced(moved({ x: 0 }))).toEqual(["Tenants / Alerts"]);
  });

  test("sees a panel outside of the grid", () => {
    expect(misplaced(moved({ x: 19 }))).toEqual(["Alerts"]);
  });
});

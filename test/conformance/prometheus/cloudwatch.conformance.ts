import { join } from "node:path";
import { exportManifests } from "../../../tools/manifests/export";
import type { JsonObject } from "../../../tools/manifests/json";
import { Run } from "../run";
import { CloudWatchClient } from "./cloudwatch";
import { type PanelQuery, panelQueries } from "./dashboards";
import { Moto } from "./moto";
import { RDS_METRICS } from "./rds-metrics";

describe("Panels that read CloudWatch", () => {
  const moto = new Moto(join(Run.current().folder, "moto"));
  let client: CloudWatchClient;
  let panels: readonly (readonly PanelQuery[])[];

  beforeAll(async () => {
    const objects = exportManifests(Run.current().outDir).map(({ object }) => object);
    const queries = panelQueries(objects, (uid) => uid === "database").filter(
      ({ datasource }) => datasource === "cloudwatch",
    );
    const titles = new Set(queries.map(({ panel }) => panel));
    panels = [...titles].map((title) => queries.filter(({ panel }) => panel === title));
    await moto.start();
    client = new CloudWatchClient(moto.url, Math.floor(Date.now() / 1_000));
    await client.publish(RDS_METRICS);
  });

  afterAll(() => moto.stop());

  async function problemsOf(changed: readonly (readonly PanelQuery[])[]): Promise<readonly string[]> {
    return (await Promise.all(changed.map((queries) => client.problemsOf(queries)))).flat();
  }

  test("each of their queries returns data of what RDS publishes", async () => {
    expect(panels.length).toBeGreaterThanOrEqual(10);
    expect(await problemsOf(panels)).toEqual([]);
  });

  const mutate = (panel: string, change: (target: JsonObject) => JsonObject): readonly (readonly PanelQuery[])[] =>
    panels
      .filter(([query]) => query?.panel === panel)
      .map((queries) => queries.map((query) => ({ ...query, target: { ...query.target, ...change(query.target) } })));

  test.each<[string, (target: JsonObject) => JsonObject, string]>([
    [
      "a metric that RDS does not have",
      () => ({ metricName: "CpuUtilization" }),
      "nobody publishes AWS/RDS CpuUtilization",
    ],
    ["another service's namespace", () => ({ namespace: "AWS/EC2" }), "nobody publishes AWS/EC2 CPUUtilization"],
    ["dimensions that it is not published with", () => ({ dimensions: { ProxyName: "x" } }), "nobody publishes"],
    ["a statistic that CloudWatch does not have", () => ({ statistic: "Mean" }), 'CloudWatch has no statistic "Mean"'],
  ])("%s is caught", async (_, change, problem) => {
    expect(await problemsOf(mutate("CPU", change))).toEqual([expect.stringContaining(`database, "CPU": ${problem}`)]);
  });

  test("an expression over a query that is not there is caught", async () => {
    const changed = mutate("Pinned connections", ({ expression }) =>
      expression === undefined ? {} : { expression: "part0 / all" },
    );
    expect(await problemsOf(changed)).toEqual([
      'database, "Pinned connections": "part0 / all" reads "all", which is no query of the panel',
    ]);
  });
});

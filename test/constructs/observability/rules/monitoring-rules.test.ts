import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { ENVIRONMENTS } from "../../../../config";
import { MonitoringRules } from "../../../../constructs/observability/rules";
import { RATE_LIMIT_DEPLOYMENT } from "../../../../constructs/observability/rules/gateway-alerts";
import { RATE_LIMIT } from "../../../../constructs/mesh/names";
import { RUNBOOKS } from "../../../../constructs/observability/rules/rule";
import { onlyResource, type ResourceJson, synthInCluster } from "../../../support/synth";
import { ALERTING } from "./support";

const FOLDER = join(__dirname, "../../../../docs/runbooks");
const BASE = "https://github.com/taskflow/platform/blob/main/docs/runbooks/";

const resource = onlyResource(
  synthInCluster((scope) => {
    new MonitoringRules(scope, "rules", { environment: ENVIRONMENTS.production, dependsOn: [] });
  }),
  "helm_release",
);
const objects = (JSON.parse(resource["values"][0]) as { manifests: ResourceJson[] }).manifests;

describe("MonitoringRules", () => {
  test("are two objects of the operator's kind in one release", () => {
    expect(objects.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata])).toEqual([
      ["monitoring.coreos.com/v1", "PrometheusRule", { name: "platform-recording", namespace: "observability" }],
      ["monitoring.coreos.com/v1", "PrometheusRule", { name: "platform-alerts", namespace: "observability" }],
    ]);
    expect(resource["name"]).toBe("platform-rules");
  });

  test("have nothing in them that Terraform would take for its own", () => {
    expect(JSON.stringify(objects)).not.toMatch(/[$%]\{/);
  });
});

describe("every alert", () => {
  test.each(ALERTING.map((rule) => [`${rule.alert} ${rule.labels["window"] ?? rule.labels["severity"] ?? ""}`, rule]))(
    "%s says whom it reaches, what is wrong and where to look",
    (_, rule) => {
      expect(["page", "ticket", "owner", "{{ $labels.alerts }}"]).toContain(rule.labels["severity"]);
      expect(Object.keys(rule.annotations).sort()).toEqual(["dashboard", "description", "runbook_url", "summary"]);
      expect(rule.annotations["summary"]).not.toMatch(/\$value/);
      expect(rule.annotations["dashboard"]).toMatch(/^(\/d\/(fleet|gateway|database)|.*\/d\/tenant-.*)$/);
      const page = rule.annotations["runbook_url"]?.replace(BASE, "") ?? "";
      expect(readFileSync(join(FOLDER, page), "utf8")).toContain(rule.alert);
    },
  );

  test("of a name has one summary, and each rule of it its own labels", () => {
    const summaries = new Map(ALERTING.map((rule) => [rule.alert, rule.annotations["summary"]]));
    expect(ALERTING.filter((rule) => summaries.get(rule.alert) !== rule.annotations["summary"])).toEqual([]);
    const identities = ALERTING.map((rule) => JSON.stringify([rule.alert, rule.labels]));
    expect(new Set(identities).size).toBe(identities.length);
  });

  test("about a tenant names it and the tier", () => {
    const about = ALERTING.filter((rule) => rule.annotations["dashboard"]?.includes("$labels.tenant"));
    expect(about.length).toBeGreaterThan(10);
    expect(about.filter((rule) => !rule.annotations["summary"]?.includes("{{ $labels.tenant }}"))).toEqual([]);
  });
});

test("every runbook exists and is listed, and nothing else is in their folder", () => {
  const pages = readdirSync(FOLDER).filter((name) => name !== "README.md");
  expect(pages.filter((name) => !RUNBOOKS.some((page) => `${page}.md` === name))).toEqual([
    "backups.md",
    "database-login-failures.md",
    "onboarding.md",
    "region-failover.md",
    "replica-lag.md",
    "tenant-restore.md",
  ]);
  const listed = readFileSync(join(FOLDER, "README.md"), "utf8");
  expect(pages.filter((name) => !listed.includes(`](${name})`))).toEqual([]);
});

test("the rate limit's alert looks at the Deployment that is deployed", () => {
  expect(RATE_LIMIT_DEPLOYMENT).toBe(RATE_LIMIT.service);
});

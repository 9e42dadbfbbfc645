import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";

import { ENVIRONMENTS } from "../../../../config";
import { DatabaseInstance } from "../../../../constructs/database/instance";
import { DatabaseProxy } from "../../../../constructs/database/proxy";
import { proxyPool } from "../../../../constructs/database/proxy-pool";
import { PlatformDashboards } from "../../../../constructs/observability";
import { databaseDashboard } from "../../../../constructs/observability/dashboards/database";
import { RECORDED } from "../../../../constructs/observability/rules";
import { account, LOGS_KEY_ARN, NETWORK } from "../../../support/cluster";
import { onlyResource, synthConstruct, synthInCluster } from "../../../support/synth";
import { objectsOf } from "../../../support/tenants";
import { boundsOf, expressionsOf, JSON_BY_UID, panelOf, parse } from "./support";

const dashboard = (uid: string) => parse(JSON_BY_UID[uid] ?? "");
const query = (uid: string, title: string): readonly string[] => expressionsOf(panelOf(dashboard(uid), title));

describe("PlatformDashboards", () => {
  const configMaps = objectsOf(
    synthInCluster((scope) => {
      const namespace = new NamespaceV1(scope, "namespace", { metadata: { name: "observability" } });
      new PlatformDashboards(scope, "dashboards", {
        environment: ENVIRONMENTS.production,
        databaseName: "taskflow",
        dependsOn: [namespace],
      });
    }),
    "kubernetes_config_map_v1",
  );

  test("bring fleet, gateway, database and cost to one folder, where Grafana's sidecar looks", () => {
    expect(Object.keys(configMaps).sort()).toEqual([
      "dashboard-cost",
      "dashboard-database",
      "dashboard-fleet",
      "dashboard-gateway",
    ]);
    for (const [name, configMap] of Object.entries(configMaps)) {
      expect(configMap["metadata"]).toEqual({
        name,
        namespace: "observability",
        labels: { grafana_dashboard: "1" },
        annotations: { grafana_folder: "Platform" },
      });
      expect(configMap["depends_on"]).toEqual(["kubernetes_namespace_v1.namespace"]);
    }
  });

  test("hold nothing that Terraform would take for an expression, and what Grafana shall take for one", () => {
    const texts = Object.values(configMaps).flatMap((configMap) =>
      Object.values(configMap["data"] as object).map(String),
    );
    expect(texts).toHaveLength(4);
    for (const text of texts) {
      expect(text).not.toMatch(/(?<!\$)\$\{|(?<!%)%\{/);
    }
    const fleet = String(configMaps["dashboard-fleet"]?.["data"]["dashboard-fleet.json"]);
    expect(fleet).toContain('"url":"/d/tenant-$${__field.labels.tenant}"');
    expect(fleet.replaceAll("$${", "${")).toBe(JSON_BY_UID["fleet"]);
  });
});

describe("the fleet's dashboard", () => {
  test.each([
    ["P99 latency", "topk(10, tenant:latency_milliseconds:p99_5m)"],
    ["Server errors in an hour", "topk(10, tenant:errors:rate1h / (tenant:requests:rate1h > 0))"],
    ["Throttled requests a minute", "topk(10, 60 * tenant:throttled:rate5m)"],
    ["Quota used", "topk(10, max by(tenant,tier)(tenant:quota:ratio))"],
    ["Database connections used", "topk(10, tenant:database_connections:ratio)"],
  ])("ranks tenants by %s, each a link to its own dashboard", (title, expr) => {
    const panel = panelOf(dashboard("fleet"), title);
    expect(panel).toMatchObject({ type: "bargauge", targets: [{ expr, instant: true }] });
    expect(panel.fieldConfig?.defaults.links?.[0]?.url).toBe("/d/tenant-${__field.labels.tenant}");
  });

  test("colours what can be bad by its bounds, and all else as nothing in particular", () => {
    const config = (title: string) => panelOf(dashboard("fleet"), title).fieldConfig?.defaults;
    expect(config("Quota used")?.color).toBeUndefined();
    expect(boundsOf(panelOf(dashboard("fleet"), "Quota used")).at(-1)).toEqual([0.95, "red"]);
    expect(config("Throttled requests a minute")?.color).toEqual({ mode: "fixed", fixedColor: "blue" });
    expect(config("Tenants")?.color).toEqual({ mode: "fixed", fixedColor: "blue" });
  });

  test("has a row for each tenant, a column for each of its troubles", () => {
    const table = panelOf(dashboard("fleet"), "All tenants");
    expect(table.transformations?.[1]).toEqual({
      id: "organize",
      options: {
        excludeByName: { Time: true },
        renameByName: {
          "Value #A": "P99",
          "Value #B": "Requests a minute",
          "Value #C": "Errors in an hour",
          "Value #D": "Throttled a minute",
          "Value #E": "Quota used",
          "Value #F": "Database connections",
        },
      },
    });
    expect(table.options).toMatchObject({ sortBy: [{ displayName: "P99", desc: true }] });
    expect(table.fieldConfig?.overrides[0]?.properties[0]?.value).toMatchObject([{ url: "/d/tenant-${__value.raw}" }]);
    expect(table.targets?.map((target) => "refId" in target && target.refId)).toEqual(["A", "B", "C", "D", "E", "F"]);
  });

  test("shows how fast each tier spends its budget against the factors that page", () => {
    expect(query("fleet", "Error budget burn by tier, an hour")).toEqual([
      "tier:errors:rate1h / (tier:requests:rate1h > 0) / on(tier) tier:error_budget:ratio",
    ]);
    expect(boundsOf(panelOf(dashboard("fleet"), "Error budget burn by tier, an hour"))).toEqual([
      [null, "green"],
      [6, "orange"],
      [14.4, "red"],
    ]);
  });

  test("shows the room that is left against nodes and the proxy's pool", () => {
    expect(query("fleet", "CPU of the nodes, in cores").at(-1)).toBe(
      "sum(kube_node_status_allocatable{resource='cpu'})",
    );
    expect(query("fleet", "Memory of the nodes")[0]).toContain("container='istio-proxy'");
    expect(query("fleet", "Database connections")).toEqual(["sum(sql_tenant_connections)", "vector(2270)"]);
  });
});

describe("the gateway's dashboard", () => {
  test("tells a slow gateway before fast upstreams from slow upstreams", () => {
    expect(query("gateway", "P99 at the gateway and upstream")).toEqual([
      "gateway:latency_milliseconds:p99_5m",
      "gateway:upstream_latency_milliseconds:p99_5m",
    ]);
  });

  test("shows pools that fill, queue and overflow", () => {
    expect(query("gateway", "Requests that wait or are refused")).toEqual([
      "max(gateway:pool_pending:max)",
      "sum(gateway:pool_pending:max)",
      "sum(gateway:pool_overflow:rate5m)",
    ]);
    expect(query("gateway", "Fullest pools")).toEqual(["topk(10, gateway:pool_connections:ratio)"]);
  });

  test("has a value where nothing has failed yet", () => {
    expect(query("gateway", "Server errors by flag")).toEqual([RECORDED.gatewayErrors]);
    expect(query("gateway", "Rate limit service").every((expr) => expr.endsWith(" or vector(0))"))).toBe(true);
  });
});

describe("the database's dashboard", () => {
  const infrastructure = synthConstruct((scope) => {
    const placement = {
      account: account(scope),
      name: "taskflow",
      subnetIds: NETWORK.databaseSubnetIds,
      securityGroupId: "sg",
      logsKeyArn: LOGS_KEY_ARN,
      logRetentionDays: 90,
    };
    const plan = ENVIRONMENTS.production.database;
    const { instance } = new DatabaseInstance(scope, "instance", { ...placement, plan });
    new DatabaseProxy(scope, "proxy", { ...placement, instance, attached: true, pool: proxyPool(plan.instanceClass) });
  });

  test("asks CloudWatch for the proxy and the instance by the names that they are made with", () => {
    const ofCloudWatch = panelOf(dashboard("database"), "Connections to the instance");
    expect(ofCloudWatch.datasource).toEqual({ uid: "cloudwatch" });
    expect(ofCloudWatch.targets?.[0]).toMatchObject({
      namespace: "AWS/RDS",
      metricName: "DatabaseConnections",
      statistic: "Sum",
      period: "60",
      dimensions: { ProxyName: onlyResource(infrastructure, "aws_db_proxy")["name"] as unknown },
    });
    expect(panelOf(dashboard("database"), "CPU").targets?.[0]).toMatchObject({
      dimensions: { DBInstanceIdentifier: onlyResource(infrastructure, "aws_db_instance")["identifier"] as unknown },
    });
  });

  test("asks for those of another database by its name", () => {
    const other = databaseDashboard("taskflow-dr");
    expect(other.replaceAll("taskflow-dr", "taskflow")).toBe(JSON_BY_UID["database"]);
    expect(panelOf(parse(other), "Client connections").targets?.[0]).toMatchObject({
      dimensions: { ProxyName: "taskflow-dr-proxy" },
    });
  });

  test("computes the share of pinned connections from two hidden metrics", () => {
    const targets = panelOf(dashboard("database"), "Pinned connections").targets as unknown as readonly object[];
    expect(targets).toMatchObject([
      { id: "part0", refId: "A1", hide: true, metricName: "DatabaseConnectionsCurrentlySessionPinned" },
      { id: "whole0", refId: "A2", hide: true, metricName: "DatabaseConnections" },
      { id: "a", refId: "A", expression: "part0 / whole0" },
    ]);
    expect(targets[2]).not.toHaveProperty("hide");
  });
});

describe("the cost dashboard", () => {
  test("prices what tenants request by what a node's core and memory cost together", () => {
    // m6i.large: 0.124 an hour, 730 hours, 2 cores and 8 GiB.
    const [compute = ""] = query("cost", "Compute a month, by tier");
    expect(compute).toBe(
      "sum by(tier)(29.46 * tenant:cpu_requested:cores + 3.95 * tenant:memory_requested:bytes / 2^30)",
    );
    expect(2 * 29.46 + 8 * 3.95).toBeCloseTo(0.124 * 730, 1);
  });

  test("sets it against what active tenants pay", () => {
    expect(query("cost", "Income a month, by tier")).toEqual([
      "count by(tier)(tenant:info{state='active'}) * on(tier) (" +
        "label_replace(vector(29), 'tier', 'starter', '', '') or " +
        "label_replace(vector(99), 'tier', 'standard', '', '') or " +
        "label_replace(vector(499), 'tier', 'enterprise', '', ''))",
    ]);
    expect(query("cost", "Margin over compute, by tier")[0]).toMatch(/^1 - sum by\(tier\)\(.+\) \/ \(count by/);
  });

  test("shows the nodes' CPU against the brief's 60 %, small values being bad", () => {
    expect(boundsOf(panelOf(dashboard("cost"), "CPU used of all nodes"))).toEqual([
      [null, "red"],
      [0.3, "orange"],
      [0.6, "green"],
    ]);
  });
});

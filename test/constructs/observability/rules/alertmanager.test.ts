import { alertmanagerConfig } from "../../../../constructs/observability/rules";
import type { AlertmanagerRoute } from "../../../../constructs/observability/rules/alertmanager";
import { ALERTING } from "./support";

type Labels = Readonly<Record<string, string>>;

const arn = (name: string): string => `arn:aws:sns:ap-northeast-1:111122223333:taskflow-alarms-${name}`;
const config = alertmanagerConfig({
  pageTopicArn: arn("page"),
  ticketTopicArn: arn("ticket"),
  ownerTopicArn: arn("owner"),
  watchdogTopicArn: arn("watchdog"),
  region: "ap-northeast-1",
});

/** Alertmanager's matching, as far as the configuration uses it. */
function matches(matchers: readonly string[] | undefined, labels: Labels): boolean {
  return (matchers ?? []).every((matcher) => {
    const [, name = "", operator, value = ""] = /^([a-z_]+)(=~?)"(.*)"$/.exec(matcher) ?? [];
    const actual = labels[name] ?? "";
    return operator === "=~" ? new RegExp(`^(?:${value})$`).test(actual) : actual === value;
  });
}

/** The route that an alert takes: the first that matches; none goes on to another. */
function routeOf(labels: Labels): AlertmanagerRoute {
  return config.route.routes?.find((route) => matches(route.matchers, labels)) ?? config.route;
}

/** Alerts that a firing one silences, of those given. */
function silenced(source: Labels, targets: readonly Labels[]): readonly Labels[] {
  return targets.filter((target) =>
    config.inhibit_rules.some(
      (rule) =>
        matches(rule.source_matchers, source) &&
        matches(rule.target_matchers, target) &&
        rule.equal.every((name) => source[name] === target[name]),
    ),
  );
}

describe("alertmanagerConfig", () => {
  test.each([
    [{ severity: "page" }, "page"],
    [{ severity: "critical" }, "page"],
    [{ severity: "ticket" }, "ticket"],
    [{ severity: "warning" }, "ticket"],
    [{ severity: "owner", tenant: "acme" }, "owner"],
    [{ severity: "info" }, "nobody"],
    [{ alertname: "Watchdog", severity: "ticket" }, "watchdog"],
    [{ severity: "of a chart to come" }, "ticket"],
  ])("sends %j to %s", (labels: Labels, receiver) => {
    expect(routeOf(labels).receiver).toBe(receiver);
  });

  test("sends nothing to two receivers: no route goes on, and each receiver has one topic", () => {
    expect(JSON.stringify(config.route)).not.toContain("continue");
    expect(config.receivers.map(({ name, sns_configs }) => [name, sns_configs?.map((sns) => sns.topic_arn)])).toEqual([
      ["page", [arn("page")]],
      ["ticket", [arn("ticket")]],
      ["owner", [arn("owner")]],
      ["watchdog", [arn("watchdog")]],
      ["nobody", undefined],
    ]);
  });

  test("makes one message of a tier's outage, and one for each tenant's owner", () => {
    expect(routeOf({ severity: "page" }).group_by).toEqual(["alertname", "tier"]);
    expect(routeOf({ severity: "owner" }).group_by).toEqual(["alertname", "tenant"]);
  });

  test("holds no credential: the pod's identity signs", () => {
    for (const { sns_configs } of config.receivers) {
      for (const sns of sns_configs ?? []) {
        expect(sns.sigv4).toEqual({ region: "ap-northeast-1" });
      }
    }
  });

  test("gives each message attributes that SNS accepts: never empty", () => {
    expect(config.receivers[0]?.sns_configs?.[0]?.attributes).toEqual({
      tenant: '{{ or .CommonLabels.tenant "-" }}',
      severity: '{{ or .CommonLabels.severity "-" }}',
    });
  });
});

describe("what is silent while something else is told", () => {
  const tenant = { alertname: "TenantErrorBudgetBurn", severity: "ticket", tenant: "acme", tier: "standard" };
  const quota = { alertname: "TenantQuotaNearlyUsed", severity: "ticket", tenant: "acme", tier: "standard" };

  test("a tier's page silences its tenants' burning budgets and no other tier's", () => {
    const page = { alertname: "TierErrorBudgetBurn", severity: "page", tier: "standard" };
    const enterprise = { ...tenant, tier: "enterprise", severity: "page" };
    expect(silenced(page, [tenant, { ...tenant, severity: "page" }, enterprise, quota])).toEqual([
      tenant,
      { ...tenant, severity: "page" },
    ]);
  });

  test("a tier's ticket silences nothing", () => {
    const ticket = { alertname: "TierErrorBudgetBurn", severity: "ticket", tier: "standard" };
    expect(silenced(ticket, [tenant, quota])).toEqual([]);
  });

  test("a slow gateway silences the tenants that suffer from it", () => {
    expect(silenced({ alertname: "GatewaySlow", severity: "page" }, [tenant, quota])).toEqual([tenant]);
  });

  test("a page about a tenant silences the ticket about the same", () => {
    const page = { ...tenant, severity: "page" };
    expect(silenced(page, [tenant, { ...tenant, tenant: "beta" }, quota])).toEqual([tenant]);
  });

  test("names only alerts that exist", () => {
    const names = [...JSON.stringify(config.inhibit_rules).matchAll(/alertname=~\\"([^"\\]+)\\"/g)].flatMap(
      ([, pattern = ""]) => pattern,
    );
    for (const pattern of names) {
      expect(ALERTING.some((rule) => new RegExp(`^(?:${pattern})$`).test(rule.alert))).toBe(true);
    }
    expect(names).toHaveLength(4);
  });
});

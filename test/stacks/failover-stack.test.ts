import type { SecondaryEnvironment } from "../../config";
import { FailoverStack } from "../../stacks/failover-stack";
import { ALERT_TOPICS, resourceWith } from "../support/cluster";
import { serving, standby } from "../support/regions";
import { resourcesOf, type StackJson, synthStack, testApp } from "../support/synth";

const build = (environment: SecondaryEnvironment): StackJson =>
  synthStack(new FailoverStack(testApp(), "dr-dns", { environment, alertTopics: ALERT_TOPICS }));

/** Verdicts of the two deep checks, as Route 53 gets them. */
interface Seen {
  readonly primary: boolean;
  readonly secondary: boolean;
}

/** The region that Route 53 answers with (Route 53 developer guide, active-passive failover and disabled checks). */
function answer(json: StackJson, seen: Seen): string {
  const checks = resourcesOf(json, "aws_route53_health_check");
  const healthy = (reference: string): boolean => {
    const check = checks[/^\$\{aws_route53_health_check\.(.*)\.id\}$/.exec(reference)?.[1] ?? ""];
    if (check?.["type"] === "CALCULATED") {
      const children = check["child_healthchecks"] as string[];
      return children.filter(healthy).length >= check["child_health_threshold"];
    }
    const verdict =
      check?.["disabled"] === true || seen[check?.["fqdn"].startsWith("us-east-1") ? "secondary" : "primary"];
    return check?.["invert_healthcheck"] === true ? !verdict : verdict;
  };
  const record = (type: string) =>
    Object.values(resourcesOf(json, "aws_route53_record")).find(
      ({ failover_routing_policy }) => failover_routing_policy.type === type,
    );
  const [primary, secondary] = [record("PRIMARY"), record("SECONDARY")];
  const chosen =
    healthy(primary?.["health_check_id"]) || !healthy(secondary?.["health_check_id"]) ? primary : secondary;
  return chosen?.["alias"].name as string;
}

const TOKYO = "ap-northeast-1.region.taskflow.example.com";
const VIRGINIA = "us-east-1.region.taskflow.example.com";
const VERDICTS: readonly Seen[] = [true, false].flatMap((primary) =>
  [true, false].map((secondary) => ({ primary, secondary })),
);

describe("FailoverStack", () => {
  const json = build(standby());

  test("is what was reviewed", () => {
    expect(json).toMatchSnapshot();
  });

  test("keeps its state in the secondary region, and reads none of the primary's", () => {
    expect(json.terraform?.["backend"]).toMatchObject({
      s3: { bucket: "taskflow-production-terraform-state-dr", region: "us-east-1" },
    });
    expect(Object.keys(json.data ?? {})).toEqual(["aws_route53_zone"]);
  });

  test.each(VERDICTS)("standing by, leads every host to the primary, whatever is seen (%j)", (seen) => {
    expect(answer(json, seen)).toBe(TOKYO);
  });

  test.each(VERDICTS)("serving, leads every host to the secondary, whatever is seen (%j)", (seen) => {
    expect(answer(build(serving()), seen)).toBe(VIRGINIA);
  });

  test("asks each region for its api-gateway from three places or more, none of them one of the two", () => {
    const deep = Object.values(resourcesOf(json, "aws_route53_health_check")).filter(({ type }) => type === "HTTPS");

    expect(deep.map(({ fqdn }) => fqdn as string).sort()).toEqual([TOKYO, VIRGINIA]);
    for (const check of deep) {
      expect(check).toMatchObject({
        resource_path: "/healthz/ready",
        port: 443,
        enable_sni: true,
        measure_latency: false,
      });
      expect(check["regions"].length).toBeGreaterThanOrEqual(3);
      expect(check["regions"]).not.toContain("ap-northeast-1");
      expect(check["regions"]).not.toContain("us-east-1");
    }
  });

  test.each([
    ["standby", "primary", ALERT_TOPICS.page],
    ["standby", "secondary", ALERT_TOPICS.ticket],
    ["serving", "primary", ALERT_TOPICS.ticket],
    ["serving", "secondary", ALERT_TOPICS.page],
  ])("%s: a check of the %s that fails goes where it belongs", (role, region, topic) => {
    const stack = role === "standby" ? json : build(serving());

    expect(
      resourceWith(stack, "aws_cloudwatch_metric_alarm", { alarm_name: `taskflow-region-${region}` }),
    ).toMatchObject({
      namespace: "AWS/Route53",
      metric_name: "HealthCheckStatus",
      threshold: 1,
      comparison_operator: "LessThanThreshold",
      dimensions: { HealthCheckId: expect.stringContaining(`${region}-check`) },
      alarm_actions: [topic],
      alarm_description: expect.stringContaining("See docs/runbooks/region-failover.md."),
    });
  });

  test("puts its alarms where the metrics of health checks are", () => {
    expect(json.provider?.["aws"]).toEqual([expect.objectContaining({ region: "us-east-1" })]);
  });
});

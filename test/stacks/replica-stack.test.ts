import { readFileSync } from "node:fs";

import { type Environment, ENVIRONMENTS } from "../../config";
import { functionBundle } from "../../constructs/function";
import { RdsStack } from "../../stacks/rds-stack";
import { ReplicaStack } from "../../stacks/replica-stack";
import { expressions, NETWORK, resolved, resourceWith } from "../support/cluster";
import { inTwoRegions, secondaryOf, standby } from "../support/regions";
import { onlyResource, resourcesOf, type StackJson, synthStack, testApp } from "../support/synth";

const SOURCE_ARN = "arn:aws:rds:ap-northeast-1:111122223333:db:taskflow";

function replicaIn(environment: Environment): ReplicaStack {
  return new ReplicaStack(testApp(), "dr-rds", { environment, network: NETWORK });
}

describe("ReplicaStack", () => {
  const stack = replicaIn(standby());
  const json = synthStack(stack);
  const serving = synthStack(replicaIn(secondaryOf(inTwoRegions("serving"))));
  const key = expect.stringMatching(/^\$\{aws_kms_key\.database_instance_key_.*\.arn\}$/) as unknown;
  const alarmNames = (one: StackJson) =>
    Object.values(resourcesOf(one, "aws_cloudwatch_metric_alarm")).map((alarm) => String(alarm["alarm_name"]));
  const categories = (one: StackJson) =>
    resourceWith(one, "aws_db_event_subscription", { source_type: "db-instance" })["event_categories"] as string[];

  test("is what was reviewed", () => {
    // Code is reviewed as code: its hash would change this with every line of it.
    const { hash, sourceCodeHash } = functionBundle("tenant-database");
    const reviewed = JSON.stringify(json).replaceAll(hash, "HASH").replaceAll(sourceCodeHash, "HASH");
    expect(JSON.parse(reviewed)).toMatchSnapshot();
  });

  test("stands in the secondary region and asks nothing of the primary's state", () => {
    expect(json.provider).toMatchObject({ aws: [{ region: "us-east-1" }] });
    expect(json.data).not.toHaveProperty("terraform_remote_state");
  });

  test("tells other stacks what the database of the primary region tells", () => {
    const primary = new RdsStack(testApp(), "rds", { environment: inTwoRegions("standby"), network: NETWORK });
    expect(Object.keys(stack.database)).toEqual(Object.keys(primary.database));
    expect(expressions(stack, stack.database)).toMatchObject({
      name: "taskflow-dr",
      proxyEndpoint: expect.stringMatching(/aws_db_proxy_endpoint\..*\.endpoint/),
      keyArn: key,
    });
  });

  test("names the database of the primary region as that region does", () => {
    const primary = synthStack(
      new RdsStack(testApp(), "rds", { environment: inTwoRegions("standby"), network: NETWORK }),
    );
    expect(SOURCE_ARN).toBe(
      `arn:aws:rds:ap-northeast-1:111122223333:db:${String(onlyResource(primary, "aws_db_instance")["identifier"])}`,
    );
    expect(resolved(String(onlyResource(json, "aws_db_instance")["replicate_source_db"]))).toBe(SOURCE_ARN);
  });

  test("has the primary's automated backups under its own key, in `serving` too: what precedes the promotion", () => {
    for (const one of [json, serving]) {
      const backups = onlyResource(one, "aws_db_instance_automated_backups_replication");
      expect(JSON.parse(resolved(JSON.stringify(backups)))).toEqual({
        source_db_instance_arn: SOURCE_ARN,
        kms_key_id: key,
        retention_period: 14,
      });
    }
  });

  test("as a standby its proxy has an endpoint and leads nowhere: a proxy takes no replica", () => {
    expect(onlyResource(json, "aws_db_proxy_endpoint")).toMatchObject({
      db_proxy_endpoint_name: "taskflow-dr-proxy-three-zones",
      target_role: "READ_WRITE",
    });
    expect(onlyResource(json, "aws_db_proxy_default_target_group")).toHaveProperty("connection_pool_config");
    expect(resourcesOf(json, "aws_db_proxy_target")).toEqual({});
  });

  test("as a standby it tells when it lags more than an idle source explains, falls silent, or replicates no more", () => {
    expect(
      resourceWith(json, "aws_cloudwatch_metric_alarm", { alarm_name: "taskflow-dr-database-replica-lag" }),
    ).toMatchObject({
      threshold: 600,
      comparison_operator: "GreaterThanThreshold",
      treat_missing_data: "breaching",
      alarm_description: expect.stringMatching(/ See docs\/runbooks\/replica-lag\.md\.$/),
      metric_query: [{ metric: { metric_name: "ReplicaLag", stat: "Maximum" } }],
    });
    expect(categories(json)).toContain("read replica");
    expect(readFileSync("docs/runbooks/replica-lag.md", "utf8")).toContain("`taskflow-dr-database-replica-lag`");
  });

  test("serving it is promoted in place, attached to its proxy, and lags behind nobody", () => {
    expect(onlyResource(serving, "aws_db_instance")).not.toHaveProperty("replicate_source_db");
    expect(onlyResource(serving, "aws_db_proxy_target")).toMatchObject({
      db_instance_identifier: expect.stringMatching(/aws_db_instance\..*\.identifier/),
    });
    expect(alarmNames(serving)).toEqual(alarmNames(json).filter((name) => !name.endsWith("-replica-lag")));
    expect(categories(serving)).toEqual(categories(json).filter((category) => category !== "read replica"));
  });

  test("promotion takes nothing away but the alarm, and makes nothing but the proxy's target", () => {
    const made = (one: StackJson) => Object.values(one.resource ?? {}).flatMap((ofType) => Object.keys(ofType));
    const [before, after] = [made(json), made(serving)];
    expect(before.filter((id) => !after.includes(id))).toEqual([expect.stringMatching(/^database_alarms_replica-lag/)]);
    expect(after.filter((id) => !before.includes(id))).toEqual([expect.stringMatching(/^database_proxy_target/)]);
  });

  test("makes tenants by a function that does not bootstrap", () => {
    for (const one of [json, serving]) {
      expect(resourcesOf(one, "aws_lambda_invocation")).toEqual({});
    }
  });

  test("throws for a primary region", () => {
    expect(() => replicaIn(ENVIRONMENTS.production)).toThrow(
      new Error("dr-rds/database: ap-northeast-1 is a primary region; allowed: a secondary one"),
    );
  });
});

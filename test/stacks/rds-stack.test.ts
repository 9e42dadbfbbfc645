import { existsSync } from "node:fs";

import { ENVIRONMENTS } from "../../config";
import { functionBundle } from "../../constructs/function";
import { RdsStack } from "../../stacks/rds-stack";
import { expressions, NETWORK, resolved, resourceWith, statements } from "../support/cluster";
import { inTwoRegions } from "../support/regions";
import { onlyResource, resourcesOf, synthStack, testApp } from "../support/synth";

interface MetricQuery {
  readonly expression?: string;
  readonly metric?: { readonly metric_name: string; readonly stat: string };
}

describe("RdsStack", () => {
  const stack = new RdsStack(testApp(), "rds", { environment: ENVIRONMENTS.production, network: NETWORK });
  const json = synthStack(stack);
  const proxy = onlyResource(json, "aws_db_proxy");

  test("is what was reviewed", () => {
    // Code is reviewed as code: its hash would change this with every line of it.
    const { hash, sourceCodeHash } = functionBundle("tenant-database");
    const reviewed = JSON.stringify(json).replaceAll(hash, "HASH").replaceAll(sourceCodeHash, "HASH");
    expect(JSON.parse(reviewed)).toMatchSnapshot();
  });

  test("tells other stacks the proxy's ARN, the endpoint that covers three zones, the function, and what is backed up", () => {
    expect(expressions(stack, stack.database)).toEqual({
      name: "taskflow",
      proxyArn: expect.stringMatching(/aws_db_proxy\..*\.arn/),
      proxyEndpoint: expect.stringMatching(/aws_db_proxy_endpoint\..*\.endpoint/),
      instanceArn: expect.stringMatching(/aws_db_instance\..*\.arn/),
      keyArn: expect.stringMatching(/aws_kms_key\.database_instance_key_.*\.arn/),
      subnetGroupName: expect.stringMatching(/aws_db_instance\..*\.db_subnet_group_name/),
      tenantFunctionName: expect.stringMatching(/aws_lambda_function\..*\.function_name/),
    });
  });

  test("Brief: RDS for PostgreSQL – taskflow, Multi-AZ", () => {
    expect(onlyResource(json, "aws_db_instance")).toMatchObject({
      identifier: "taskflow",
      engine: "postgres",
      multi_az: true,
      instance_class: "db.r6g.xlarge",
    });
  });

  describe("Brief: RDS Proxy", () => {
    test("taskflow-proxy stands before the instance", () => {
      expect(proxy).toMatchObject({ name: "taskflow-proxy", engine_family: "POSTGRESQL" });
      expect(onlyResource(json, "aws_db_proxy_target")).toEqual({
        db_proxy_name: expect.stringMatching(/aws_db_proxy\..*\.name/),
        target_group_name: expect.stringMatching(/aws_db_proxy_default_target_group\..*\.name/),
        db_instance_identifier: expect.stringMatching(/aws_db_instance\..*\.identifier/),
      });
    });

    test("takes IAM tokens over TLS, and shows IAM tokens to the instance", () => {
      expect(proxy).toMatchObject({ default_auth_scheme: "IAM_AUTH", require_tls: true, debug_logging: false });
      expect(proxy).not.toHaveProperty("auth");
    });

    test("logs in as tenants' users of this instance and as the monitor, never as the provisioner", () => {
      const user = (name: string) =>
        expect.stringMatching(
          new RegExp(
            `^arn:aws:rds-db:ap-northeast-1:111122223333:dbuser:\\$\\{aws_db_instance\\..*\\.resource_id\\}/${name}$`,
          ),
        ) as unknown;
      expect(JSON.parse(resolved(JSON.stringify(statements(json, "connect-document"))))).toEqual([
        { sid: "LogInAsTenants", actions: ["rds-db:connect"], resources: [user("tenant_\\*")] },
        { sid: "LogInAsTheMonitor", actions: ["rds-db:connect"], resources: [user("platform_monitor")] },
        {
          sid: "NeverAsTheProvisioner",
          effect: "Deny",
          actions: ["rds-db:connect"],
          resources: [user("tenant_provisioner")],
        },
      ]);
      expect(statements(json, "proxy_role_trust")).toEqual([
        { principals: [{ type: "Service", identifiers: ["rds.amazonaws.com"] }], actions: ["sts:AssumeRole"] },
      ]);
    });

    test("pools 70 % of the instance's connections, and lets clients wait out a failover", () => {
      expect(onlyResource(json, "aws_db_proxy_default_target_group")["connection_pool_config"]).toEqual({
        max_connections_percent: 70,
        max_idle_connections_percent: 16,
        connection_borrow_timeout: 120,
      });
      expect(proxy["idle_client_timeout"]).toBe(1_800);
    });

    test("clients have an endpoint in each of the three zones", () => {
      expect(onlyResource(json, "aws_db_proxy_endpoint")).toMatchObject({
        db_proxy_endpoint_name: "taskflow-proxy-three-zones",
        target_role: "READ_WRITE",
        vpc_subnet_ids: NETWORK.databaseSubnetIds,
        vpc_security_group_ids: proxy["vpc_security_group_ids"],
      });
    });
  });

  describe("the tenant-database function", () => {
    const group = (id: unknown) => /aws_security_group\.database_security-groups_([a-z]+)_/.exec(String(id))?.[1];

    test("stands where VPC endpoints answer, under the group that the instance admits", () => {
      const vpc = resourceWith(json, "aws_lambda_function", { function_name: "taskflow-tenant-database" })[
        "vpc_config"
      ] as Record<string, string[]>;
      expect(vpc["subnet_ids"]).toEqual(NETWORK.privateSubnetIds);
      expect(vpc["security_group_ids"]?.map(group)).toEqual(["function"]);
      const admitted = Object.values(resourcesOf(json, "aws_vpc_security_group_ingress_rule"))
        .filter((rule) => group(rule["security_group_id"]) === "instance")
        .map((rule) => group(rule["referenced_security_group_id"]));
      expect(admitted.sort()).toEqual(["function", "proxy"]);
    });

    test("bootstraps the database after the five rules on its ways: three zones' endpoints, out to the instance, and in", () => {
      const waits = onlyResource(json, "aws_lambda_invocation")["depends_on"] as string[];
      expect(waits.map((one) => one.replace(/^aws_vpc_security_group_(e|in)gress_rule\./, "$1gress "))).toEqual([
        expect.stringMatching(/^egress database_security-groups_function-to-10-0-128-0-20_/),
        expect.stringMatching(/^egress database_security-groups_function-to-10-0-144-0-20_/),
        expect.stringMatching(/^egress database_security-groups_function-to-10-0-160-0-20_/),
        expect.stringMatching(/^egress database_security-groups_function-to-instance_/),
        expect.stringMatching(/^ingress database_security-groups_instance-from-function_/),
      ]);
    });
  });

  describe("Brief: Secrets Manager", () => {
    test("RDS keeps the master password there; no other secret exists, and none is in the code or the state", () => {
      expect(onlyResource(json, "aws_db_instance")["manage_master_user_password"]).toBe(true);
      const types = Object.keys(json.resource ?? {});
      expect(types.filter((type) => /secret|random_password/.test(type))).toEqual([]);
      expect(JSON.stringify(json)).not.toMatch(/"password(_wo)?":/);
    });
  });

  describe("with a replica in another region", () => {
    const environment = inTwoRegions("standby");
    const replicated = synthStack(new RdsStack(testApp(), "rds", { environment, network: NETWORK }));
    const secret = expect.stringMatching(/^\$\{aws_secretsmanager_secret\..*\.arn\}$/) as unknown;

    test("Brief: Secrets Manager – the master's secret is ours, and stands in both regions", () => {
      expect(onlyResource(replicated, "aws_db_instance")).not.toHaveProperty("manage_master_user_password");
      expect(onlyResource(replicated, "aws_secretsmanager_secret")).toMatchObject({
        name: "taskflow-database-master",
        kms_key_id: expect.stringMatching(/aws_kms_key\.database_instance_key_.*\.arn/),
        replica: [{ region: "us-east-1" }],
        lifecycle: { prevent_destroy: true },
      });
    });

    test("the function's bootstrap reads that secret instead of RDS's", () => {
      const lambda = resourceWith(replicated, "aws_lambda_function", { function_name: "taskflow-tenant-database" });
      expect(lambda["environment"]).toMatchObject({ variables: { MASTER_SECRET_ARN: secret } });
      expect(statements(replicated, "tenant-function_document")).toContainEqual({
        sid: "ReadTheMasterSecret",
        actions: ["secretsmanager:GetSecretValue"],
        resources: [secret],
      });
    });

    test("its password is nowhere but on its way from the draw to the secret, and from the secret to the instance", () => {
      const { resource = {}, ephemeral, ...others } = replicated;
      const uses = Object.entries(resource).flatMap(([type, ofType]) =>
        Object.values(ofType)
          .flatMap((one) => Object.entries(one))
          .filter(([, value]) => JSON.stringify(value).includes("ephemeral."))
          .map(([attribute]) => `${type} ${attribute}`),
      );
      expect(uses.sort()).toEqual([
        "aws_db_instance password_wo",
        "aws_secretsmanager_secret_version secret_string_wo",
      ]);
      expect(JSON.stringify([ephemeral, others])).not.toContain("ephemeral.");
    });

    test("nothing else is made, and nothing is left out", () => {
      const made = (one: typeof json) =>
        Object.entries(one.resource ?? {}).flatMap(([type, ofType]) =>
          Object.keys(ofType).map((id) => `${type}.${id}`),
        );
      expect(made(replicated).filter((one) => !made(json).includes(one))).toEqual([
        expect.stringMatching(/^aws_secretsmanager_secret\./),
        expect.stringMatching(/^aws_secretsmanager_secret_version\./),
      ]);
      expect(made(json).filter((one) => !made(replicated).includes(one))).toEqual([]);
    });
  });

  describe("Brief: CloudWatch", () => {
    const alarms = resourcesOf(json, "aws_cloudwatch_metric_alarm");
    const alarm = (name: string) => {
      const found = Object.values(alarms).find((one) => one["alarm_name"] === `taskflow-database-${name}`) ?? {};
      return { ...found, queries: (found["metric_query"] ?? []) as MetricQuery[] };
    };

    test("each alarm names a page of the runbooks that exists", () => {
      const descriptions = Object.values(alarms).map((one) => String(one["alarm_description"]));
      const pages = descriptions.map((text) => / See (docs\/runbooks\/[\w-]+\.md)\.$/.exec(text)?.[1] ?? text);
      expect(pages.filter((page) => !existsSync(page))).toEqual([]);
    });

    test.each([
      ["proxy-connections", ["100 * part / whole", "DatabaseConnections", "MaxDatabaseConnectionsAllowed"], 70],
      ["proxy-pinning", ["100 * part / whole", "DatabaseConnectionsCurrentlySessionPinned", "DatabaseConnections"], 10],
      ["proxy-borrow-latency", ["DatabaseConnectionsBorrowLatency"], 100_000],
      ["proxy-failed-authentication", ["ClientConnectionsSetupFailedAuth"], 5],
      ["proxy-failed-backends", ["DatabaseConnectionsSetupFailed"], 5],
      ["cpu", ["CPUUtilization"], 80],
      ["free-storage", ["FreeStorageSpace"], 300 * 1024 ** 3],
      ["freeable-memory", ["FreeableMemory"], 1024 ** 3],
      ["iam-throttling", ["IamDbAuthConnectionFailureThrottling"], 0],
      ["function-errors", ["Errors"], 0],
      ["function-throttles", ["Throttles"], 0],
    ])("alarm %s watches %j against %d", (name, watched, threshold) => {
      const { queries, ...rest } = alarm(name);
      expect(queries.map((query) => query.metric?.metric_name ?? query.expression)).toEqual(watched);
      expect(rest).toMatchObject({
        threshold,
        comparison_operator: name.startsWith("free") ? "LessThanThreshold" : "GreaterThanThreshold",
        alarm_actions: [expect.stringMatching(/aws_sns_topic\..*\.arn/)],
      });
      expect(Object.keys(alarms)).toHaveLength(11);
    });

    test("one failed invocation is told at once, throttling when it lasts: many tenants at once are throttled for a while", () => {
      const minutes = (name: string) => (alarm(name) as Record<string, unknown>)["evaluation_periods"];
      expect([minutes("function-errors"), minutes("function-throttles")]).toEqual([1, 15]);
      expect(alarm("function-errors").queries).toMatchObject([
        {
          metric: {
            namespace: "AWS/Lambda",
            stat: "Sum",
            dimensions: { FunctionName: expect.stringMatching(/aws_lambda_function\..*\.function_name/) },
          },
        },
      ]);
    });

    test("borrow latency is the 95th percentile, ratios are of sums", () => {
      const stats = (name: string) => alarm(name).queries.flatMap((query) => query.metric?.stat ?? []);
      expect(stats("proxy-borrow-latency")).toEqual(["p95"]);
      expect(stats("proxy-connections")).toEqual(["Sum", "Sum"]);
    });

    test("RDS's own events of instance and proxy go where the alarms go", () => {
      expect(onlyResource(json, "aws_sns_topic")["name"]).toBe("taskflow-alarms-database");
      const topics = Object.values(resourcesOf(json, "aws_db_event_subscription")).map((one) => [
        one["source_type"],
        one["sns_topic"],
      ]);
      expect(topics).toEqual([
        ["db-instance", expect.stringMatching(/aws_sns_topic\..*\.arn/)],
        ["db-proxy", expect.stringMatching(/aws_sns_topic\..*\.arn/)],
      ]);
    });

    test("the proxy's log group exists first", () => {
      const groups = Object.values(resourcesOf(json, "aws_cloudwatch_log_group")).map((group) => group["name"]);
      expect(groups).toContain("/aws/rds/proxy/taskflow-proxy");
      expect(proxy["depends_on"]).toContainEqual(
        expect.stringMatching(/^aws_cloudwatch_log_group\.database_proxy_logs/),
      );
    });
  });

  test("staging fits its smaller class", () => {
    const staging = new RdsStack(testApp(), "rds", { environment: ENVIRONMENTS.staging, network: NETWORK });
    const targets = onlyResource(synthStack(staging), "aws_db_proxy_default_target_group");
    expect(targets["connection_pool_config"]).toMatchObject({
      max_connections_percent: 70,
      max_idle_connections_percent: 31,
    });
  });

  test("lets nothing of the internet near the database", () => {
    expect(JSON.stringify(json)).not.toMatch(/0\.0\.0\.0\/0|::\/0/);
  });
});

import { type DatabasePlan, ENVIRONMENTS } from "../../../config";
import { DatabaseInstance, type DatabaseInstanceProps } from "../../../constructs/database/instance";
import { IDLE_CLIENT_TIMEOUT_SECONDS } from "../../../constructs/database/parameters";
import { onlyResource, type ResourceJson, resourcesOf, synthConstruct } from "../../support/synth";
import { account, LOGS_KEY_ARN, NETWORK, resolved, statements } from "../../support/cluster";

function synthInstance(plan: Partial<DatabasePlan> = {}, props: Partial<DatabaseInstanceProps> = {}) {
  return synthConstruct((scope) => {
    new DatabaseInstance(scope, "instance", {
      account: account(scope),
      name: "taskflow",
      plan: { ...ENVIRONMENTS.production.database, ...plan },
      subnetIds: NETWORK.databaseSubnetIds,
      securityGroupId: "sg-database",
      logsKeyArn: LOGS_KEY_ARN,
      logRetentionDays: 90,
      ...props,
    });
  });
}

describe("DatabaseInstance", () => {
  const json = synthInstance();
  const instance = onlyResource(json, "aws_db_instance");
  const key = expect.stringMatching(/aws_kms_key\.instance_key_.*\.arn/) as unknown;

  test("stands in two zones, on storage that grows, out of the internet's reach", () => {
    expect(instance).toMatchObject({
      multi_az: true,
      storage_type: "gp3",
      allocated_storage: 3_000,
      max_allocated_storage: 6_000,
      publicly_accessible: false,
      vpc_security_group_ids: ["sg-database"],
    });
    expect(onlyResource(json, "aws_db_subnet_group")["subnet_ids"]).toEqual(NETWORK.databaseSubnetIds);
  });

  test("encrypts storage, insights and the master secret with one key of its own", () => {
    expect(instance).toMatchObject({
      storage_encrypted: true,
      kms_key_id: key,
      performance_insights_kms_key_id: key,
      master_user_secret_kms_key_id: key,
    });
    expect(onlyResource(json, "aws_kms_key")["lifecycle"]).toEqual({ prevent_destroy: true });
  });

  test("knows no password: RDS keeps the master's, everyone else logs in by IAM", () => {
    expect(instance).toMatchObject({ manage_master_user_password: true, iam_database_authentication_enabled: true });
    expect(Object.keys(instance).filter((attribute) => /^password/.test(attribute))).toEqual([]);
  });

  describe("of which another region has a replica", () => {
    const replicated = onlyResource(synthInstance({}, { replicaRegion: "us-east-1" }), "aws_db_instance");

    test("takes its password from the secret at the version that it is told of, and from nothing in the state", () => {
      expect(replicated).toMatchObject({
        username: "taskflow_admin",
        password_wo: expect.stringMatching(
          /^\$\{jsondecode\(ephemeral\.aws_secretsmanager_secret_version\.instance_master-password_[^}]*\.secret_string\)\.password\}$/,
        ),
        password_wo_version: 1,
      });
    });

    test("has no password that RDS manages, of which it makes no replica, and is the same otherwise", () => {
      const without = (one: ResourceJson, ...attributes: string[]) =>
        Object.fromEntries(Object.entries(one).filter(([name]) => !attributes.includes(name)));
      expect(without(replicated, "password_wo", "password_wo_version")).toEqual(
        without(instance, "manage_master_user_password", "master_user_secret_kms_key_id"),
      );
    });
  });

  describe("that replicates another", () => {
    const sourceArn = "arn:aws:rds:ap-northeast-1:111122223333:db:taskflow";
    const replica = (promoted: boolean) =>
      onlyResource(synthInstance({}, { name: "taskflow-dr", replication: { sourceArn, promoted } }), "aws_db_instance");
    // RDS has them of the source and refuses to be told (RDS API, CreateDBInstanceReadReplica).
    const inherited = ["allocated_storage", "db_name", "engine", "engine_lifecycle_support", "username"];

    test("follows it by its ARN, under a key, zones and backups of its own, and is told nothing that it inherits", () => {
      expect(replica(false)).toMatchObject({
        identifier: "taskflow-dr",
        replicate_source_db: sourceArn,
        kms_key_id: key,
        multi_az: true,
        backup_retention_period: 14,
        final_snapshot_identifier: "taskflow-dr-final",
        deletion_protection: true,
        lifecycle: { prevent_destroy: true },
      });
      const refused = [...inherited, "manage_master_user_password", "password_wo"];
      expect(Object.keys(replica(false)).filter((attribute) => refused.includes(attribute))).toEqual([]);
    });

    test("is promoted by the source's ARN alone going, and can then be a source itself", () => {
      expect({ ...replica(true), replicate_source_db: sourceArn }).toEqual(replica(false));
      expect(replica(true)).not.toHaveProperty("replicate_source_db");
    });

    test("cannot be made empty once it is to serve: Terraform makes no instance without an engine", () => {
      expect(Object.keys(replica(true)).filter((attribute) => inherited.includes(attribute))).toEqual([]);
    });
  });

  test("outlives an edit, a deletion and its own end", () => {
    expect(instance).toMatchObject({
      lifecycle: { prevent_destroy: true },
      deletion_protection: true,
      skip_final_snapshot: false,
      final_snapshot_identifier: "taskflow-final",
      delete_automated_backups: false,
      copy_tags_to_snapshot: true,
      backup_retention_period: 14,
    });
  });

  test.each([0, 13, 36])("throws for %d days of backups", (days) => {
    expect(() => synthInstance({ backupRetentionDays: days })).toThrow(
      new Error(`test/instance: backupRetentionDays is ${days}; allowed: 14 to 35`),
    );
  });

  test("changes its version and its parameters only as the repository says, in the maintenance window", () => {
    expect(instance).toMatchObject({
      engine: "postgres",
      engine_version: "17.7",
      auto_minor_version_upgrade: false,
      allow_major_version_upgrade: false,
      engine_lifecycle_support: "open-source-rds-extended-support-disabled",
      apply_immediately: false,
      ca_cert_identifier: "rds-ca-rsa2048-g1",
    });
  });

  test("is watched: load by user for a week, the operating system every minute", () => {
    expect(instance).toMatchObject({
      database_insights_mode: "standard",
      performance_insights_enabled: true,
      performance_insights_retention_period: 7,
      monitoring_interval: 60,
    });
    expect(JSON.parse(resolved(JSON.stringify(statements(json, "monitoring_trust"))))).toMatchObject([
      {
        principals: [{ type: "Service", identifiers: ["monitoring.rds.amazonaws.com"] }],
        condition: [
          { variable: "aws:SourceAccount", values: ["111122223333"] },
          { variable: "aws:SourceArn", values: ["arn:aws:rds:ap-northeast-1:111122223333:db:taskflow"] },
        ],
      },
    ]);
  });

  test("exports its logs into groups that exist first, encrypted and with retention", () => {
    const logs = ["postgresql", "upgrade", "iam-db-auth-error"];
    expect(instance["enabled_cloudwatch_logs_exports"]).toEqual(logs);
    const groups = resourcesOf(json, "aws_cloudwatch_log_group");
    expect(Object.values(groups)).toHaveLength(logs.length);
    for (const log of logs) {
      expect(Object.values(groups)).toContainEqual({
        name: `/aws/rds/instance/taskflow/${log}`,
        retention_in_days: 90,
        kms_key_id: LOGS_KEY_ARN,
      });
    }
    for (const id of Object.keys(groups)) {
      expect(instance["depends_on"]).toContain(`aws_cloudwatch_log_group.${id}`);
    }
  });

  describe("parameters", () => {
    const group = onlyResource(json, "aws_db_parameter_group");
    const parameters = new Map(
      (group["parameter"] as { name: string; value: string; apply_method: string }[]).map((one) => [one.name, one]),
    );

    test.each([
      ["rds.force_ssl", "1"],
      ["log_connections", "1"],
      ["log_disconnections", "1"],
      ["log_lock_waits", "1"],
      ["log_statement", "ddl"],
      ["log_min_duration_statement", "500"],
      ["log_parameter_max_length", "0"],
      ["log_parameter_max_length_on_error", "0"],
    ])("%s is %s", (name, value) => {
      expect(parameters.get(name)?.value).toBe(value);
    });

    test("pg_stat_statements is loaded at the start", () => {
      expect(parameters.get("shared_preload_libraries")).toEqual({
        name: "shared_preload_libraries",
        value: "pg_stat_statements",
        apply_method: "pending-reboot",
      });
    });

    test("no timeout of the database is shorter than the proxy's", () => {
      const milliseconds = Number(parameters.get("idle_in_transaction_session_timeout")?.value);
      expect(milliseconds).toBeGreaterThanOrEqual(IDLE_CLIENT_TIMEOUT_SECONDS * 1_000);
      expect(parameters.get("idle_session_timeout")?.value).toBe("0");
    });

    test("belong to the engine's family", () => {
      expect(group).toMatchObject({ family: "postgres17", lifecycle: { create_before_destroy: true } });
      expect(instance["parameter_group_name"]).toMatch(/aws_db_parameter_group\.instance_parameters_.*\.name/);
    });
  });
});

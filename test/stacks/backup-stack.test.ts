import { existsSync } from "node:fs";

import { type Environment, ENVIRONMENTS } from "../../config";
import { BackupCopiesStack } from "../../stacks/backup-copies-stack";
import { BackupStack } from "../../stacks/backup-stack";
import { RdsStack } from "../../stacks/rds-stack";
import { ALERT_TOPICS, DATABASE, NETWORK, resolved, resourceWith, statements } from "../support/cluster";
import { standby } from "../support/regions";
import { onlyResource, type ResourceJson, resourcesOf, synthStack, testApp } from "../support/synth";

function synthBackup(environment: Environment = ENVIRONMENTS.production) {
  const props = { environment, network: NETWORK, database: DATABASE, alertTopics: ALERT_TOPICS };
  return synthStack(new BackupStack(testApp(), "backup", props));
}

describe("BackupStack", () => {
  const json = synthBackup();
  const alarms = Object.values(resourcesOf(json, "aws_cloudwatch_metric_alarm"));
  const policy = (part: string) =>
    JSON.parse(resolved(JSON.stringify(statements(json, part)))) as { actions: string[]; resources: string[] }[];
  const rules = onlyResource(json, "aws_backup_plan")["rule"] as Record<string, unknown>[];

  test("is what was reviewed", () => {
    expect(json).toMatchSnapshot();
  });

  describe("Brief: Backup and restore", () => {
    test("the instance is backed up daily and monthly into the locked vault, each for its time", () => {
      expect(rules.map((rule) => [rule["rule_name"], rule["schedule"], rule["lifecycle"]])).toEqual([
        ["daily", "cron(0 20 * * ? *)", { delete_after: 35 }],
        ["monthly", "cron(0 23 1 * ? *)", { delete_after: 365 }],
      ]);
      expect(onlyResource(json, "aws_backup_vault_lock_configuration")).toMatchObject({
        min_retention_days: 35,
        max_retention_days: 365,
      });
    });

    test("a random recovery point is restored every week, where nobody reaches it", () => {
      expect(onlyResource(json, "aws_backup_restore_testing_plan")).toMatchObject({
        schedule_expression: "cron(0 2 ? * SUN *)",
        recovery_point_selection: [
          {
            algorithm: "RANDOM_WITHIN_WINDOW",
            include_vaults: [expect.stringMatching(/aws_backup_vault\.vault_.*\.arn/)],
            recovery_point_types: ["SNAPSHOT"],
            selection_window_days: 35,
          },
        ],
      });
      const selection = onlyResource(json, "aws_backup_restore_testing_selection");
      expect(selection).toMatchObject({
        protected_resource_type: "RDS",
        protected_resource_arns: [DATABASE.instanceArn],
        restore_metadata_overrides: {
          dbSubnetGroupName: "taskflow",
          publiclyAccessible: "false",
          vpcSecurityGroupIds: expect.stringMatching(/jsonencode\(\[aws_security_group\.restore-test_security-group_/),
        },
      });
      expect(Object.keys(json.resource ?? {}).filter((type) => type.startsWith("aws_vpc_security_group"))).toEqual([]);
    });
  });

  test("the vault's key has an alias of its own beside the instance's", () => {
    const rds = synthStack(new RdsStack(testApp(), "rds", { environment: ENVIRONMENTS.production, network: NETWORK }));
    const aliases = [json, rds].flatMap((one) =>
      Object.values(resourcesOf(one, "aws_kms_alias")).map(({ name }) => name as string),
    );
    expect(aliases).toHaveLength(new Set(aliases).size);
    expect(aliases).toContain("alias/taskflow-backups");
  });

  test("what is backed up is the instance by its ARN, not whatever bears a tag", () => {
    expect(onlyResource(json, "aws_backup_selection")).toMatchObject({ resources: [DATABASE.instanceArn] });
    expect(onlyResource(json, "aws_backup_selection")).not.toHaveProperty("selection_tag");
  });

  test("leaves the instance's own retention and window alone: no rule is continuous", () => {
    expect(rules.filter((rule) => rule["enable_continuous_backup"] !== undefined)).toEqual([]);
  });

  test("no job starts in RDS's own windows or the hour before them", () => {
    const rds = new RdsStack(testApp(), "rds", { environment: ENVIRONMENTS.production, network: NETWORK });
    const instance = onlyResource(synthStack(rds), "aws_db_instance");
    const windows = ["backup_window", "maintenance_window"].map((name) =>
      [...String(instance[name]).matchAll(/(\d+):(\d+)/g)].map(
        ([, hour, minute]) => 60 * Number(hour) + Number(minute),
      ),
    );
    expect(windows).toEqual([
      [17 * 60, 17 * 60 + 30],
      [18 * 60, 19 * 60],
    ]);
    for (const rule of rules) {
      const [, minute, hour] = /^cron\((\d+) (\d+) /.exec(String(rule["schedule"])) ?? [];
      const start = 60 * Number(hour) + Number(minute);
      for (const [from = 0, to = 0] of windows) {
        expect(start >= to || start + Number(rule["start_window"]) <= from - 60).toBe(true);
      }
    }
  });

  test("the backup's role makes and ends AWS Backup's snapshots of this instance alone", () => {
    const snapshots = "arn:aws:rds:ap-northeast-1:111122223333:snapshot:awsbackup:*";
    const ending = policy("database_document").filter(({ actions }) => actions.includes("rds:DeleteDBSnapshot"));
    expect(ending.map(({ resources }) => resources)).toEqual([[snapshots]]);
    const making = policy("database_document").filter(({ actions }) => actions.includes("rds:CreateDBSnapshot"));
    expect(making.map(({ resources }) => resources)).toEqual([[DATABASE.instanceArn, snapshots]]);
  });

  test("the restore test's role restores to a test's instance alone, and deletes nothing", () => {
    const actions = policy("restore-test_document").flatMap((statement) => statement.actions);
    expect(actions.filter((action) => /Delete|Modify|\*/.test(action))).toEqual([]);
    const restoring = policy("restore-test_document").find(({ actions: list }) =>
      list.includes("rds:RestoreDBInstanceFromDBSnapshot"),
    );
    expect(restoring?.resources.filter((resource) => resource.includes(":db:"))).toEqual([
      "arn:aws:rds:ap-northeast-1:111122223333:db:awsbackup-restore-test-*",
    ]);
  });

  test.each([
    ["failed", "NumberOfBackupJobsFailed", 0, "notBreaching"],
    ["not-started", "NumberOfBackupJobsExpired", 0, "notBreaching"],
    ["restore-failed", "NumberOfRestoreJobsFailed", 0, "notBreaching"],
    ["missing", "NumberOfBackupJobsCompleted", 1, "breaching"],
  ])("alarm %s watches %s, and goes to the queue of tickets", (name, metric, threshold, missing) => {
    expect(resourceWith(json, "aws_cloudwatch_metric_alarm", { alarm_name: `taskflow-backup-${name}` })).toMatchObject({
      metric_name: metric,
      dimensions: { ResourceType: "RDS" },
      threshold,
      treat_missing_data: missing,
      alarm_actions: [ALERT_TOPICS.ticket],
    });
    expect(alarms).toHaveLength(4);
  });

  test("each alarm names a page of the runbooks that exists", () => {
    const pages = alarms.map(
      (one) => / See (docs\/runbooks\/[\w-]+\.md)\.$/.exec(String(one["alarm_description"]))?.[1],
    );
    expect(pages.filter((page) => page === undefined || !existsSync(page))).toEqual([]);
  });

  describe("with a secondary region", () => {
    const copied = synthBackup(standby().primary);
    const documents = JSON.parse(resolved(JSON.stringify(statements(copied, "database_document")))) as {
      sid: string;
      actions: string[];
      resources: string[];
      condition?: { test: string; variable: string; values: string[] }[];
    }[];
    const vault = "arn:aws:backup:us-east-1:111122223333:backup-vault:taskflow-backups";
    const there = synthStack(new BackupCopiesStack(testApp(), "dr-backup", { environment: standby() }));

    test("each recovery point is copied to its vault for as long, and an alarm tells of a copy that fails", () => {
      const copiedRules = onlyResource(copied, "aws_backup_plan")["rule"] as Record<string, unknown>[];
      expect(copiedRules.map((rule) => rule["copy_action"])).toEqual([
        [{ destination_vault_arn: expect.any(String), lifecycle: { delete_after: 35 } }],
        [{ destination_vault_arn: expect.any(String), lifecycle: { delete_after: 365 } }],
      ]);
      expect(
        copiedRules.map((rule) => resolved((rule["copy_action"] as ResourceJson[])[0]?.["destination_vault_arn"])),
      ).toEqual([vault, vault]);
      expect(
        Object.values(resourcesOf(copied, "aws_cloudwatch_metric_alarm")).map((one) => one["metric_name"]),
      ).toContain("NumberOfCopyJobsFailed");
    });

    test("the vault there is locked as the first, and named as the copies say", () => {
      expect(there).toMatchSnapshot();
      expect(onlyResource(there, "aws_backup_vault")).toMatchObject({
        name: vault.split(":").at(-1),
        lifecycle: { prevent_destroy: true },
      });
      expect(onlyResource(there, "aws_backup_vault_lock_configuration")).toMatchObject({
        min_retention_days: 35,
        max_retention_days: 365,
      });
      expect(there.provider?.["aws"]).toEqual([expect.objectContaining({ region: "us-east-1" })]);
    });

    test("the role may use one key there, by the alias of that vault's", () => {
      const keys = documents.filter(({ resources }) =>
        resources.some((arn) => arn.startsWith("arn:aws:kms:us-east-1:")),
      );
      const byAlias = {
        test: "ForAnyValue:StringEquals",
        variable: "kms:ResourceAliases",
        values: [onlyResource(there, "aws_kms_alias")["name"] as string],
      };

      expect(keys.map(({ actions }) => actions)).toEqual([["kms:DescribeKey"], ["kms:CreateGrant"]]);
      for (const { condition } of keys) {
        expect(condition).toContainEqual(byAlias);
      }
      expect(keys[1]?.condition).toContainEqual(expect.objectContaining({ variable: "kms:GrantIsForAWSResource" }));
    });

    test("the role ends AWS Backup's snapshots there, and files into that vault alone", () => {
      const snapshots = "arn:aws:rds:us-east-1:111122223333:snapshot:awsbackup:*";
      expect(documents.find(({ sid }) => sid === "KeepCopies")).toMatchObject({
        actions: expect.arrayContaining(["rds:CopyDBSnapshot", "rds:DeleteDBSnapshot"]),
        resources: [snapshots],
      });
      expect(documents.find(({ sid }) => sid === "FileIntoTheOtherVault")?.resources).toEqual([vault]);
    });

    test("it is copied without a look at the other region, which may be lost", () => {
      expect(Object.keys(copied.data ?? {})).toEqual(Object.keys(json.data ?? {}));
    });

    test("without one nothing is copied, nor may it be", () => {
      expect(JSON.stringify(json)).not.toMatch(/copy_action|us-east-1|rds:\*/);
    });
  });
});

import { BackupRestoreTestingPlan } from "@cdktf/provider-aws/lib/backup-restore-testing-plan";
import { BackupRestoreTestingSelection } from "@cdktf/provider-aws/lib/backup-restore-testing-selection";
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Fn } from "cdktf";
import { Construct } from "constructs";

import { type Account, roleWithInlinePolicy } from "../account";
import type { DatabaseOutputs } from "../database";
import { snapshotArns, useKeys } from "./statements";
import type { BackupVault } from "./vault";

export interface DatabaseRestoreTestProps {
  readonly account: Account;
  readonly vault: BackupVault;
  readonly database: DatabaseOutputs;
  readonly vpcId: string;
  /** Days back within which a recovery point is drawn. */
  readonly withinDays: number;
}

const NAME = "taskflow-restore-test";

/** Sunday, 02:00 UTC: no job of RDS's or of the backup plan's runs. */
const SCHEDULE = "cron(0 2 ? * SUN *)";

/** Hours in which the test starts, and for which the restored instance stays, to be looked at. */
const HOURS = { start: 1, validation: 1 };

/** Class of the restored instance. It serves nobody: the smallest of the platform's family. */
const INSTANCE_CLASS = "db.r6g.large";

/** Names of what AWS Backup restores in a test (AWS Backup developer guide, restore testing). */
const RESTORED = "db:awsbackup-restore-test-*";

/**
 * Restores a recovery point of the vault to an instance of its own every week, out of everybody's reach, and removes it. A
 * random one: the newest alone would not show that the others are good.
 */
export class DatabaseRestoreTest extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseRestoreTestProps) {
    super(scope, id);
    const { vault, database } = props;
    const group = new SecurityGroup(this, "security-group", {
      name: NAME,
      description: "Restored instances of the weekly test: no way in or out",
      vpcId: props.vpcId,
      tags: { Name: NAME },
    });
    const { arn: iamRoleArn } = roleWithInlinePolicy(this, {
      name: NAME,
      service: "backup.amazonaws.com",
      description: "AWS Backup: restores a snapshot of the database for a test",
      statements: statements(props),
    });
    const plan = new BackupRestoreTestingPlan(this, "Resource", {
      // Letters, digits and underscores alone.
      name: "taskflow_weekly",
      scheduleExpression: SCHEDULE,
      startWindowHours: HOURS.start,
      recoveryPointSelection: [
        {
          algorithm: "RANDOM_WITHIN_WINDOW",
          includeVaults: [vault.arn],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays: props.withinDays,
        },
      ],
    });
    new BackupRestoreTestingSelection(this, "selection", {
      name: "taskflow_database",
      restoreTestingPlanName: plan.name,
      protectedResourceType: "RDS",
      protectedResourceArns: [database.instanceArn],
      iamRoleArn,
      validationWindowHours: HOURS.validation,
      restoreMetadataOverrides: {
        dbInstanceClass: INSTANCE_CLASS,
        dbSubnetGroupName: database.subnetGroupName,
        multiAz: "false",
        publiclyAccessible: "false",
        vpcSecurityGroupIds: Fn.jsonencode([group.id]),
      },
    });
  }
}

/** What AWS's own policy for restores allows for RDS (AWSBackupServiceRolePolicyForRestores), for a test's instance. */
function statements({ account, vault, database }: DatabaseRestoreTestProps): DataAwsIamPolicyDocumentStatement[] {
  return [
    {
      sid: "ReadSnapshots",
      actions: ["rds:DescribeDBSnapshots", "rds:ListTagsForResource"],
      resources: snapshotArns(account),
    },
    {
      sid: "RestoreToTheTestsInstance",
      actions: ["rds:AddTagsToResource", "rds:RestoreDBInstanceFromDBSnapshot"],
      resources: [
        ...snapshotArns(account),
        ...account.arns("rds", RESTORED, `subgrp:${database.subnetGroupName}`, "og:default*", "pg:*"),
      ],
    },
    // AWS Backup looks for its instance in the list of all.
    { sid: "FindInstances", actions: ["rds:DescribeDBInstances"], resources: account.arns("rds", "db:*") },
    ...useKeys([database.keyArn, vault.keyArn]),
  ];
}

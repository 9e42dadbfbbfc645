import { BackupPlan as AwsBackupPlan } from "@cdktf/provider-aws/lib/backup-plan";
import { BackupSelection } from "@cdktf/provider-aws/lib/backup-selection";
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { Construct } from "constructs";

import type { BackupPlan } from "../../config";
import { type Account, roleWithInlinePolicy } from "../account";
import type { DatabaseOutputs } from "../database";
import { snapshotArns, useKeys, useVaultKey } from "./statements";
import type { BackupVault } from "./vault";

/** A vault of another region, in another state: its key is found by its alias, which is the vault's name. */
export interface CopyDestination {
  readonly region: string;
  readonly vaultName: string;
}

export interface DatabaseBackupProps {
  readonly account: Account;
  readonly plan: BackupPlan;
  readonly vault: BackupVault;
  readonly database: DatabaseOutputs;
  /**
   * Where each recovery point is copied to, for as long as the first is kept.
   * @default - no copy
   */
  readonly copyTo?: CopyDestination | undefined;
}

const NAME = "taskflow-database-backup";

/**
 * When the rules start, in UTC. AWS Backup starts no job in RDS's own backup window (17:00) or maintenance window
 * (Saturday 18:00), nor in the hour before either.
 */
const SCHEDULES = { daily: "cron(0 20 * * ? *)", monthly: "cron(0 23 1 * ? *)" };

/** Minutes to start in, and to complete in: the first snapshot of terabytes is whole, the others hold what has changed. */
const WINDOWS = { start: 60, completion: 12 * 60 };

/**
 * Snapshots of the instance in the locked vault, daily and monthly. The selection is the instance's ARN, no tag, which
 * somebody could take off. Point-in-time recovery stays with RDS: a continuous rule would set the instance's retention and
 * window itself, and Terraform set them back with each apply.
 */
export class DatabaseBackup extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseBackupProps) {
    super(scope, id);
    const { plan, vault, copyTo } = props;
    const { arn: iamRoleArn } = roleWithInlinePolicy(this, {
      name: NAME,
      service: "backup.amazonaws.com",
      description: "AWS Backup: snapshots of the database, and their end",
      statements: statements(props),
    });
    const destinationVaultArn = copyTo && vaultArn(props.account, copyTo);
    const rule = (name: keyof typeof SCHEDULES, deleteAfter: number) => ({
      ruleName: name,
      targetVaultName: vault.name,
      schedule: SCHEDULES[name],
      startWindow: WINDOWS.start,
      completionWindow: WINDOWS.completion,
      // RDS knows no cold storage.
      lifecycle: { deleteAfter },
      ...(destinationVaultArn ? { copyAction: [{ destinationVaultArn, lifecycle: { deleteAfter } }] } : {}),
    });
    const backupPlan = new AwsBackupPlan(this, "Resource", {
      name: NAME,
      rule: [rule("daily", plan.dailyDays), rule("monthly", plan.monthlyDays)],
    });
    new BackupSelection(this, "selection", {
      name: NAME,
      planId: backupPlan.id,
      iamRoleArn,
      resources: [props.database.instanceArn],
    });
  }
}

/** What AWS's own policy for backups allows for RDS (AWSBackupServiceRolePolicyForBackup), at our resources. */
function statements({ account, vault, database, copyTo }: DatabaseBackupProps): DataAwsIamPolicyDocumentStatement[] {
  return [
    {
      sid: "SnapshotTheInstance",
      actions: ["rds:AddTagsToResource", "rds:CreateDBSnapshot", "rds:DescribeDBInstances", "rds:ListTagsForResource"],
      resources: [database.instanceArn, ...snapshotArns(account)],
    },
    {
      sid: "KeepSnapshots",
      actions: ["rds:CopyDBSnapshot", "rds:DeleteDBSnapshot", "rds:DescribeDBSnapshots"],
      resources: snapshotArns(account),
    },
    {
      sid: "FileIntoVaults",
      actions: ["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
      resources: [vault.arn],
    },
    // Knows no resource (service authorization reference, Resource Groups Tagging).
    { sid: "FindByTag", actions: ["tag:GetResources"], resources: ["*"] },
    ...useKeys([database.keyArn, vault.keyArn]),
    ...(copyTo ? copyStatements(account, vault, copyTo) : []),
  ];
}

/** The same policy for copies, which RDS makes in the other region and encrypts with the key of the vault there. */
function copyStatements(
  account: Account,
  vault: BackupVault,
  copyTo: CopyDestination,
): DataAwsIamPolicyDocumentStatement[] {
  return [
    {
      sid: "KeepCopies",
      actions: [
        "rds:AddTagsToResource",
        "rds:CopyDBSnapshot",
        "rds:DeleteDBSnapshot",
        "rds:DescribeDBSnapshots",
        "rds:ListTagsForResource",
      ],
      resources: snapshotArns(account, copyTo.region),
    },
    {
      sid: "TakeOutOfTheVault",
      actions: ["backup:CopyFromBackupVault"],
      resources: [vault.arn, ...snapshotArns(account)],
    },
    {
      sid: "FileIntoTheOtherVault",
      actions: ["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
      resources: [vaultArn(account, copyTo)],
    },
    ...useVaultKey(account, copyTo.vaultName, copyTo.region),
  ];
}

function vaultArn(account: Account, { region, vaultName }: CopyDestination): string {
  return account.arn("backup", `backup-vault:${vaultName}`, region);
}

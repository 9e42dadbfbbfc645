import { arn, calls, CREATED, linkedRole, OURS, passRole, REGION } from "./calls";
import type { Call } from "./iam";

/** Calls that make, change and, where Terraform may, delete what AWS Backup has, by type of resource. */
export const BACKUP_CALLS: Readonly<Record<string, readonly Call[]>> = {
  aws_backup_plan: [
    ...calls("backup", "CreateBackupPlan TagResource", arn("backup", "backup-plan:*"), CREATED),
    ...calls("backup", "UpdateBackupPlan DeleteBackupPlan TagResource", arn("backup", "backup-plan:1"), OURS),
    ...linkedRole("backup.amazonaws.com"),
  ],
  aws_backup_restore_testing_plan: calls(
    "backup",
    "CreateRestoreTestingPlan UpdateRestoreTestingPlan DeleteRestoreTestingPlan TagResource",
    arn("backup", "restore-testing-plan:taskflow_weekly-1"),
  ),
  aws_backup_restore_testing_selection: [
    ...calls(
      "backup",
      "CreateRestoreTestingSelection UpdateRestoreTestingSelection DeleteRestoreTestingSelection",
      arn("backup", "restore-testing-plan:taskflow_weekly-1"),
    ),
    ...passRole("backup.amazonaws.com"),
    ...linkedRole("restore-testing.backup.amazonaws.com"),
  ],
  aws_backup_selection: [
    ...calls("backup", "CreateBackupSelection DeleteBackupSelection", arn("backup", "backup-plan:1"), OURS),
    ...passRole("backup.amazonaws.com"),
  ],
  aws_backup_vault: [
    ...calls("backup", "CreateBackupVault TagResource", arn("backup", "backup-vault:taskflow-backups")),
    ...calls("backup-storage", "MountCapsule", "*"),
    ...calls("kms", "CreateGrant", arn("kms", "key/1"), { "kms:GrantIsForAWSResource": "true" }),
    ...calls("kms", "Decrypt GenerateDataKey", arn("kms", "key/1"), {
      "kms:ViaService": `backup.${REGION}.amazonaws.com`,
    }),
  ],
  aws_backup_vault_lock_configuration: calls(
    "backup",
    "PutBackupVaultLockConfiguration",
    arn("backup", "backup-vault:taskflow-backups"),
  ),
};

import type { Account } from "../account";
import { BECOMES_OURS, IS_OURS } from "./ci-names";
import type { PolicyStatement } from "./policy";

/** The backup vault and what fills and tests it. Recovery points, and the vault's lock, are out of reach (guardrails). */
export function deployBackup(account: Account): PolicyStatement[] {
  // Their ARNs hold an id, no name: the tag tells ours.
  const plans = account.arns("backup", "backup-plan:*");
  return [
    {
      Sid: "BackupVaults",
      Effect: "Allow",
      Action: [
        "backup:CreateBackupVault",
        "backup:PutBackupVaultLockConfiguration",
        "backup:TagResource",
        "backup:UntagResource",
      ],
      Resource: account.arns("backup", "backup-vault:taskflow-*"),
    },
    // Knows no resource (service authorization reference, AWS Backup storage); a vault cannot be made without it.
    { Sid: "BackupStorage", Effect: "Allow", Action: "backup-storage:MountCapsule", Resource: "*" },
    {
      Sid: "CreateBackupPlans",
      Effect: "Allow",
      Action: ["backup:CreateBackupPlan", "backup:TagResource"],
      Resource: plans,
      Condition: BECOMES_OURS,
    },
    {
      Sid: "BackupPlans",
      Effect: "Allow",
      Action: [
        "backup:CreateBackupSelection",
        "backup:DeleteBackupPlan",
        "backup:DeleteBackupSelection",
        "backup:TagResource",
        "backup:UntagResource",
        "backup:UpdateBackupPlan",
      ],
      Resource: plans,
      Condition: IS_OURS,
    },
    {
      Sid: "RestoreTests",
      Effect: "Allow",
      Action: [
        "backup:CreateRestoreTesting*",
        "backup:DeleteRestoreTesting*",
        "backup:TagResource",
        "backup:UntagResource",
        "backup:UpdateRestoreTesting*",
      ],
      Resource: account.arns("backup", "restore-testing-plan:taskflow_*"),
    },
  ];
}

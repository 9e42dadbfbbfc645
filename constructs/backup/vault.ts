import { BackupVault as AwsBackupVault } from "@cdktf/provider-aws/lib/backup-vault";
import { BackupVaultLockConfiguration } from "@cdktf/provider-aws/lib/backup-vault-lock-configuration";
import { Construct } from "constructs";

import type { VaultLock } from "../../config";
import { type Account, EncryptionKey } from "../account";

export interface BackupVaultProps {
  readonly account: Account;
  /** Begins with `taskflow-`: the deploy role may make no other. */
  readonly name: string;
  /**
   * Who may shorten what the vault keeps.
   * @throws Error if a compliance lock leaves less than 3 days to take it back, the least that AWS Backup takes
   */
  readonly lock: VaultLock;
  /** Days that a recovery point stays: jobs that ask for less or for more fail. */
  readonly retentionDays: { readonly min: number; readonly max: number };
}

/** Name of the vault in every region. */
export const BACKUP_VAULT_NAME = "taskflow-backups";

/** Days before a compliance lock can never be changed again (AWS Backup developer guide, vault lock). */
const MIN_GRACE_DAYS = 3;

/**
 * A vault whose recovery points nobody deletes before their time, and its key. RDS encrypts a snapshot with the instance's
 * own key; the vault's is for what is copied into it from another region.
 */
export class BackupVault extends Construct {
  public readonly name: string;
  public readonly arn: string;
  public readonly keyArn: string;

  constructor(scope: Construct, id: string, props: BackupVaultProps) {
    super(scope, id);
    const { lock, retentionDays } = props;
    if (lock.mode === "compliance" && lock.graceDays < MIN_GRACE_DAYS) {
      throw new Error(`${this.node.path}: graceDays is ${lock.graceDays}; allowed: ${MIN_GRACE_DAYS} or more`);
    }
    const key = new EncryptionKey(this, "key", {
      account: props.account,
      name: props.name,
      description: `Recovery points of the vault ${props.name}`,
    });
    const vault = new AwsBackupVault(this, "Resource", {
      name: props.name,
      kmsKeyArn: key.arn,
      lifecycle: { preventDestroy: true },
    });
    new BackupVaultLockConfiguration(this, "lock", {
      backupVaultName: vault.name,
      minRetentionDays: retentionDays.min,
      maxRetentionDays: retentionDays.max,
      // With it the lock is in compliance mode, and no one takes it off afterwards, AWS included.
      ...(lock.mode === "compliance" ? { changeableForDays: lock.graceDays } : {}),
    });
    this.name = vault.name;
    this.arn = vault.arn;
    this.keyArn = key.arn;
  }
}

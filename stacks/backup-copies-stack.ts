import type { Construct } from "constructs";

import { Account } from "../constructs/account";
import { BACKUP_VAULT_NAME, BackupVault } from "../constructs/backup";
import { BaseStack, type BaseStackProps } from "./base-stack";

/** The secondary region's locked vault, which the primary's backups are copied into. */
export class BackupCopiesStack extends BaseStack {
  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, props);
    const { region, backup } = props.environment;
    new BackupVault(this, "vault", {
      account: new Account(this, "account", { region }),
      name: BACKUP_VAULT_NAME,
      lock: backup.vaultLock,
      retentionDays: { min: backup.dailyDays, max: backup.monthlyDays },
    });
  }
}

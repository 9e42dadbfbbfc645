import type { Construct } from "constructs";

import { secondaryEnvironment } from "../config";
import { Account, type AlertTopicArns } from "../constructs/account";
import {
  BACKUP_VAULT_NAME,
  BackupAlarms,
  BackupVault,
  DatabaseBackup,
  DatabaseRestoreTest,
} from "../constructs/backup";
import type { DatabaseOutputs } from "../constructs/database";
import type { NetworkOutputs } from "../constructs/network";
import { BaseStack, type BaseStackProps } from "./base-stack";

export interface BackupStackProps extends BaseStackProps {
  readonly network: NetworkOutputs;
  readonly database: DatabaseOutputs;
  readonly alertTopics: AlertTopicArns;
}

/** Backups that outlive the instance: the locked vault, what goes into it, its weekly test, and their alarms. */
export class BackupStack extends BaseStack {
  constructor(scope: Construct, id: string, props: BackupStackProps) {
    super(scope, id, props);
    const { environment, database } = props;
    const secondary = secondaryEnvironment(environment);
    const plan = environment.backup;
    const account = new Account(this, "account", { region: environment.region });
    const vault = new BackupVault(this, "vault", {
      account,
      name: BACKUP_VAULT_NAME,
      lock: plan.vaultLock,
      retentionDays: { min: plan.dailyDays, max: plan.monthlyDays },
    });
    new DatabaseBackup(this, "database", {
      account,
      plan,
      vault,
      database,
      copyTo: secondary && { region: secondary.region, vaultName: BACKUP_VAULT_NAME },
    });
    new DatabaseRestoreTest(this, "restore-test", {
      account,
      vault,
      database,
      vpcId: props.network.vpcId,
      withinDays: plan.dailyDays,
    });
    new BackupAlarms(this, "alarms", { copies: secondary !== undefined, topicArn: props.alertTopics.ticket });
  }
}

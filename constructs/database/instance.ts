import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbInstance, type DbInstanceConfig } from "@cdktf/provider-aws/lib/db-instance";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { Construct } from "constructs";

import { DATABASE_NAME, type DatabasePlan, PORTS, POSTGRESQL } from "../../config";
import { type Account, EncryptionKey, ServiceRole } from "../account";
import { MasterPassword } from "./master-password";
import { PARAMETERS } from "./parameters";
import type { DatabasePlacement } from "./placement";

export interface DatabaseInstanceProps extends DatabasePlacement {
  /**
   * Class, storage, zones and backups.
   * @throws Error if fewer than 14 days of backups are kept, or more than RDS keeps
   */
  readonly plan: DatabasePlan;
  /**
   * Region of a replica of it, where the master's secret is then, too.
   * @default - it has none, and RDS keeps the secret
   */
  readonly replicaRegion?: string | undefined;
  /** @default - it is made empty, and is no replica */
  readonly replication?: Replication | undefined;
}

/** What an instance replicates. */
export interface Replication {
  /** ARN of an instance in another region. */
  readonly sourceArn: string;
  /** Whether it stands on its own since. Without the source's ARN Terraform promotes it, in place and for good. */
  readonly promoted: boolean;
}

/** Name of the master user. */
const MASTER = "taskflow_admin";

/** Days of backups: what a customer's deletion may go unnoticed, and RDS's maximum. */
const BACKUP_DAYS = { min: 14, max: 35 };

/** Logs that RDS exports: the server's, of upgrades, and why an IAM login was refused. */
const LOG_EXPORTS = ["postgresql", "upgrade", "iam-db-auth-error"];

/**
 * The PostgreSQL instance. Its master password is made, kept and rotated by RDS, unless it has a replica; people and services
 * log in by IAM.
 */
export class DatabaseInstance extends Construct {
  public readonly instance: DbInstance;
  /** Key of the storage and of the master secret. */
  public readonly keyArn: string;
  /** Undefined for what was made as a replica: nobody logs in to it as the master. */
  public readonly masterSecretArn: string | undefined;

  constructor(scope: Construct, id: string, props: DatabaseInstanceProps) {
    super(scope, id);
    const { name, replication } = props;
    this.checkBackups(props.plan.backupRetentionDays);
    const key = new EncryptionKey(this, "key", {
      account: props.account,
      name: `${name}-database`,
      description: "Storage, backups, insights and master secret of the database, environment of its function",
    });
    this.keyArn = key.arn;
    // RDS would create the groups itself, and CloudWatch keep them for ever.
    const logs = LOG_EXPORTS.map(
      (log) =>
        new CloudwatchLogGroup(this, `${log}-logs`, {
          name: `/aws/rds/instance/${name}/${log}`,
          retentionInDays: props.logRetentionDays,
          kmsKeyId: props.logsKeyArn,
        }),
    );
    const monitoring = this.addMonitoringRole(name, props.account);
    const ownPassword = this.addMasterPassword(props);

    this.instance = new DbInstance(this, "Resource", {
      identifier: name,
      ...(replication ? ofReplica(replication) : ofNew(props.plan, key.arn, ownPassword)),
      engineVersion: POSTGRESQL.engineVersion,
      // Minor versions are pinned in config/versions.ts and pass staging first; RDS would take them unseen, and the
      // next plan would ask for the old one back.
      autoMinorVersionUpgrade: false,
      allowMajorVersionUpgrade: false,
      port: PORTS.postgresql,
      parameterGroupName: new DbParameterGroup(this, "parameters", {
        name: `${name}-${POSTGRESQL.parameterGroupFamily}`,
        family: POSTGRESQL.parameterGroupFamily,
        description: "PostgreSQL of the Taskflow platform",
        parameter: [...PARAMETERS],
        // A new major version is a new family, hence a new group, which the instance must take before the old one goes.
        lifecycle: { createBeforeDestroy: true },
      }).name,

      instanceClass: props.plan.instanceClass,
      multiAz: props.plan.multiAz,
      // From 400 GiB on gp3 brings 12,000 IOPS and 500 MiB/s; more is bought once a figure asks for it.
      storageType: "gp3",
      maxAllocatedStorage: props.plan.maxAllocatedStorageGib,
      storageEncrypted: true,
      kmsKeyId: key.arn,

      iamDatabaseAuthenticationEnabled: true,

      dbSubnetGroupName: new DbSubnetGroup(this, "subnets", {
        name,
        description: "Database subnets in three zones",
        subnetIds: [...props.subnetIds],
      }).name,
      vpcSecurityGroupIds: [props.securityGroupId],
      publiclyAccessible: false,
      caCertIdentifier: "rds-ca-rsa2048-g1",

      enabledCloudwatchLogsExports: LOG_EXPORTS,
      // Load by user is load by tenant. Standard mode has it for seven days; advanced costs by the vCPU and adds what
      // pg_stat_statements and Prometheus hold already.
      databaseInsightsMode: "standard",
      performanceInsightsEnabled: true,
      performanceInsightsRetentionPeriod: 7,
      performanceInsightsKmsKeyId: key.arn,
      monitoringInterval: 60,
      monitoringRoleArn: monitoring.role.arn,

      // UTC: two and three in the morning of Tokyo.
      backupWindow: "17:00-17:30",
      maintenanceWindow: "sat:18:00-sat:19:00",
      backupRetentionPeriod: props.plan.backupRetentionDays,
      deleteAutomatedBackups: false,
      copyTagsToSnapshot: true,
      deletionProtection: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: `${name}-final`,
      applyImmediately: false,
      lifecycle: { preventDestroy: true },
      dependsOn: [...logs, ...monitoring.attachments],
    });
    if (!replication) {
      this.masterSecretArn = ownPassword?.secretArn ?? this.instance.masterUserSecret.get(0).secretArn;
    }
  }

  private checkBackups(days: number): void {
    if (days < BACKUP_DAYS.min || days > BACKUP_DAYS.max) {
      throw new Error(
        `${this.node.path}: backupRetentionDays is ${days}; allowed: ${BACKUP_DAYS.min} to ${BACKUP_DAYS.max}`,
      );
    }
  }

  private addMasterPassword({ name, account, replicaRegion }: DatabaseInstanceProps): MasterPassword | undefined {
    return replicaRegion === undefined
      ? undefined
      : new MasterPassword(this, "master-password", {
          name: `${name}-database-master`,
          region: account.region,
          replicaRegion,
          username: MASTER,
          keyArn: this.keyArn,
        });
  }

  private addMonitoringRole(name: string, account: Account): ServiceRole {
    return new ServiceRole(this, "monitoring", {
      name: `${name}-database-monitoring`,
      description: "Enhanced monitoring of the database",
      service: "monitoring.rds.amazonaws.com",
      trustConditions: [
        { test: "StringEquals", variable: "aws:SourceAccount", values: [account.id] },
        { test: "ArnEquals", variable: "aws:SourceArn", values: [account.arn("rds", `db:${name}`)] },
      ],
      managedPolicyArns: [account.managedPolicy("service-role/AmazonRDSEnhancedMonitoringRole")],
    });
  }
}

/** What an instance that is made empty is told. */
function ofNew(plan: DatabasePlan, keyArn: string, password: MasterPassword | undefined): Partial<DbInstanceConfig> {
  return {
    engine: "postgres",
    // An unsupported major version is upgraded, not paid for by the vCPU-hour.
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    dbName: DATABASE_NAME,
    allocatedStorage: plan.allocatedStorageGib,
    username: MASTER,
    ...(password ? { passwordWo: password.password, passwordWoVersion: password.version } : managedByRds(keyArn)),
  };
}

/**
 * A replica has its source's engine, database, storage and master, and RDS refuses to be told them. They are left out after
 * the promotion, too: in a region without the replica Terraform then fails instead of making an empty database that serves.
 * The master's password stays the source's: one that RDS manages would forbid the replica by which the data goes home.
 */
function ofReplica({ sourceArn, promoted }: Replication): Partial<DbInstanceConfig> {
  return promoted ? {} : { replicateSourceDb: sourceArn };
}

/** RDS makes, keeps and rotates the master's password. */
function managedByRds(keyArn: string): Partial<DbInstanceConfig> {
  return { manageMasterUserPassword: true, masterUserSecretKmsKeyId: keyArn };
}

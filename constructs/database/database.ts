import { Construct } from "constructs";

import { type Environment, secondaryEnvironment } from "../../config";
import { Account, AlarmTopic, EncryptionKey } from "../account";
import type { NetworkOutputs } from "../network";
import { DatabaseAlarms } from "./alarms";
import { DatabaseInstance, type Replication } from "./instance";
import { DATABASE_IDENTIFIER } from "./names";
import type { DatabaseOutputs } from "./outputs";
import { DatabaseProxy } from "./proxy";
import { proxyPool } from "./proxy-pool";
import { DatabaseSecurityGroups } from "./security-groups";
import { TenantDatabaseFunction } from "./tenant-function";

export interface DatabaseProps {
  readonly environment: Environment;
  readonly network: NetworkOutputs;
  /**
   * Identifier of the instance, with which all names here begin.
   * @default "taskflow"
   */
  readonly name?: string;
  /** @default - it is made empty and bootstrapped */
  readonly replication?: Replication;
}

/**
 * The database and its one way in: instance, proxy, the function that makes tenants in it, what separates them from the
 * rest, and what watches them.
 */
export class Database extends Construct {
  public readonly outputs: DatabaseOutputs;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { environment, network, name = DATABASE_IDENTIFIER, replication } = props;
    const replicates = replication !== undefined && !replication.promoted;
    const plan = environment.database;
    const account = new Account(this, "account", { region: environment.region });
    const logsKey = new EncryptionKey(this, "logs-key", {
      account,
      name: `${name}-database-logs`,
      description: "Log groups of the database and its proxy",
      encryptsLogs: true,
    });
    const groups = new DatabaseSecurityGroups(this, "security-groups", {
      name,
      vpcId: network.vpcId,
      privateCidrs: environment.network.privateSubnets.map((subnet) => subnet.cidr),
    });
    const common = {
      account,
      name,
      subnetIds: network.databaseSubnetIds,
      logsKeyArn: logsKey.arn,
      logRetentionDays: environment.logRetentionDays,
    };
    const { instance, keyArn, masterSecretArn } = new DatabaseInstance(this, "instance", {
      ...common,
      plan,
      securityGroupId: groups.instanceId,
      replicaRegion: replicaRegion(environment),
      replication,
    });
    const proxy = new DatabaseProxy(this, "proxy", {
      ...common,
      instance,
      attached: !replicates,
      pool: proxyPool(plan.instanceClass),
      securityGroupId: groups.proxyId,
    });
    const tenantFunction = new TenantDatabaseFunction(this, "tenant-function", {
      ...common,
      subnetIds: network.privateSubnetIds,
      securityGroupId: groups.functionId,
      instance,
      keyArn,
      masterSecretArn,
      ways: groups.functionWays,
    });
    const topic = new AlarmTopic(this, "alarm-topic", {
      account,
      name: `${name}-alarms-database`,
      publishers: ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"],
    });
    new DatabaseAlarms(this, "alarms", {
      name,
      instance,
      proxyName: proxy.name,
      functionName: tenantFunction.name,
      allocatedStorageGib: plan.allocatedStorageGib,
      replicates,
      topicArn: topic.arn,
    });
    this.outputs = {
      name,
      proxyArn: proxy.arn,
      proxyEndpoint: proxy.endpoint,
      instanceArn: instance.arn,
      keyArn,
      subnetGroupName: instance.dbSubnetGroupName,
      tenantFunctionName: tenantFunction.name,
    };
  }
}

/** Where the database of an environment is replicated to. An own database of the secondary region is not. */
function replicaRegion(environment: Environment): string | undefined {
  return environment.primary === undefined ? secondaryEnvironment(environment)?.region : undefined;
}

import { Construct } from "constructs";

import type { Environment } from "../../config";
import { Account, AlarmTopic, EncryptionKey } from "../account";
import type { NetworkOutputs } from "../network";
import { DatabaseAlarms } from "./alarms";
import { DatabaseInstance } from "./instance";
import type { DatabaseOutputs } from "./outputs";
import { DatabaseProxy } from "./proxy";
import { proxyPool } from "./proxy-pool";
import { DatabaseSecurityGroups } from "./security-groups";
import { TenantDatabaseFunction } from "./tenant-function";

export interface DatabaseProps {
  readonly environment: Environment;
  readonly network: NetworkOutputs;
}

/**
 * The database and its one way in: instance, proxy, the function that makes tenants in it, what separates them from the
 * rest, and what watches them.
 */
export class Database extends Construct {
  public readonly outputs: DatabaseOutputs;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { environment, network } = props;
    const plan = environment.database;
    const account = new Account(this, "account", { region: environment.region });
    const logsKey = new EncryptionKey(this, "logs-key", {
      account,
      name: "taskflow-database-logs",
      description: "Log groups of the database and its proxy",
      encryptsLogs: true,
    });
    const groups = new DatabaseSecurityGroups(this, "security-groups", {
      vpcId: network.vpcId,
      privateCidrs: environment.network.privateSubnets.map((subnet) => subnet.cidr),
    });
    const common = {
      account,
      subnetIds: network.databaseSubnetIds,
      logsKeyArn: logsKey.arn,
      logRetentionDays: environment.logRetentionDays,
    };
    const { instance, keyArn } = new DatabaseInstance(this, "instance", {
      ...common,
      plan,
      securityGroupId: groups.instanceId,
    });
    const proxy = new DatabaseProxy(this, "proxy", {
      ...common,
      instance,
      pool: proxyPool(plan.instanceClass),
      securityGroupId: groups.proxyId,
    });
    const tenantFunction = new TenantDatabaseFunction(this, "tenant-function", {
      ...common,
      subnetIds: network.privateSubnetIds,
      securityGroupId: groups.functionId,
      instance,
      keyArn,
      ways: groups.functionWays,
    });
    const topic = new AlarmTopic(this, "alarm-topic", {
      account,
      name: "taskflow-alarms-database",
      publishers: ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"],
    });
    new DatabaseAlarms(this, "alarms", {
      instance,
      proxyName: proxy.name,
      functionName: tenantFunction.name,
      allocatedStorageGib: plan.allocatedStorageGib,
      topicArn: topic.arn,
    });
    this.outputs = {
      proxyArn: proxy.arn,
      proxyEndpoint: proxy.endpoint,
      instanceArn: instance.arn,
      keyArn,
      subnetGroupName: instance.dbSubnetGroupName,
      tenantFunctionName: tenantFunction.name,
    };
  }
}

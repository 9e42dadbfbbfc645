import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import type { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbProxy } from "@cdktf/provider-aws/lib/db-proxy";
import { DbProxyDefaultTargetGroup } from "@cdktf/provider-aws/lib/db-proxy-default-target-group";
import { DbProxyEndpoint } from "@cdktf/provider-aws/lib/db-proxy-endpoint";
import { DbProxyTarget } from "@cdktf/provider-aws/lib/db-proxy-target";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";

import { ServiceRole } from "../account";
import { proxyName } from "./names";
import { IDLE_CLIENT_TIMEOUT_SECONDS } from "./parameters";
import type { DatabasePlacement } from "./placement";
import type { ProxyPool } from "./proxy-pool";
import { MONITOR, PROVISIONER } from "./users";

export interface DatabaseProxyProps extends DatabasePlacement {
  readonly instance: DbInstance;
  /** Whether the proxy leads to the instance. A proxy takes no replica as its target, only what was promoted. */
  readonly attached: boolean;
  readonly pool: ProxyPool;
}

/**
 * RDS Proxy with IAM on both sides: a client shows a token for its own database user, the proxy one of its own for the
 * same user. No password and no secret takes part, so the 200 secrets that a proxy may hold do not bound the tenants.
 *
 * Session pinning filters are left out: PostgreSQL has none (RDS Proxy, limitations).
 */
export class DatabaseProxy extends Construct {
  public readonly name: string;
  public readonly arn: string;
  /**
   * DNS name for clients. It is the additional endpoint's: AWS puts the default endpoint into two zones of its own
   * choice, and a third of all pods would cross zones, or lose the database with one zone.
   */
  public readonly endpoint: string;

  constructor(scope: Construct, id: string, props: DatabaseProxyProps) {
    super(scope, id);
    const name = proxyName(props.name);
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/rds/proxy/${name}`,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.logsKeyArn,
    });
    const role = this.addRole(name, props);
    const proxy = new DbProxy(this, "Resource", {
      name,
      engineFamily: "POSTGRESQL",
      roleArn: role.roleArn,
      defaultAuthScheme: "IAM_AUTH",
      requireTls: true,
      idleClientTimeout: IDLE_CLIENT_TIMEOUT_SECONDS,
      // Debug logging writes statements, and with them tenants' data.
      debugLogging: false,
      vpcSubnetIds: [...props.subnetIds],
      vpcSecurityGroupIds: [props.securityGroupId],
      dependsOn: [logs, role.policy],
    });
    const targets = new DbProxyDefaultTargetGroup(this, "targets", {
      dbProxyName: proxy.name,
      connectionPoolConfig: {
        maxConnectionsPercent: props.pool.maxConnectionsPercent,
        maxIdleConnectionsPercent: props.pool.maxIdleConnectionsPercent,
        connectionBorrowTimeout: props.pool.borrowTimeoutSeconds,
      },
    });
    if (props.attached) {
      new DbProxyTarget(this, "target", {
        dbProxyName: proxy.name,
        targetGroupName: targets.name,
        dbInstanceIdentifier: props.instance.identifier,
      });
    }
    const endpoint = new DbProxyEndpoint(this, "endpoint", {
      dbProxyName: proxy.name,
      dbProxyEndpointName: `${name}-three-zones`,
      targetRole: "READ_WRITE",
      vpcSubnetIds: [...props.subnetIds],
      vpcSecurityGroupIds: [props.securityGroupId],
    });
    this.name = proxy.name;
    this.arn = proxy.arn;
    this.endpoint = endpoint.endpoint;
  }

  /**
   * Users are named by a wildcard because 500 ARNs exceed a role's 10,240 characters of inline policy. The wildcard also
   * meets the provisioner, who makes tenants and logs in at the instance: the proxy may never become it.
   */
  private addRole(name: string, props: DatabaseProxyProps) {
    const role = new ServiceRole(this, "role", {
      name,
      description: "RDS Proxy: logs in as tenants' database users",
      service: "rds.amazonaws.com",
    });
    const user = (name: string) => props.account.arn("rds-db", `dbuser:${props.instance.resourceId}/${name}`);
    const policy = new IamRolePolicy(this, "connect", {
      name,
      role: role.role.name,
      policy: new DataAwsIamPolicyDocument(this, "connect-document", {
        statement: [
          { sid: "LogInAsTenants", actions: ["rds-db:connect"], resources: [user("tenant_*")] },
          { sid: "LogInAsTheMonitor", actions: ["rds-db:connect"], resources: [user(MONITOR)] },
          {
            sid: "NeverAsTheProvisioner",
            effect: "Deny",
            actions: ["rds-db:connect"],
            resources: [user(PROVISIONER)],
          },
        ],
      }).json,
    });
    return { roleArn: role.role.arn, policy };
  }
}

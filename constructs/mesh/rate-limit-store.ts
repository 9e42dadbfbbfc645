import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

import { VALKEY } from "../../config";
import { STORE_PORT } from "./names";

export interface RateLimitStoreProps {
  readonly vpcId: string;
  /** Subnets of the two nodes, in two zones at least. */
  readonly subnetIds: readonly string[];
  /** Subnets that pods get their addresses from; nothing else reaches the store. */
  readonly clientCidrs: readonly string[];
}

const NAME = "taskflow-rate-limit";

/**
 * 1.37 GiB (ElastiCache node types). A counter is under 300 bytes and lives for minutes: 500 tenants need some 150 kB,
 * and the smallest burstable type has no memory left for a failover's synchronisation.
 */
const NODE_TYPE = "cache.t4g.small";

/**
 * The counters of the global rate limit: a primary and a replica in another zone, encrypted at rest and in transit. Lost
 * counters mean one minute without limits, so there are no backups and nothing forbids a replacement.
 *
 * There is no password: Terraform would keep one in its state, the rate limit service knows no IAM authentication, and
 * all that the security group's clients could read or change are counts of requests.
 */
export class RateLimitStore extends Construct {
  /** `host:port` of the primary; follows a failover. */
  public readonly address: string;

  constructor(scope: Construct, id: string, props: RateLimitStoreProps) {
    super(scope, id);
    const securityGroup = new SecurityGroup(this, "security-group", {
      name: NAME,
      description: "Counters of the global rate limit; pods alone reach them",
      vpcId: props.vpcId,
    });
    props.clientCidrs.forEach((cidr, index) => {
      new VpcSecurityGroupIngressRule(this, `clients-${index}`, {
        securityGroupId: securityGroup.id,
        cidrIpv4: cidr,
        ipProtocol: "tcp",
        fromPort: STORE_PORT,
        toPort: STORE_PORT,
        description: `Pods of subnet ${cidr}`,
      });
    });
    const subnetGroup = new ElasticacheSubnetGroup(this, "subnet-group", {
      name: NAME,
      description: "Database subnets, one a zone",
      subnetIds: [...props.subnetIds],
    });
    const group = new ElasticacheReplicationGroup(this, "Resource", {
      replicationGroupId: NAME,
      description: "Counters of the global rate limit",
      ...VALKEY,
      nodeType: NODE_TYPE,
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      port: STORE_PORT,
      subnetGroupName: subnetGroup.name,
      securityGroupIds: [securityGroup.id],
      atRestEncryptionEnabled: "true",
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      autoMinorVersionUpgrade: "true",
      // Sunday night in Japan.
      maintenanceWindow: "sat:18:00-sat:19:00",
      snapshotRetentionLimit: 0,
    });
    this.address = `${group.primaryEndpointAddress}:${STORE_PORT}`;
  }
}

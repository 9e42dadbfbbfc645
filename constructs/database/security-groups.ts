import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { PORTS } from "../../config";

export interface DatabaseSecurityGroupsProps {
  /** The database's, with which the groups' names begin. */
  readonly name: string;
  readonly vpcId: string;
  /** CIDR blocks of the private subnets: pods' addresses, and the VPC endpoints'. */
  readonly privateCidrs: readonly string[];
}

/**
 * Who reaches what on the way to the database: pods the proxy, the proxy and the tenant-database function the instance,
 * and nobody anything else. Terraform takes EC2's "allow all egress" away from each group that it makes.
 */
export class DatabaseSecurityGroups extends Construct {
  public readonly proxyId: string;
  public readonly instanceId: string;
  /** For the function that makes tenants' schemas and roles. */
  public readonly functionId: string;
  /** The rules that let the function out and into the instance. Naming a group does not wait for them. */
  public readonly functionWays: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: DatabaseSecurityGroupsProps) {
    super(scope, id);
    const { name, vpcId } = props;
    this.proxyId = this.addGroup("proxy", `${name}-database-proxy`, "RDS Proxy", vpcId);
    this.instanceId = this.addGroup("instance", `${name}-database`, "PostgreSQL instance", vpcId);
    this.functionId = this.addGroup("function", `${name}-tenant-database`, "tenant-database function", vpcId);

    const toEndpoints = props.privateCidrs.map((cidr) => {
      new VpcSecurityGroupIngressRule(this, `proxy-from-${slug(cidr)}`, {
        securityGroupId: this.proxyId,
        description: "Pods",
        cidrIpv4: cidr,
        ...tcp(PORTS.postgresql),
      });
      return new VpcSecurityGroupEgressRule(this, `function-to-${slug(cidr)}`, {
        securityGroupId: this.functionId,
        description: "VPC endpoints",
        cidrIpv4: cidr,
        ...tcp(443),
      });
    });
    this.connect("proxy", this.proxyId);
    this.functionWays = [...toEndpoints, ...this.connect("function", this.functionId)];
  }

  private addGroup(id: string, name: string, what: string, vpcId: string): string {
    return new SecurityGroup(this, id, { name, description: what, vpcId, tags: { Name: name } }).id;
  }

  /** Both ends of one edge to the instance. */
  private connect(client: string, clientGroupId: string): readonly ITerraformDependable[] {
    const out = new VpcSecurityGroupEgressRule(this, `${client}-to-instance`, {
      securityGroupId: clientGroupId,
      description: "PostgreSQL instance",
      referencedSecurityGroupId: this.instanceId,
      ...tcp(PORTS.postgresql),
    });
    const into = new VpcSecurityGroupIngressRule(this, `instance-from-${client}`, {
      securityGroupId: this.instanceId,
      description: `From the ${client}`,
      referencedSecurityGroupId: clientGroupId,
      ...tcp(PORTS.postgresql),
    });
    return [out, into];
  }
}

function tcp(port: number) {
  return { ipProtocol: "tcp", fromPort: port, toPort: port };
}

function slug(cidr: string): string {
  return cidr.replaceAll(/[./]/g, "-");
}

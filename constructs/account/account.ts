import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { Construct } from "constructs";

export interface AccountProps {
  readonly region: string;
}

/** The account and region that a stack is deployed to, looked up at plan time, and the ARNs made of them. */
export class Account extends Construct {
  public readonly id: string;
  public readonly partition: string;
  public readonly region: string;

  constructor(scope: Construct, id: string, props: AccountProps) {
    super(scope, id);
    this.id = new DataAwsCallerIdentity(this, "identity").accountId;
    this.partition = new DataAwsPartition(this, "partition").partition;
    this.region = props.region;
  }

  /** ARN of a resource in the account and region, or in another region of the account. */
  public arn(service: string, resource: string, region: string = this.region): string {
    return `arn:${this.partition}:${service}:${region}:${this.id}:${resource}`;
  }

  /** ARNs of resources in the account and region. */
  public arns(service: string, ...resources: readonly string[]): string[] {
    return resources.map((resource) => this.arn(service, resource));
  }

  /** ARN of an IAM resource or principal of the account: `role/<path and name>`, `policy/<name>`, `root`. */
  public iam(resource: string): string {
    return `arn:${this.partition}:iam::${this.id}:${resource}`;
  }

  /** ARN of a policy that AWS maintains, with its path. */
  public managedPolicy(name: string): string {
    return `arn:${this.partition}:iam::aws:policy/${name}`;
  }

  /** ARN of a resource that belongs to AWS, or whose ARN names no account: S3's, Route 53's, public images. */
  public ownerless(service: string, resource: string, region = ""): string {
    return `arn:${this.partition}:${service}:${region}::${resource}`;
  }

  /** ARN of a dashboard and of what else belongs to the account but to no region. */
  public regionless(service: string, resource: string): string {
    return `arn:${this.partition}:${service}::${this.id}:${resource}`;
  }
}

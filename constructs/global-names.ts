import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { type IAspect, Token } from "cdktf";
import type { IConstruct } from "constructs";

/** Longest names (IAM and S3 quotas). */
const LIMITS = { role: 64, bucket: 63 };

/**
 * Ends the names of IAM roles and S3 buckets, of which an account, and for buckets the world, has one space for all
 * regions: the same construct stands in two.
 *
 * @throws Error if a name grows beyond what IAM takes
 */
export class GlobalNames implements IAspect {
  constructor(private readonly suffix: string) {}

  public visit(node: IConstruct): void {
    if (node instanceof IamRole) {
      node.name = this.ended(node, node.nameInput, LIMITS.role);
    } else if (node instanceof S3Bucket) {
      node.bucket = this.ended(node, node.bucketInput, LIMITS.bucket);
    }
  }

  private ended(node: IConstruct, name: string | undefined, limit: number): string {
    const ended = `${name ?? ""}${this.suffix}`;
    // A name with a token in it is as long as what Terraform makes of it, which nobody knows here.
    if (name === undefined || (!Token.isUnresolved(name) && ended.length > limit)) {
      throw new Error(`${node.node.path}: name "${ended}" has ${ended.length} characters; allowed: at most ${limit}`);
    }
    return ended;
  }
}

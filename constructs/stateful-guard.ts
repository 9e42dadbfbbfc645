import { type IAspect, TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";

/** Resource types that hold what cannot be made again. */
export const STATEFUL_TYPES: ReadonlySet<string> = new Set([
  "aws_backup_vault",
  "aws_db_instance",
  "aws_dynamodb_table",
  "aws_ecr_repository",
  "aws_efs_file_system",
  "aws_eks_cluster",
  "aws_kms_key",
  "aws_route53_zone",
  "aws_s3_bucket",
  "aws_secretsmanager_secret",
  "kubernetes_persistent_volume_claim_v1",
]);

/**
 * Refuses a stateful resource that an edit alone could destroy.
 *
 * @throws Error naming the construct's path, if a resource of STATEFUL_TYPES lacks `lifecycle.preventDestroy`
 */
export class StatefulGuard implements IAspect {
  public visit(node: IConstruct): void {
    if (!TerraformResource.isTerraformResource(node) || !STATEFUL_TYPES.has(node.terraformResourceType)) {
      return;
    }
    if (node.lifecycle?.preventDestroy !== true) {
      throw new Error(`${node.node.path}: ${node.terraformResourceType} is stateful: set lifecycle.preventDestroy`);
    }
  }
}

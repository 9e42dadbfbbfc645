import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { EcrRepositoryCreationTemplate } from "@cdktf/provider-aws/lib/ecr-repository-creation-template";
import { Construct } from "constructs";

import { type Account, keysByAlias, roleWithInlinePolicy } from "../account";
import { IMAGE_LIFECYCLE_POLICY } from "./image-lifecycle";
import { scanOnPush } from "./image-scanning";
import { REPOSITORY_PREFIX, type RegistryOutputs } from "./outputs";

export interface ImageReplicasProps {
  /** Account and region that images are replicated to. */
  readonly account: Account;
  /** Repository names, all below one folder: `taskflow/<name>`. */
  readonly repositories: readonly string[];
}

const NAME = "taskflow-image-replicas";

/**
 * The image repositories of a second region. ECR makes each with the first image that arrives, by a template with the rules
 * of the first region's: replication brings images, not how a repository is set up.
 */
export class ImageReplicas extends Construct {
  public readonly outputs: RegistryOutputs;

  constructor(scope: Construct, id: string, props: ImageReplicasProps) {
    super(scope, id);
    const { account } = props;
    scanOnPush(this);
    const role = roleWithInlinePolicy(this, {
      name: NAME,
      description: "ECR: makes the repositories of replicated images",
      service: "ecr.amazonaws.com",
      statements: statements(account),
    });
    new EcrRepositoryCreationTemplate(this, "Resource", {
      // Without the slash, which ECR adds.
      prefix: REPOSITORY_PREFIX.slice(0, -1),
      description: "Replicas of the platform's images",
      appliedFor: ["REPLICATION"],
      imageTagMutability: "IMMUTABLE",
      encryptionConfiguration: [{ encryptionType: "KMS" }],
      lifecyclePolicy: IMAGE_LIFECYCLE_POLICY,
      customRoleArn: role.arn,
      dependsOn: [role.policy],
    });
    const registry = `${account.id}.dkr.ecr.${account.region}.amazonaws.com`;
    this.outputs = {
      repositoryUrls: Object.fromEntries(props.repositories.map((name) => [name, `${registry}/${name}`])),
    };
  }
}

/** What ECR asks of a role for templates with KMS (ECR user guide, repository creation templates), for our repositories. */
function statements(account: Account): DataAwsIamPolicyDocumentStatement[] {
  return [
    {
      sid: "MakeRepositories",
      actions: ["ecr:CreateRepository", "ecr:ReplicateImage"],
      resources: account.arns("ecr", `repository/${REPOSITORY_PREFIX}*`),
    },
    {
      sid: "EncryptByEcrsOwnKey",
      actions: ["kms:CreateGrant", "kms:DescribeKey", "kms:RetireGrant"],
      ...keysByAlias(account, "alias/aws/ecr"),
    },
  ];
}

import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrReplicationConfiguration } from "@cdktf/provider-aws/lib/ecr-replication-configuration";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";

import { Account } from "../account";
import { IMAGE_LIFECYCLE_POLICY } from "./image-lifecycle";
import { scanOnPush } from "./image-scanning";
import { REPOSITORY_PREFIX, type RegistryOutputs } from "./outputs";

export interface ImageRegistryProps {
  /** Repository names, all below one folder: `taskflow/<name>`. */
  readonly repositories: readonly string[];
  /**
   * Region that ECR copies each image to, once it is pushed; earlier ones stay where they are.
   * @default - none
   */
  readonly replicaRegion?: string | undefined;
}

/**
 * The platform's image repositories: a tag is written once, each push is scanned, releases are kept.
 *
 * No repository has a policy: the account's own identities pull and push by their IAM policies, and nobody else does.
 * Encryption is by the AWS managed key, which shows each use in CloudTrail; a key of our own would add a way to lose every
 * image at once, and no reader whom ECR does not already check.
 */
export class ImageRegistry extends Construct {
  public readonly outputs: RegistryOutputs;

  constructor(scope: Construct, id: string, props: ImageRegistryProps) {
    super(scope, id);
    scanOnPush(this);
    if (props.replicaRegion !== undefined) {
      this.replicate(props.replicaRegion);
    }
    this.outputs = {
      repositoryUrls: Object.fromEntries(
        props.repositories.map((name) => [name, this.addRepository(name).repositoryUrl]),
      ),
    };
  }

  private replicate(region: string): void {
    const { id } = new Account(this, "account", { region });
    new EcrReplicationConfiguration(this, "replication", {
      replicationConfiguration: {
        rule: [
          {
            destination: [{ region, registryId: id }],
            repositoryFilter: [{ filter: REPOSITORY_PREFIX, filterType: "PREFIX_MATCH" }],
          },
        ],
      },
    });
  }

  private addRepository(name: string): EcrRepository {
    const id = name.slice(name.lastIndexOf("/") + 1);
    const repository = new EcrRepository(this, id, {
      name,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: "KMS" }],
      forceDelete: false,
      lifecycle: { preventDestroy: true },
    });
    new EcrLifecyclePolicy(this, `${id}-lifecycle`, {
      repository: repository.name,
      policy: IMAGE_LIFECYCLE_POLICY,
    });
    return repository;
  }
}

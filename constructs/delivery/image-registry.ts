import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRegistryScanningConfiguration } from "@cdktf/provider-aws/lib/ecr-registry-scanning-configuration";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";

import type { RegistryOutputs } from "./outputs";

export interface ImageRegistryProps {
  /** Repository names, all below one folder: `taskflow/<name>`. */
  readonly repositories: readonly string[];
}

/** One rule of a lifecycle policy (ECR user guide, lifecycle policy properties). */
interface LifecycleRule {
  readonly rulePriority: number;
  readonly description: string;
  readonly selection: {
    readonly tagStatus: "tagged" | "untagged";
    readonly tagPatternList?: readonly string[];
    readonly countType: "sinceImagePushed";
    readonly countUnit: "days";
    readonly countNumber: number;
  };
  readonly action: { readonly type: "expire" };
}

/**
 * Rules by age alone: a rule that counts images would delete a release that still runs. An image that a rule's tags match
 * is out of reach for every later rule, so a release stays even where it bears a build's tag too.
 */
const LIFECYCLE_RULES: readonly LifecycleRule[] = [
  {
    rulePriority: 1,
    description: "Releases (semver tags) stay: a hundred years",
    selection: {
      tagStatus: "tagged",
      tagPatternList: ["*.*.*"],
      countType: "sinceImagePushed",
      countUnit: "days",
      countNumber: 36_500,
    },
    action: { type: "expire" },
  },
  {
    rulePriority: 2,
    description: "Builds of branches and pull requests: 30 days",
    selection: {
      tagStatus: "tagged",
      tagPatternList: ["build-*"],
      countType: "sinceImagePushed",
      countUnit: "days",
      countNumber: 30,
    },
    action: { type: "expire" },
  },
  {
    rulePriority: 3,
    description: "Untagged: 14 days",
    selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
    action: { type: "expire" },
  },
];

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
    // The registry's rule decides; ECR keeps a repository's own flag for show.
    new EcrRegistryScanningConfiguration(this, "scanning", {
      scanType: "BASIC",
      rule: [{ scanFrequency: "SCAN_ON_PUSH", repositoryFilter: [{ filter: "taskflow/*", filterType: "WILDCARD" }] }],
    });
    this.outputs = {
      repositoryUrls: Object.fromEntries(
        props.repositories.map((name) => [name, this.addRepository(name).repositoryUrl]),
      ),
    };
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
      policy: JSON.stringify({ rules: LIFECYCLE_RULES }),
    });
    return repository;
  }
}

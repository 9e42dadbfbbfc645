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

/** The lifecycle policy of every repository, as ECR reads it. */
export const IMAGE_LIFECYCLE_POLICY = JSON.stringify({ rules: LIFECYCLE_RULES });

import { REPOSITORIES } from "../../../config";
import { ImageRegistry, repositoryUrl } from "../../../constructs/delivery";
import { onlyResource, resourcesOf, synthConstruct } from "../../support/synth";

const json = synthConstruct((scope) => new ImageRegistry(scope, "registry", { repositories: REPOSITORIES }));
const repositories = Object.values(resourcesOf(json, "aws_ecr_repository"));

interface Rule {
  readonly rulePriority: number;
  readonly selection: {
    readonly tagStatus: string;
    readonly tagPatternList?: readonly string[];
    readonly countType: string;
    readonly countNumber: number;
  };
}

/**
 * Whether a lifecycle policy expires an image (ECR user guide, lifecycle policy evaluation rules): the first rule whose
 * tag requirements the image meets decides alone; a rule's patterns must each match one of the image's tags.
 */
function expires(image: { readonly tags: readonly string[]; readonly ageDays: number }): boolean {
  const policy = Object.values(resourcesOf(json, "aws_ecr_lifecycle_policy"))[0]?.["policy"] as string;
  const { rules } = JSON.parse(policy) as { rules: Rule[] };
  const decisive = rules
    .toSorted((a, b) => a.rulePriority - b.rulePriority)
    .find(({ selection }) =>
      selection.tagStatus === "untagged"
        ? image.tags.length === 0
        : image.tags.length > 0 &&
          (selection.tagPatternList ?? []).every((pattern) => image.tags.some((tag) => matches(pattern, tag))),
    );
  return decisive !== undefined && image.ageDays > decisive.selection.countNumber;
}

function matches(pattern: string, tag: string): boolean {
  return new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(tag);
}

describe("Brief: ECR", () => {
  test("has the brief's four repositories", () => {
    expect(repositories.map((repository) => repository["name"] as string).sort()).toEqual([
      "taskflow/api-gateway",
      "taskflow/project-service",
      "taskflow/task-service",
      "taskflow/user-service",
    ]);
  });
});

describe("ImageRegistry", () => {
  test("never lets a tag move, scans what is pushed, encrypts by KMS, and keeps repositories", () => {
    for (const repository of repositories) {
      expect(repository).toMatchObject({
        image_tag_mutability: "IMMUTABLE",
        image_scanning_configuration: { scan_on_push: true },
        encryption_configuration: [{ encryption_type: "KMS" }],
        force_delete: false,
        lifecycle: { prevent_destroy: true },
      });
    }
  });

  test("has the registry itself scan each push below taskflow/", () => {
    expect(onlyResource(json, "aws_ecr_registry_scanning_configuration")["rule"]).toEqual([
      { scan_frequency: "SCAN_ON_PUSH", repository_filter: [{ filter: "taskflow/*", filter_type: "WILDCARD" }] },
    ]);
  });

  test("gives every repository the same lifecycle, by age alone", () => {
    const policies = Object.values(resourcesOf(json, "aws_ecr_lifecycle_policy")).map(({ policy }) => policy as string);

    expect(policies).toHaveLength(4);
    expect(new Set(policies).size).toBe(1);
    expect(policies[0]).not.toContain("imageCountMoreThan");
  });

  test("expires untagged images after 14 days", () => {
    expect(expires({ tags: [], ageDays: 14 })).toBe(false);
    expect(expires({ tags: [], ageDays: 15 })).toBe(true);
  });

  test("expires builds after 30 days", () => {
    expect(expires({ tags: ["build-4f2a91c"], ageDays: 30 })).toBe(false);
    expect(expires({ tags: ["build-4f2a91c"], ageDays: 31 })).toBe(true);
  });

  test.each([[["1.0.0"]], [["1.0.0", "build-4f2a91c"]], [["v2.13.1"]], [["1.0.0-rc.1"]]])(
    "keeps the release %j for ever",
    (tags) => {
      expect(expires({ tags, ageDays: 3_650 })).toBe(false);
    },
  );

  test("keeps a tagged image of which it knows nothing", () => {
    expect(expires({ tags: ["latest"], ageDays: 3_650 })).toBe(false);
  });
});

describe("repositoryUrl", () => {
  const registry = { repositoryUrls: { "taskflow/task-service": "url" } };

  test("finds a service's repository", () => {
    expect(repositoryUrl(registry, "task-service")).toBe("url");
  });

  test("refuses a service that the registry has no repository for", () => {
    expect(() => repositoryUrl(registry, "billing")).toThrow("the registry has no repository taskflow/billing");
  });
});

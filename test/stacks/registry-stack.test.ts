import { ENVIRONMENTS } from "../../config";
import { RegistryStack } from "../../stacks/registry-stack";
import { ReplicaRegistryStack } from "../../stacks/replica-registry-stack";
import { expressions, resolved, statements } from "../support/cluster";
import { standby } from "../support/regions";
import { onlyResource, resourcesOf, synthStack, testApp } from "../support/synth";

const environment = ENVIRONMENTS.production;

describe("RegistryStack", () => {
  const stack = new RegistryStack(testApp(), "registry", { environment });

  test("tells other stacks the URL of each repository", () => {
    expect(Object.keys(stack.registry.repositoryUrls)).toEqual([
      "taskflow/api-gateway",
      "taskflow/project-service",
      "taskflow/task-service",
      "taskflow/user-service",
    ]);
  });

  test("replicates nothing without a second region", () => {
    expect(resourcesOf(synthStack(stack), "aws_ecr_replication_configuration")).toEqual({});
  });

  test("copies the platform's images to the second region, and no others", () => {
    const json = synthStack(new RegistryStack(testApp(), "registry", { environment: standby().primary }));
    const [rule, ...others] = onlyResource(json, "aws_ecr_replication_configuration")["replication_configuration"].rule;

    expect(others).toEqual([]);
    expect(rule).toEqual({
      destination: [{ region: "us-east-1", registry_id: expect.stringMatching(/aws_caller_identity\..*\.account_id/) }],
      repository_filter: [{ filter: "taskflow/", filter_type: "PREFIX_MATCH" }],
    });
  });

  test("matches its snapshot", () => {
    expect(synthStack(stack)).toMatchSnapshot();
  });
});

describe("ReplicaRegistryStack", () => {
  const stack = new ReplicaRegistryStack(testApp(), "dr-registry", { environment: standby() });
  const json = synthStack(stack);
  const primary = synthStack(new RegistryStack(testApp(), "registry", { environment }));
  const template = onlyResource(json, "aws_ecr_repository_creation_template");

  test("is what was reviewed", () => {
    expect(json).toMatchSnapshot();
  });

  test("gives the region's own URL of each repository", () => {
    const urls = Object.entries(stack.registry.repositoryUrls).map(([name, url]) => [
      name,
      resolved((expressions(stack, { url }) as { url: string }).url),
    ]);

    expect(urls.map(([name]) => name)).toEqual([
      "taskflow/api-gateway",
      "taskflow/project-service",
      "taskflow/task-service",
      "taskflow/user-service",
    ]);
    expect(urls[0]?.[1]).toBe("111122223333.dkr.ecr.us-east-1.amazonaws.com/taskflow/api-gateway");
  });

  test("has ECR make repositories with the rules of the first region's", () => {
    for (const repository of Object.values(resourcesOf(primary, "aws_ecr_repository"))) {
      expect(repository["name"]).toMatch(new RegExp(`^${template["prefix"]}/`));
      expect(template).toMatchObject({
        image_tag_mutability: repository["image_tag_mutability"],
        encryption_configuration: repository["encryption_configuration"],
      });
    }
    for (const { policy } of Object.values(resourcesOf(primary, "aws_ecr_lifecycle_policy"))) {
      expect(template["lifecycle_policy"]).toBe(policy);
    }
    expect(template["applied_for"]).toEqual(["REPLICATION"]);
    expect(onlyResource(json, "aws_ecr_registry_scanning_configuration")["rule"]).toEqual(
      onlyResource(primary, "aws_ecr_registry_scanning_configuration")["rule"],
    );
  });

  test("lets ECR make repositories below the platform's prefix alone, with the registry's own key", () => {
    const granted = JSON.parse(resolved(JSON.stringify(statements(json, "registry_document")))) as object[];

    expect(granted).toEqual([
      expect.objectContaining({
        actions: ["ecr:CreateRepository", "ecr:ReplicateImage"],
        resources: ["arn:aws:ecr:us-east-1:111122223333:repository/taskflow/*"],
      }),
      expect.objectContaining({
        resources: ["arn:aws:kms:us-east-1:111122223333:key/*"],
        condition: [{ test: "ForAnyValue:StringEquals", variable: "kms:ResourceAliases", values: ["alias/aws/ecr"] }],
      }),
    ]);
  });

  test("names its role as no other region's", () => {
    expect(onlyResource(json, "aws_iam_role")["name"]).toBe("taskflow-image-replicas-dr");
  });
});

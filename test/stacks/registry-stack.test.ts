import { ENVIRONMENTS } from "../../config";
import { RegistryStack } from "../../stacks/registry-stack";
import { synthStack, testApp } from "../support/synth";

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

  test("matches its snapshot", () => {
    expect(synthStack(stack)).toMatchSnapshot();
  });
});

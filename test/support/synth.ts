import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type App, type TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";

import { ENVIRONMENTS, type Environment } from "../../config";
import { BaseStack } from "../../stacks/base-stack";

/** One stack's Terraform JSON, as far as tests read it. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, ResourceJson>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, ResourceJson>>>>;
  readonly ephemeral?: Readonly<Record<string, Readonly<Record<string, ResourceJson>>>>;
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, unknown>>;
  readonly provider?: Readonly<Record<string, unknown>>;
  readonly terraform?: Readonly<Record<string, unknown>>;
}

// Terraform's JSON has no static type; tests state what they expect of it.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type ResourceJson = Readonly<Record<string, any>>;

class TestStack extends BaseStack {}

/** An app whose context is the tests' alone. */
export function testApp(): App {
  return Testing.app({ fakeCdktfJsonPath: true });
}

/** Terraform JSON of a stack, cross-stack references resolved: all stacks of its app are prepared first. */
export function synthStack(stack: TerraformStack): StackJson {
  for (const sibling of stack.node.root.node.findAll()) {
    if (isStack(sibling)) {
      sibling.prepareStack();
    }
  }
  return JSON.parse(Testing.synth(stack, true)) as StackJson;
}

function isStack(construct: unknown): construct is TerraformStack {
  return typeof construct === "object" && construct !== null && "prepareStack" in construct;
}

/** Terraform JSON of one construct, alone in a stack with the AWS provider of the environment. */
export function synthConstruct(
  build: (scope: Construct) => void,
  environment: Environment = ENVIRONMENTS.production,
): StackJson {
  const stack = new TestStack(testApp(), "test", { environment });
  build(stack);
  return synthStack(stack);
}

/** Terraform JSON of one construct, alone in a stack that can reach a cluster. */
export function synthInCluster(build: (scope: Construct) => void): StackJson {
  return synthConstruct((scope) => {
    new KubernetesProvider(scope, "kubernetes");
    new HelmProvider(scope, "helm");
    build(scope);
  });
}

/** Resources of one type, by Terraform id. */
export function resourcesOf(json: StackJson, type: string): Readonly<Record<string, ResourceJson>> {
  return json.resource?.[type] ?? {};
}

/**
 * The only resource of a type.
 *
 * @throws Error if there are none or several
 */
export function onlyResource(json: StackJson, type: string): ResourceJson {
  const found = Object.values(resourcesOf(json, type));
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`expected one ${type}, found ${found.length}`);
  }
  return found[0];
}

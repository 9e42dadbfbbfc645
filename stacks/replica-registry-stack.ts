import type { Construct } from "constructs";

import { REPOSITORIES, type SecondaryEnvironment } from "../config";
import { Account } from "../constructs/account";
import { ImageReplicas, type RegistryOutputs } from "../constructs/delivery";
import { BaseStack, type BaseStackProps } from "./base-stack";

export interface ReplicaRegistryStackProps extends BaseStackProps {
  readonly environment: SecondaryEnvironment;
}

/** Where the secondary region pulls the services' images from, which the primary's registry copies there. */
export class ReplicaRegistryStack extends BaseStack {
  public readonly registry: RegistryOutputs;

  constructor(scope: Construct, id: string, props: ReplicaRegistryStackProps) {
    super(scope, id, props);
    const account = new Account(this, "account", { region: props.environment.region });
    this.registry = new ImageReplicas(this, "registry", { account, repositories: REPOSITORIES }).outputs;
  }
}

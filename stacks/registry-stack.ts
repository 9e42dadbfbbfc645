import type { Construct } from "constructs";

import { REPOSITORIES, secondaryEnvironment } from "../config";
import { ImageRegistry, type RegistryOutputs } from "../constructs/delivery";
import { BaseStack, type BaseStackProps } from "./base-stack";

/** The image repositories of the platform's services. */
export class RegistryStack extends BaseStack {
  public readonly registry: RegistryOutputs;

  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, props);
    this.registry = new ImageRegistry(this, "registry", {
      repositories: REPOSITORIES,
      replicaRegion: secondaryEnvironment(props.environment)?.region,
    }).outputs;
  }
}

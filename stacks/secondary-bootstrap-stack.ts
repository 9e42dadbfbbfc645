import type { Construct } from "constructs";

import type { SecondaryEnvironment } from "../config";
import { StateBucket } from "../constructs/delivery";
import { BaseStack, type BaseStackProps } from "./base-stack";

export interface SecondaryBootstrapStackProps extends BaseStackProps {
  readonly environment: SecondaryEnvironment;
}

/**
 * The bucket of the secondary region's states, which must be at hand when the primary region is not. An administrator
 * applies it once, as `bootstrap`, and keeps its own state.
 */
export class SecondaryBootstrapStack extends BaseStack {
  constructor(scope: Construct, id: string, props: SecondaryBootstrapStackProps) {
    super(scope, id, props);
    // The primary's name: its end is what every bucket of the region has.
    new StateBucket(this, "states", { bucketName: props.environment.primary.stateBucket });
  }

  protected override addBackend(): void {
    this.addLocalBackend();
  }
}

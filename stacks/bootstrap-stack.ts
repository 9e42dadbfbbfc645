import type { Construct } from "constructs";

import { secondaryEnvironment } from "../config";
import { ContinuousDelivery, StateBucket } from "../constructs/delivery";
import { BaseStack, type BaseStackProps } from "./base-stack";

/**
 * What the other stacks need before the first of them can be applied: the bucket of their states, and CI's way in. An
 * administrator applies it once, and keeps its own state, which no bucket exists for yet.
 */
export class BootstrapStack extends BaseStack {
  constructor(scope: Construct, id: string, props: BaseStackProps) {
    super(scope, id, props);
    const { environment } = props;
    const stateBucket = new StateBucket(this, "states", { bucketName: environment.stateBucket });
    new ContinuousDelivery(this, "delivery", {
      region: environment.region,
      environment: environment.name,
      domain: environment.domain,
      clusterName: environment.cluster.name,
      github: environment.github,
      operatorRoles: environment.cluster.operatorRoles,
      stateBucket,
      secondary: secondaryEnvironment(environment),
    });
  }

  protected override addBackend(): void {
    this.addLocalBackend();
  }
}

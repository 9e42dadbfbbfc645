import type { Construct } from "constructs";

import { type SecondaryEnvironment, serves } from "../config";
import type { AlertTopicArns } from "../constructs/account";
import { RegionFailover } from "../constructs/edge";
import { BaseStack, type BaseStackProps } from "./base-stack";

export interface FailoverStackProps extends BaseStackProps {
  readonly environment: SecondaryEnvironment;
  /** Topics of the secondary region: the primary's may be lost with it. */
  readonly alertTopics: AlertTopicArns;
}

/** Which region tenants' hosts lead to, and what both look like from outside. */
export class FailoverStack extends BaseStack {
  constructor(scope: Construct, id: string, props: FailoverStackProps) {
    super(scope, id, props);
    const { environment } = props;
    new RegionFailover(this, "failover", {
      domain: environment.domain,
      primaryRegion: environment.primary.region,
      secondaryRegion: environment.region,
      serving: serves(environment) ? "secondary" : "primary",
      topics: props.alertTopics,
    });
  }
}

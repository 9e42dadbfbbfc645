import type { Construct } from "constructs";

import type { AlertTopicArns } from "../constructs/account";
import { Onboarding } from "../constructs/onboarding";
import { BaseStack, type BaseStackProps } from "./base-stack";

export interface OnboardingStackProps extends BaseStackProps {
  readonly alertTopics: AlertTopicArns;
}

/** Requests to provision or deprovision tenants. Nothing else needs it, and it needs nothing that runs. */
export class OnboardingStack extends BaseStack {
  constructor(scope: Construct, id: string, props: OnboardingStackProps) {
    super(scope, id, props);
    new Onboarding(this, "onboarding", props);
  }
}

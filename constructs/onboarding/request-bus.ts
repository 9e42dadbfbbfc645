import { CloudwatchEventBus } from "@cdktf/provider-aws/lib/cloudwatch-event-bus";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";

import { ONBOARDING } from "../../config";
import { MAX_EVENT_AGE_SECONDS, type OnboardingFunction } from "./onboarding-function";

export interface RequestBusProps {
  readonly onboardingFunction: OnboardingFunction;
  /** Queue of events that could not be delivered. */
  readonly failedEventsArn: string;
}

/**
 * The bus of onboarding events and the way of both kinds to the function. It has no policy of its own: principals of the
 * account put events by IAM, which tells requests from reports by source and detail type.
 */
export class RequestBus extends Construct {
  constructor(scope: Construct, id: string, props: RequestBusProps) {
    super(scope, id);
    const { onboardingFunction } = props;
    const bus = new CloudwatchEventBus(this, "Resource", {
      name: ONBOARDING.busName,
      description: "Requests to provision or deprovision tenants, and CI's reports on them",
    });
    const known = Object.values(ONBOARDING.events);
    const rule = new CloudwatchEventRule(this, "rule", {
      name: ONBOARDING.busName,
      description: "Onboarding events to the tenant-onboarding function",
      eventBusName: bus.name,
      eventPattern: JSON.stringify({
        source: known.map(({ source }) => source),
        "detail-type": known.map(({ detailType }) => detailType),
      }),
    });
    new CloudwatchEventTarget(this, "target", {
      eventBusName: bus.name,
      rule: rule.name,
      arn: onboardingFunction.arn,
      retryPolicy: { maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS, maximumRetryAttempts: 10 },
      deadLetterConfig: { arn: props.failedEventsArn },
    });
    new LambdaPermission(this, "permission", {
      statementId: "OnboardingEvents",
      action: "lambda:InvokeFunction",
      functionName: onboardingFunction.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
  }
}

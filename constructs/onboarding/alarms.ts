import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { Construct } from "constructs";

import { MetricAlarm } from "../account";

export interface OnboardingAlarmsProps {
  readonly logGroupName: string;
  /** Queue of events that failed. */
  readonly queueName: string;
  /** Topic that alarms go to. */
  readonly topicArn: string;
}

const NAMESPACE = "Taskflow/Onboarding";
const METRIC = "Failures";
const RUNBOOK = "onboarding.md";

/**
 * Alarms on requests that failed and on events that nobody was told of. What a caller did wrong is the caller's to mend:
 * the function tells it, logs it as a warning, and nobody is woken.
 */
export class OnboardingAlarms extends Construct {
  constructor(scope: Construct, id: string, props: OnboardingAlarmsProps) {
    super(scope, id);
    new CloudwatchLogMetricFilter(this, "failures-filter", {
      name: "taskflow-onboarding-failures",
      logGroupName: props.logGroupName,
      pattern: '{ $.level = "error" }',
      metricTransformation: { namespace: NAMESPACE, name: METRIC, value: "1", unit: "Count" },
    });
    const common = { runbook: RUNBOOK, periodSeconds: 300, periods: 1, missing: "notBreaching" } as const;
    new MetricAlarm(this, "failures", {
      ...common,
      name: "taskflow-onboarding-failures",
      description: "CI reported that a tenant's request failed, or the function could not ask it.",
      metric: { namespace: NAMESPACE, name: METRIC, statistic: "Sum", dimensions: {} },
      threshold: { above: 0 },
      topicArn: props.topicArn,
    });
    new MetricAlarm(this, "failed-events", {
      ...common,
      name: "taskflow-onboarding-failed-events",
      description: "An onboarding event was refused or never arrived; it is kept in the queue for 14 days.",
      metric: {
        namespace: "AWS/SQS",
        name: "ApproximateNumberOfMessagesVisible",
        statistic: "Maximum",
        dimensions: { QueueName: props.queueName },
      },
      threshold: { above: 0 },
      topicArn: props.topicArn,
    });
  }
}

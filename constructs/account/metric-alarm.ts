import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

export interface MetricAlarmProps {
  /** Begins with `taskflow-`: the deploy role may make no other. */
  readonly name: string;
  /** What is wrong when it fires, for the person who is woken. */
  readonly description: string;
  /** Page below `docs/runbooks`. */
  readonly runbook: string;
  readonly metric: {
    readonly namespace: string;
    readonly name: string;
    readonly statistic: "Maximum" | "Minimum" | "Sum";
    readonly dimensions: Readonly<Record<string, string>>;
  };
  /** Fires above this value, or below it. */
  readonly threshold: { readonly above: number } | { readonly below: number };
  /** Seconds that a value covers; no shorter than the metric is published. */
  readonly periodSeconds: number;
  /** Periods in a row that breach. */
  readonly periods: number;
  /** How a period without data counts. */
  readonly missing: "breaching" | "notBreaching";
  /** Topic that its start and its end go to. */
  readonly topicArn: string;
}

/** A CloudWatch alarm that tells its topic when it begins and when it is over, and the reader what to do. */
export class MetricAlarm extends Construct {
  constructor(scope: Construct, id: string, props: MetricAlarmProps) {
    super(scope, id);
    const { metric, threshold } = props;
    const above = "above" in threshold;
    new CloudwatchMetricAlarm(this, "Resource", {
      alarmName: props.name,
      alarmDescription: `${props.description} See docs/runbooks/${props.runbook}.`,
      namespace: metric.namespace,
      metricName: metric.name,
      statistic: metric.statistic,
      dimensions: metric.dimensions,
      comparisonOperator: above ? "GreaterThanThreshold" : "LessThanThreshold",
      threshold: above ? threshold.above : threshold.below,
      period: props.periodSeconds,
      evaluationPeriods: props.periods,
      treatMissingData: props.missing,
      alarmActions: [props.topicArn],
      okActions: [props.topicArn],
    });
  }
}

import { Construct } from "constructs";

import { MetricAlarm } from "../account";

export interface BackupAlarmsProps {
  /** Whether recovery points are copied to another region. */
  readonly copies: boolean;
  /** Topic of tickets. */
  readonly topicArn: string;
}

const HOUR = 3_600;

/** An alarm on jobs of AWS Backup that came to a bad end. */
interface JobAlarm {
  readonly name: string;
  readonly description: string;
  readonly metric: string;
}

const ALARMS: readonly JobAlarm[] = [
  {
    name: "failed",
    description: "A backup of the database has failed.",
    metric: "NumberOfBackupJobsFailed",
  },
  {
    name: "not-started",
    description: "A backup of the database did not start within its window.",
    metric: "NumberOfBackupJobsExpired",
  },
  {
    name: "restore-failed",
    description: "A backup of the database could not be restored, in the weekly test or by hand.",
    metric: "NumberOfRestoreJobsFailed",
  },
];

const COPY_ALARM: JobAlarm = {
  name: "copy-failed",
  description: "A backup of the database has not reached the other region.",
  metric: "NumberOfCopyJobsFailed",
};

/**
 * Alarms on backups that fail, and on none at all. By metrics: CloudWatch may publish to the topic already, and counts by
 * type of resource, the one dimension that all of AWS Backup's job metrics have. A restore test that never starts is not
 * among them: CloudWatch looks back for seven days at most, and the test is a week apart.
 */
export class BackupAlarms extends Construct {
  constructor(scope: Construct, id: string, props: BackupAlarmsProps) {
    super(scope, id);
    const common = { runbook: "backups.md", topicArn: props.topicArn };
    const count = (name: string) => ({
      namespace: "AWS/Backup",
      name,
      statistic: "Sum" as const,
      dimensions: { ResourceType: "RDS" },
    });
    for (const { name, description, metric } of [...ALARMS, ...(props.copies ? [COPY_ALARM] : [])]) {
      new MetricAlarm(this, name, {
        ...common,
        name: `taskflow-backup-${name}`,
        description,
        metric: count(metric),
        threshold: { above: 0 },
        periodSeconds: HOUR,
        periods: 1,
        missing: "notBreaching",
      });
    }
    new MetricAlarm(this, "missing", {
      ...common,
      name: "taskflow-backup-missing",
      description: "No backup of the database was completed for two days.",
      metric: count("NumberOfBackupJobsCompleted"),
      threshold: { below: 1 },
      periodSeconds: 24 * HOUR,
      periods: 2,
      missing: "breaching",
    });
  }
}

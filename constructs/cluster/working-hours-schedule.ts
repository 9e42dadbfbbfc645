import { AutoscalingSchedule } from "@cdktf/provider-aws/lib/autoscaling-schedule";
import type { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { Construct } from "constructs";

import type { WorkingHours } from "../../config";

export interface WorkingHoursScheduleProps {
  readonly nodeGroup: EksNodeGroup;
  /** Nodes that the group holds in working hours, its `minSize`. */
  readonly min: number;
  readonly workingHours: WorkingHours;
}

/** Leaves a size of the Auto Scaling group as it is; left out, the provider would send 0. */
const UNCHANGED = -1;

/**
 * Lowers the floor of a node group at nights and at weekends. The floor alone: Auto Scaling ends nodes by itself when the
 * desired size falls, without draining them, while Cluster Autoscaler reads the floor, and empties a node only when its
 * pods fit elsewhere and their budgets allow it.
 */
export class WorkingHoursSchedule extends Construct {
  constructor(scope: Construct, id: string, props: WorkingHoursScheduleProps) {
    super(scope, id);
    const { from, until, minOutside } = props.workingHours;
    this.addAction("begin", from, props.min, props);
    // Friday's holds until Monday morning.
    this.addAction("end", until, minOutside, props);
  }

  private addAction(name: string, time: string, minSize: number, props: WorkingHoursScheduleProps): void {
    new AutoscalingSchedule(this, name, {
      autoscalingGroupName: props.nodeGroup.resources.get(0).autoscalingGroups.get(0).name,
      scheduledActionName: `working-hours-${name}`,
      recurrence: onWorkingDays(time),
      timeZone: props.workingHours.timeZone,
      minSize,
      maxSize: UNCHANGED,
      desiredCapacity: UNCHANGED,
    });
  }
}

/** A time like `08:30` as a cron expression. */
function onWorkingDays(time: string): string {
  const [hour, minute] = time.split(":").map(Number);
  return `${minute} ${hour} * * 1-5`;
}

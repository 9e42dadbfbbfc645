import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { type Environment, NAMESPACES, peerEnvironment, serves } from "../../../config";
import { LocalManifests } from "../../kubernetes";
import { budgetAlerts } from "./budget-alerts";
import { gatewayAlerts } from "./gateway-alerts";
import { meshAlerts } from "./mesh-alerts";
import { monitoringAlerts } from "./monitoring-alerts";
import { type Alert, alertingRule, prometheusRule, type RuleGroup } from "./rule";
import { tenantAlerts } from "./tenant-alerts";
import { tenantRecording } from "./tenant-recording";
import { usageRecording } from "./usage-recording";

export interface MonitoringRulesProps {
  /** Whose repository the runbooks are in. */
  readonly environment: Environment;
  /** The operator's release, with which its CRDs come. */
  readonly dependsOn: ITerraformDependable[];
}

/** Groups of alerts; each is evaluated in order, the groups side by side. */
const ALERTS: Readonly<Record<string, () => readonly Alert[]>> = {
  "budget-alerts": budgetAlerts,
  "tenant-alerts": tenantAlerts,
  "gateway-alerts": gatewayAlerts,
  "mesh-alerts": meshAlerts,
  "monitoring-alerts": monitoringAlerts,
};

/**
 * What Prometheus computes ahead and whom it tells. All tenants share every rule: a tenant is told apart by labels that
 * its namespace bears, so that a new one changes nothing here.
 */
export class MonitoringRules extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringRulesProps) {
    super(scope, id);
    const named = (name: string) => ({ name, namespace: NAMESPACES.observability });
    new LocalManifests(this, "release", {
      releaseName: "platform-rules",
      namespace: NAMESPACES.observability,
      objects: [
        prometheusRule(named("platform-recording"), recordingGroups()),
        prometheusRule(named("platform-alerts"), alertGroups(props.environment)),
      ],
      dependsOn: props.dependsOn,
    });
  }
}

/** Recorded series, in groups. */
export function recordingGroups(): readonly RuleGroup[] {
  return [...tenantRecording(), ...usageRecording()];
}

/** Alerts, in groups. */
export function alertGroups(environment: Environment): readonly RuleGroup[] {
  const isThere = { serving: serves(environment), "two regions": peerEnvironment(environment) !== undefined };
  return Object.entries(ALERTS).map(([name, alerts]) => ({
    name,
    rules: alerts()
      .filter(({ onlyWhere }) => onlyWhere === undefined || isThere[onlyWhere])
      .map((alert) => alertingRule(environment, alert)),
  }));
}

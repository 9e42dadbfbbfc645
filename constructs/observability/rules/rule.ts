import type { Environment } from "../../../config";
import type { KubernetesObject, ObjectMetadata } from "../../kubernetes";

/** Kind of the Prometheus operator (0.93) as far as this platform writes it. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (RecordingRule | AlertingRule)[];
}

/** Pages of `docs/runbooks`: one a problem, which may have several alerts. */
export const RUNBOOKS = [
  "certificates",
  "control-plane",
  "cross-tenant-traffic",
  "database-connections",
  "gateway-latency",
  "gateway-pools",
  "kubernetes",
  "monitoring",
  "quota",
  "rate-limit",
  "scaling",
  "tenant-errors",
  "tenant-latency",
  "throttling",
  "traces",
] as const;

export type Runbook = (typeof RUNBOOKS)[number];

/** Whom an alert reaches: the engineer on call, the team's queue, or who looks after the tenant. */
export type Severity = "page" | "ticket" | "owner";

/** Severity that a series says of itself: its tenant's tier decides. */
export const SEVERITY_OF_TIER = "{{ $labels.alerts }}";

/**
 * The tenant's dashboard. Its uid is `tenant-<id>` as far as 40 characters hold it; a longer id's ends in a hash, which a
 * template cannot compute, so that Grafana is asked for the title, which has the id in it.
 */
const TENANT_DASHBOARD =
  "{{ if gt (len $labels.tenant) 33 }}/dashboards?query={{ $labels.tenant }}{{ else }}/d/tenant-{{ $labels.tenant }}{{ end }}";

const DASHBOARDS = {
  tenant: TENANT_DASHBOARD,
  fleet: "/d/fleet",
  gateway: "/d/gateway",
  database: "/d/database",
} as const;

export interface Alert {
  readonly name: string;
  readonly severity: Severity | typeof SEVERITY_OF_TIER;
  readonly expr: string;
  /** How long the expression holds before anybody is told. */
  readonly for: string;
  /** One line, without figures that change: repeated messages look the same. */
  readonly summary: string;
  /** What is known, with figures. */
  readonly description: string;
  readonly runbook: Runbook;
  /** Where Grafana shows it. */
  readonly dashboard: keyof typeof DASHBOARDS;
  /** @default - those of the series, and the severity */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Where there is something that it could be about: in a region that serves, or where there are two.
   * @default - everywhere
   */
  readonly onlyWhere?: "serving" | "two regions";
}

/** Address of a page of `docs/runbooks` in the repository that the environment is deployed from. */
export function runbookUrl(environment: Environment, page: Runbook): string {
  const { repository, deployBranch } = environment.github;
  return `https://github.com/${repository}/blob/${deployBranch}/docs/runbooks/${page}.md`;
}

export function alertingRule(environment: Environment, alert: Alert): AlertingRule {
  return {
    alert: alert.name,
    expr: alert.expr,
    for: alert.for,
    labels: { severity: alert.severity, ...alert.labels },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: runbookUrl(environment, alert.runbook),
      dashboard: DASHBOARDS[alert.dashboard],
    },
  };
}

export const prometheusRule = (metadata: ObjectMetadata, groups: readonly RuleGroup[]): KubernetesObject => ({
  apiVersion: "monitoring.coreos.com/v1",
  kind: "PrometheusRule",
  metadata,
  spec: { groups },
});

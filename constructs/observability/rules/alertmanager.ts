import { WATCHDOG } from "./monitoring-alerts";

export interface AlertmanagerConfigProps {
  /** Topic of the engineer on call. */
  readonly pageTopicArn: string;
  /** Topic of the team's queue. */
  readonly ticketTopicArn: string;
  /** Topic of those who look after tenants; each subscribes with a filter policy on the attribute `tenant`. */
  readonly ownerTopicArn: string;
  /**
   * Topic that nobody reads: it gets a message every five minutes for as long as alerts arrive. An alarm outside of the
   * cluster, on the topic's `NumberOfMessagesPublished`, with missing data breaching, wakes somebody when they stop.
   */
  readonly watchdogTopicArn: string;
  /** Region of the topics. */
  readonly region: string;
}

type Receiver = "page" | "ticket" | "owner" | "watchdog" | "nobody";

/** Alertmanager's configuration as far as this platform writes it (Alertmanager 0.28 and newer). */
export interface AlertmanagerRoute {
  readonly receiver: Receiver;
  /** Labels whose values make a message; alerts that agree in them go together. */
  readonly group_by: readonly string[];
  readonly group_wait: string;
  readonly group_interval: string;
  readonly repeat_interval: string;
  /** All must hold. @default - every alert */
  readonly matchers?: readonly string[];
  /** The first that matches has the alert, alone. */
  readonly routes?: readonly AlertmanagerRoute[];
}

interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

interface SnsConfig {
  readonly topic_arn: string;
  /** Credentials come from the pod's identity. */
  readonly sigv4: { readonly region: string };
  readonly send_resolved: boolean;
  readonly subject: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface AlertmanagerConfig {
  readonly route: AlertmanagerRoute;
  readonly inhibit_rules: readonly InhibitRule[];
  readonly receivers: readonly { readonly name: Receiver; readonly sns_configs?: readonly SnsConfig[] }[];
}

/** The chart's value `alertmanager.config`. There is no secret in it. */
export function alertmanagerConfig(props: AlertmanagerConfigProps): AlertmanagerConfig {
  const sns = (topicArn: string): SnsConfig => ({
    topic_arn: topicArn,
    sigv4: { region: props.region },
    send_resolved: true,
    subject: SUBJECT,
    message: MESSAGE,
    attributes: ATTRIBUTES,
  });
  return {
    route: ROUTE,
    inhibit_rules: INHIBIT_RULES,
    receivers: [
      { name: "page", sns_configs: [sns(props.pageTopicArn)] },
      { name: "ticket", sns_configs: [sns(props.ticketTopicArn)] },
      { name: "owner", sns_configs: [sns(props.ownerTopicArn)] },
      { name: "watchdog", sns_configs: [sns(props.watchdogTopicArn)] },
      { name: "nobody" },
    ],
  };
}

/** One outage is one message: what 500 tenants suffer alike goes together. */
const TOGETHER = ["alertname", "tier"];

const ROUTE: AlertmanagerRoute = {
  // What no route below knows still reaches somebody.
  receiver: "ticket",
  group_by: TOGETHER,
  group_wait: "30s",
  group_interval: "5m",
  repeat_interval: "24h",
  routes: [
    {
      receiver: "watchdog",
      matchers: [`alertname="${WATCHDOG}"`],
      group_by: ["alertname"],
      group_wait: "0s",
      group_interval: "1m",
      repeat_interval: "5m",
    },
    {
      receiver: "page",
      // The chart's own alerts say `critical` and `warning`.
      matchers: ['severity=~"page|critical"'],
      group_by: TOGETHER,
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "1h",
    },
    {
      receiver: "owner",
      matchers: ['severity="owner"'],
      // A message must be about one tenant, or its owner's filter could not tell.
      group_by: ["alertname", "tenant"],
      group_wait: "1m",
      group_interval: "15m",
      repeat_interval: "24h",
    },
    {
      receiver: "nobody",
      matchers: ['severity=~"info|none"'],
      group_by: ["alertname"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "24h",
    },
  ],
};

/** What is silent while something that explains it is told. Alerts without a label of `equal` agree in it. */
const INHIBIT_RULES: readonly InhibitRule[] = [
  {
    source_matchers: ['alertname=~"Tier(Error|Latency)BudgetBurn"', 'severity="page"'],
    target_matchers: ['tenant=~".+"', 'alertname=~"Tenant(Error|Latency)BudgetBurn|GatewayPool.+"'],
    equal: ["tier"],
  },
  {
    source_matchers: ['alertname=~"GatewaySlow|GatewayAtMaxReplicas|GatewayMetricsMissing"'],
    target_matchers: ['tenant=~".+"', 'alertname=~"Tenant(Error|Latency)BudgetBurn|GatewayPool.+"'],
    equal: [],
  },
  // The windows of one objective: who is awake needs no ticket.
  {
    source_matchers: ['severity="page"'],
    target_matchers: ['severity="ticket"'],
    equal: ["alertname", "tenant", "tier"],
  },
  // The chart's pairs of one problem.
  {
    source_matchers: ['severity="critical"'],
    target_matchers: ['severity="warning"'],
    equal: ["alertname", "namespace"],
  },
];

/** Alertmanager cuts it at SNS's 100 characters. */
const SUBJECT =
  '[{{ .Status }}{{ if eq .Status "firing" }} {{ .Alerts.Firing | len }}{{ end }}] {{ .CommonLabels.alertname }} {{ .CommonLabels.tier }}';

const MESSAGE = [
  "{{ range .Alerts }}{{ .Status }}: {{ .Annotations.summary }}",
  "{{ .Annotations.description }}",
  "Runbook: {{ .Annotations.runbook_url }}",
  "{{ with .Annotations.dashboard }}Dashboard: {{ . }}",
  "{{ end }}Since: {{ .StartsAt }}",
  "",
  "{{ end }}",
].join("\n");

/** What subscriptions filter on. SNS takes no empty value, and no id of a tenant is a dash. */
const ATTRIBUTES = {
  tenant: '{{ or .CommonLabels.tenant "-" }}',
  severity: '{{ or .CommonLabels.severity "-" }}',
};

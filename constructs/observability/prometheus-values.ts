import { type Environment, LABELS } from "../../config";
import type { AlertTopicArns } from "../account";
import { memoryGi, resources } from "../kubernetes";
import { planMetrics, SCRAPE_INTERVAL_SECONDS } from "./metrics-plan";
import { alertmanagerConfig } from "./rules";
import { MONITORING_ACCOUNTS } from "./services";
import { ENCRYPTED_STORAGE_CLASS } from "./storage-class";

/**
 * Samples that one scrape may bring. The largest honest one is kube-state-metrics' at 500 tenants, about 210,000; a target
 * that brings more than twice that fails alone instead of taking Prometheus with it. PodMonitors of tenants set far less.
 */
const ENFORCED_SAMPLE_LIMIT = 450_000;

/** Nodes that no spot interruption takes: a volume is bound to its zone and follows its pod slowly. */
export const ON_DEMAND_NODES = { "eks.amazonaws.com/capacityType": "ON_DEMAND" } as const;

/** An encrypted volume for each replica of a StatefulSet. */
function volumeClaim(gibibytes: number) {
  return {
    volumeClaimTemplate: {
      spec: {
        storageClassName: ENCRYPTED_STORAGE_CLASS,
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: memoryGi(gibibytes) } },
      },
    },
  };
}

/**
 * The chart's value `prometheus`. Two replicas scrape the same targets, each with a volume of its own: metrics go on when a
 * node or a zone does not. They share no data, so the Service keeps a client with one of them.
 */
export function prometheusValues(environment: Environment) {
  const plan = planMetrics(environment);
  return {
    service: { sessionAffinity: "ClientIP" },
    podDisruptionBudget: { enabled: true },
    prometheusSpec: {
      replicas: 2,
      podAntiAffinity: "hard",
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
        },
      ],
      // The only pool whose nodes (m6i.xlarge, 16 GiB) hold the planned memory; none of its groups is spot.
      nodeSelector: { [LABELS.nodePool]: "enterprise" },
      tolerations: [{ key: LABELS.nodePool, operator: "Equal", value: "enterprise", effect: "NoSchedule" }],
      // No CPU limit: throttled rule evaluation looks like a gap in the metrics.
      resources: {
        requests: { cpu: "1", memory: memoryGi(plan.memoryRequestGi) },
        limits: { memory: memoryGi(plan.memoryLimitGi) },
      },
      storageSpec: volumeClaim(plan.volumeGi),
      retention: `${environment.savings.metricRetentionDays}d`,
      // Prometheus counts a GB as 2^30 bytes.
      retentionSize: `${plan.retentionSizeGi}GB`,
      scrapeInterval: `${SCRAPE_INTERVAL_SECONDS}s`,
      evaluationInterval: `${SCRAPE_INTERVAL_SECONDS}s`,
      externalLabels: { cluster: environment.cluster.name, environment: environment.name },
      // Monitors and rules of every namespace count, whichever release made them: with the chart's default those without
      // its label are ignored in silence.
      serviceMonitorSelectorNilUsesHelmValues: false,
      podMonitorSelectorNilUsesHelmValues: false,
      ruleSelectorNilUsesHelmValues: false,
      probeSelectorNilUsesHelmValues: false,
      scrapeConfigSelectorNilUsesHelmValues: false,
      enforcedSampleLimit: ENFORCED_SAMPLE_LIMIT,
      enforcedTargetLimit: 10_000,
      // One PodMonitor sees every port of every pod and keeps one in six; the rest need not stay in memory for the UI.
      keepDroppedTargets: 100,
      enforcedLabelLimit: 64,
      enforcedLabelNameLengthLimit: 256,
      enforcedLabelValueLengthLimit: 2_048,
    },
  };
}

/** The chart's value `alertmanager`: a pair that agrees on what was sent, its silences on disk. */
export function alertmanagerValues(environment: Environment, topics: AlertTopicArns) {
  return {
    podDisruptionBudget: { enabled: true },
    config: alertmanagerConfig({
      pageTopicArn: topics.page,
      ticketTopicArn: topics.ticket,
      ownerTopicArn: topics.owner,
      watchdogTopicArn: topics.watchdog,
      region: environment.region,
    }),
    serviceAccount: { name: MONITORING_ACCOUNTS.alertmanager.serviceAccount, automountServiceAccountToken: false },
    alertmanagerSpec: {
      replicas: 2,
      podAntiAffinity: "hard",
      nodeSelector: ON_DEMAND_NODES,
      automountServiceAccountToken: false,
      storage: volumeClaim(2),
      retention: "120h",
      resources: resources({
        requestsCpuMilli: 25,
        requestsMemoryMi: 64,
        limitsCpuMilli: 200,
        limitsMemoryMi: 128,
      }),
    },
  };
}

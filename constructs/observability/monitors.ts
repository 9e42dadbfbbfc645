import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { DATABASE_NAME, INGRESS_GATEWAY, NAMESPACES } from "../../config";
import { type KubernetesObject, LocalManifests } from "../kubernetes";
import { DATABASE_SCRAPE_SECONDS } from "./database-exporter-config";
import { PROXY_TARGET, READ_METRICS, TENANT_LABELS } from "./mesh-relabelings";
import { SCRAPE_INTERVAL_SECONDS } from "./metrics-plan";
import { podMonitor, type RelabelConfig, serviceMonitor } from "./monitoring-objects";
import { DATABASE_EXPORTER } from "./services";

export interface MonitorsProps {
  /** The operator's release, with which its CRDs come. */
  readonly dependsOn: ITerraformDependable[];
}

/**
 * Samples of one sidecar; about 120 are expected. A service that makes a label of each request is cut off alone, and its
 * tenant's dashboard says so by its gaps.
 */
const SIDECAR_SAMPLE_LIMIT = 2_000;

/** Samples of one gateway: 75 a tenant are expected, 37,500 at 500 tenants; the rest is for rarer response codes. */
const GATEWAY_SAMPLE_LIMIT = 100_000;

/** Samples of one pod of istiod, Jaeger or Kiali. */
const PLATFORM_SAMPLE_LIMIT = 20_000;

const INTERVAL = `${SCRAPE_INTERVAL_SECONDS}s`;
const STATS_PATH = "/stats/prometheus";

/**
 * What Prometheus scrapes beyond the chart's own list. One PodMonitor serves every sidecar of the mesh, a new tenant's
 * included; the gateways have another only because a limit of samples that suits them would be none for a sidecar.
 */
export class Monitors extends Construct {
  constructor(scope: Construct, id: string, props: MonitorsProps) {
    super(scope, id);
    new LocalManifests(this, "release", {
      releaseName: "platform-monitors",
      namespace: NAMESPACES.observability,
      objects: [sidecars(), gateways(), istiod(), certManager(), jaeger(), kiali(), databaseExporter()],
      dependsOn: props.dependsOn,
    });
  }
}

const named = (name: string) => ({ name, namespace: NAMESPACES.observability });

function sidecars(): KubernetesObject {
  return podMonitor(named("mesh-sidecars"), {
    selector: {
      matchExpressions: [{ key: "istio", operator: "NotIn", values: [INGRESS_GATEWAY.istioLabel] }],
    },
    namespaceSelector: { any: true },
    sampleLimit: SIDECAR_SAMPLE_LIMIT,
    podMetricsEndpoints: [
      {
        path: STATS_PATH,
        interval: INTERVAL,
        relabelings: [...PROXY_TARGET, ...TENANT_LABELS],
        metricRelabelings: READ_METRICS,
      },
    ],
  });
}

function gateways(): KubernetesObject {
  return podMonitor(named("mesh-gateways"), {
    selector: { matchLabels: { istio: INGRESS_GATEWAY.istioLabel } },
    namespaceSelector: { matchNames: [NAMESPACES.istioIngress] },
    sampleLimit: GATEWAY_SAMPLE_LIMIT,
    podMetricsEndpoints: [
      {
        path: STATS_PATH,
        interval: INTERVAL,
        // Some 40 MB of text at 500 tenants, most of it dropped.
        scrapeTimeout: "20s",
        relabelings: PROXY_TARGET,
        metricRelabelings: READ_METRICS,
      },
    ],
  });
}

function istiod(): KubernetesObject {
  return serviceMonitor(named("istiod"), {
    selector: { matchLabels: { app: "istiod" } },
    namespaceSelector: { matchNames: [NAMESPACES.istioSystem] },
    sampleLimit: PLATFORM_SAMPLE_LIMIT,
    endpoints: [{ port: "http-monitoring", interval: INTERVAL }],
  });
}

function certManager(): KubernetesObject {
  return podMonitor(named("cert-manager"), {
    selector: { matchLabels: { "app.kubernetes.io/name": "cert-manager" } },
    namespaceSelector: { matchNames: [NAMESPACES.certManager] },
    sampleLimit: PLATFORM_SAMPLE_LIMIT,
    podMetricsEndpoints: [{ port: "http-metrics", interval: INTERVAL }],
  });
}

function jaeger(): KubernetesObject {
  return serviceMonitor(named("jaeger"), {
    selector: { matchLabels: { "app.kubernetes.io/name": "jaeger" } },
    sampleLimit: PLATFORM_SAMPLE_LIMIT,
    endpoints: [{ port: "internal-metrics", interval: INTERVAL }],
  });
}

function kiali(): KubernetesObject {
  return podMonitor(named("kiali"), {
    selector: { matchLabels: { "app.kubernetes.io/name": "kiali" } },
    namespaceSelector: { matchNames: [NAMESPACES.istioSystem] },
    sampleLimit: PLATFORM_SAMPLE_LIMIT,
    podMetricsEndpoints: [{ port: "http-metrics", interval: INTERVAL }],
  });
}

/** Labels of the exporter's pod, which say nothing of a tenant and would begin each series anew with each pod. */
const POD_LABELS = ["pod", "container", "endpoint", "namespace", "service"];

function databaseExporter(): KubernetesObject {
  return serviceMonitor(named(DATABASE_EXPORTER), {
    selector: { matchLabels: { "app.kubernetes.io/name": DATABASE_EXPORTER } },
    sampleLimit: PLATFORM_SAMPLE_LIMIT,
    endpoints: [
      {
        port: "http-metrics",
        interval: `${DATABASE_SCRAPE_SECONDS}s`,
        scrapeTimeout: "15s",
        relabelings: [
          ...POD_LABELS.map((label): RelabelConfig => ({ targetLabel: label, replacement: "" })),
          { targetLabel: "instance", replacement: DATABASE_NAME },
        ],
      },
    ],
  });
}

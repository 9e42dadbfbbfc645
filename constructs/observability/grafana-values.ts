import { type Environment, NAMESPACES } from "../../config";
import { resources } from "../kubernetes";
import { DASHBOARD_FOLDER_ANNOTATION, DASHBOARD_LABEL_KEY, DASHBOARD_LABEL_VALUE, DATASOURCES } from "./dashboards";
import { MONITORING_ACCOUNTS, OBSERVABILITY_PORTS, OBSERVABILITY_SERVICES } from "./services";

/** Role that lets the dashboards' sidecar read ConfigMaps and nothing else. */
export const GRAFANA_ROLE = "grafana-dashboards";

/** Where `kubectl port-forward` puts Grafana on an operator's machine. */
const ROOT_URL = `http://localhost:${OBSERVABILITY_PORTS.grafana}/`;

/**
 * The chart's value `grafana`.
 *
 * No password is set: the chart then draws one of 40 characters inside the cluster, on the first install, and keeps it in
 * the Secret `kube-prometheus-stack-grafana`; neither this code nor Terraform's state ever knows it. Nothing is stored on
 * disk either: dashboards and data sources come from the repository, and a restart reads them again.
 */
export function grafanaValues(environment: Environment) {
  return {
    // The policies of the VPC CNI want a Service to listen where its pods do.
    service: { port: OBSERVABILITY_PORTS.grafana },
    serviceAccount: { name: MONITORING_ACCOUNTS.grafana.serviceAccount },
    rbac: { namespaced: true, useExistingRole: GRAFANA_ROLE },
    testFramework: { enabled: false },
    // Runs as root; needed for a volume only.
    initChownData: { enabled: false },
    persistence: { enabled: false },
    resources: resources({
      requestsCpuMilli: 100,
      requestsMemoryMi: 384,
      limitsCpuMilli: 1_000,
      limitsMemoryMi: 1_024,
    }),
    sidecar: {
      resources: resources({
        requestsCpuMilli: 20,
        requestsMemoryMi: 96,
        limitsCpuMilli: 200,
        limitsMemoryMi: 192,
      }),
      dashboards: {
        label: DASHBOARD_LABEL_KEY,
        labelValue: DASHBOARD_LABEL_VALUE,
        searchNamespace: NAMESPACES.observability,
        resource: "configmap",
        folderAnnotation: DASHBOARD_FOLDER_ANNOTATION,
        // For the chart's own dashboards.
        annotations: { [DASHBOARD_FOLDER_ANNOTATION]: "Kubernetes" },
        provider: { foldersFromFilesStructure: true, allowUiUpdates: false },
      },
      datasources: { searchNamespace: NAMESPACES.observability, resource: "configmap" },
    },
    defaultDashboardsEditable: false,
    additionalDataSources: [
      {
        name: "Jaeger",
        uid: "jaeger",
        type: "jaeger",
        access: "proxy",
        url: OBSERVABILITY_SERVICES.traceQuery.url,
        editable: false,
      },
      {
        name: "CloudWatch",
        uid: DATASOURCES.cloudwatch,
        type: "cloudwatch",
        access: "proxy",
        // The pod's own identity.
        jsonData: { authType: "default", defaultRegion: environment.region },
        editable: false,
      },
    ],
    "grafana.ini": {
      server: { domain: "localhost", root_url: ROOT_URL },
      "auth.anonymous": { enabled: false },
      users: { allow_sign_up: false, allow_org_create: false, viewers_can_edit: false },
      security: {
        // Browsers take http://localhost for a secure origin.
        cookie_secure: true,
        cookie_samesite: "strict",
        content_security_policy: true,
        disable_gravatar: true,
      },
      aws: { allowed_auth_providers: "default", assume_role_enabled: false },
      // Prometheus evaluates the rules and Alertmanager routes them; a second engine would page twice.
      unified_alerting: { execute_alerts: false },
      // Grafana talks to the cluster and to CloudWatch, and to nobody else.
      analytics: {
        reporting_enabled: false,
        check_for_updates: false,
        check_for_plugin_updates: false,
        feedback_links_enabled: false,
      },
      news: { news_feed_enabled: false },
      plugins: { plugin_admin_enabled: false, preinstall_disabled: true },
      snapshots: { external_enabled: false },
    },
  };
}

export {
  dashboardConfigMap,
  type DashboardTenant,
  PlatformDashboards,
  type PlatformDashboardsProps,
  tenantDashboard,
} from "./dashboards";
export { DatabaseExporter, type DatabaseExporterProps } from "./database-exporter";
export { MonitoringIdentities, type MonitoringIdentitiesProps } from "./identities";
export { Jaeger, type JaegerProps } from "./jaeger";
export { Kiali, type KialiProps } from "./kiali";
export { type MetricsPlan, planMetrics } from "./metrics-plan";
export { Monitors, type MonitorsProps } from "./monitors";
export { ObservabilityNamespace } from "./namespace";
export { ObservabilityNetworkPolicies, type ObservabilityNetworkPoliciesProps } from "./network-policies";
export { PrometheusStack, type PrometheusStackProps } from "./prometheus-stack";
export { MonitoringRules, type MonitoringRulesProps } from "./rules";
export { OBSERVABILITY_SERVICES } from "./services";
export { ENCRYPTED_STORAGE_CLASS, EncryptedStorageClass, type EncryptedStorageClassProps } from "./storage-class";

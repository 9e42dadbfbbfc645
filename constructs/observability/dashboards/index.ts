export {
  DASHBOARD_FOLDER_ANNOTATION,
  DASHBOARD_LABEL_KEY,
  DASHBOARD_LABEL_VALUE,
  dashboardConfigMap,
} from "./config-map";
export { PlatformDashboards, type PlatformDashboardsProps } from "./platform-dashboards";
export { DATASOURCES } from "./sources";
export { type DashboardTenant, tenantDashboard } from "./tenant";

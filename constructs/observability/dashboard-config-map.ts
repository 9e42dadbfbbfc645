/** A ConfigMap of Grafana's sidecar: it must bear this label and lie in the namespace `observability`. */
export const DASHBOARD_LABEL_KEY = "grafana_dashboard";
export const DASHBOARD_LABEL_VALUE = "1";

/** The same as labels of an object. */
export const DASHBOARD_LABEL = { [DASHBOARD_LABEL_KEY]: DASHBOARD_LABEL_VALUE } as const;

/** Annotation with the name of the folder that Grafana shows the dashboard in. */
export const DASHBOARD_FOLDER_ANNOTATION = "grafana_folder";

import type { ConfigMapV1Config } from "@cdktf/provider-kubernetes/lib/config-map-v1";

import { NAMESPACES } from "../../../config";

/** A ConfigMap of Grafana's sidecar: it must bear this label and lie in the namespace `observability`. */
export const DASHBOARD_LABEL_KEY = "grafana_dashboard";
export const DASHBOARD_LABEL_VALUE = "1";

/** Annotation with the name of the folder that Grafana shows the dashboard in. */
export const DASHBOARD_FOLDER_ANNOTATION = "grafana_folder";

export interface DashboardConfigMap {
  readonly name: string;
  /** Folder in Grafana. */
  readonly folder: string;
  /** The dashboard, as `dashboardJson` writes it. */
  readonly json: string;
  /** @default - the sidecar's label alone */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The ConfigMap that brings a dashboard to Grafana. */
export function dashboardConfigMap(props: DashboardConfigMap): Pick<ConfigMapV1Config, "metadata" | "data"> {
  return {
    metadata: {
      name: props.name,
      namespace: NAMESPACES.observability,
      labels: { [DASHBOARD_LABEL_KEY]: DASHBOARD_LABEL_VALUE, ...props.labels },
      annotations: { [DASHBOARD_FOLDER_ANNOTATION]: props.folder },
    },
    data: { [`${props.name}.json`]: asTerraformText(props.json) },
  };
}

/** Terraform takes a dollar or per cent sign before a brace for an expression of its own, unless the sign is doubled. */
const asTerraformText = (text: string): string => text.replaceAll(/([$%])\{/g, "$1$1{");

import { type Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

import { LABELS } from "../../config/kubernetes";
import { compareText, isObject, type Json } from "../manifests/json";
import { ManifestsError, readStacks, resourcesOf, stacksIn, type TerraformResource } from "../manifests/output";
import { parseTemplate } from "../manifests/template";

/** A dashboard that a synthesized app brings to Grafana. */
export interface SynthesizedDashboard {
  /** Folder in Grafana. */
  readonly folder: string;
  /** Id of the tenant that it is about. @default - it is about the platform */
  readonly tenant?: string;
  readonly tier?: string;
  readonly dashboard: Dashboard;
}

/** Label and annotation that Grafana's sidecar looks for; see `constructs/observability/dashboards/config-map.ts`. */
const SIDECAR_LABEL = "grafana_dashboard";
const FOLDER_ANNOTATION = "grafana_folder";

/**
 * Every dashboard of a synthesized app's primary region, the platform's first, then tenants', each by uid.
 *
 * @throws ManifestsError if there is no synthesized app, or a dashboard in it that cannot be read
 */
export function readDashboards(outDir: string): readonly SynthesizedDashboard[] {
  return stacksIn("primary", readStacks(outDir))
    .flatMap(({ name, document }) =>
      resourcesOf(document)
        .filter(({ type }) => type === "kubernetes_config_map_v1")
        .flatMap((resource) => dashboardsOf(resource, `${name}: ${resource.type}.${resource.name}`)),
    )
    .sort(compareDashboards);
}

function dashboardsOf({ body }: TerraformResource, address: string): readonly SynthesizedDashboard[] {
  const metadata = isObject(body["metadata"]) ? body["metadata"] : {};
  const labels = texts(metadata["labels"]);
  if (labels[SIDECAR_LABEL] === undefined) {
    return [];
  }
  const folder = texts(metadata["annotations"])[FOLDER_ANNOTATION] ?? "General";
  return Object.values(texts(body["data"])).map((text) => ({
    folder,
    ...ownerOf(labels),
    dashboard: parseDashboard(text, address),
  }));
}

function ownerOf(labels: Readonly<Record<string, string>>): Pick<SynthesizedDashboard, "tenant" | "tier"> {
  const { [LABELS.tenant]: tenant, [LABELS.tier]: tier } = labels;
  return { ...(tenant === undefined ? {} : { tenant }), ...(tier === undefined ? {} : { tier }) };
}

/** Terraform's text is the dashboard's JSON but for the signs that it doubles; a dashboard has no value of another resource. */
function parseDashboard(text: string, address: string): Dashboard {
  const json = parseTemplate(text)
    .map((part) => ("text" in part ? part.text : `\${${part.expression}}`))
    .join("");
  try {
    return JSON.parse(json) as Dashboard;
  } catch (error) {
    throw new ManifestsError(`${address}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function compareDashboards(a: SynthesizedDashboard, b: SynthesizedDashboard): number {
  const key = ({ tenant, dashboard }: SynthesizedDashboard): string =>
    `${tenant === undefined ? 0 : 1} ${dashboard.uid ?? ""}`;
  return compareText(key(a), key(b));
}

/** The texts of a map of labels, annotations or data. */
function texts(map: Json | undefined): Readonly<Record<string, string>> {
  const entries = isObject(map) ? Object.entries(map) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

import { isArray, isObject, type Json, type JsonObject } from "../../../tools/manifests/json";
import type { KubernetesObject } from "../../../tools/manifests/object";

/** One query of a panel, as Grafana would send it. */
export interface PanelQuery {
  /** Uid of the dashboard. */
  readonly dashboard: string;
  readonly panel: string;
  /** Columns of Grafana's 24 that the panel takes: they decide the step. */
  readonly width: number;
  readonly datasource: string;
  readonly target: JsonObject;
}

/** Label by which Grafana's sidecar finds dashboards. */
const SIDECAR_LABEL = "grafana_dashboard";

/** Queries of all panels of the synthesized dashboards that `isWanted` takes by their uid. */
export function panelQueries(
  objects: readonly KubernetesObject[],
  isWanted: (uid: string) => boolean,
): readonly PanelQuery[] {
  return objects
    .filter(({ kind, metadata }) => kind === "ConfigMap" && metadata.labels?.[SIDECAR_LABEL] !== undefined)
    .flatMap(({ data }) => Object.values(isObject(data) ? data : {}))
    .map((text) => JSON.parse(String(text)) as JsonObject)
    .filter(({ uid }) => isWanted(String(uid)))
    .flatMap((dashboard) =>
      objectsIn(dashboard["panels"]).flatMap((panel) => queriesOf(String(dashboard["uid"]), panel)),
    );
}

function queriesOf(dashboard: string, panel: JsonObject): readonly PanelQuery[] {
  const { gridPos } = panel;
  const width = Number(isObject(gridPos) ? gridPos["w"] : NaN);
  const nested = objectsIn(panel["panels"]).flatMap((inner) => queriesOf(dashboard, inner));
  const own = objectsIn(panel["targets"]).map((target) => {
    const datasource = uidOf(target["datasource"]) ?? uidOf(panel["datasource"]) ?? "";
    return { dashboard, panel: String(panel["title"]), width, datasource, target };
  });
  return [...own, ...nested];
}

function uidOf(datasource: Json | undefined): string | undefined {
  return isObject(datasource) && typeof datasource["uid"] === "string" ? datasource["uid"] : undefined;
}

function objectsIn(list: Json | undefined): readonly JsonObject[] {
  return isArray(list) ? list.filter(isObject) : [];
}

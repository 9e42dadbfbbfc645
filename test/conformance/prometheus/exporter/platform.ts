import { LABELS, NAMESPACES, type TierName, TIERS } from "../../../../config";
import type { FleetTenant } from "./fleet";
import { PLANNED } from "./planned";
import { filler, sample } from "./samples";

const DAY = 86_400;

/** Everything of the platform that no rule or dashboard of ours reads, as if one target said it all. */
export function apiServerPage(): string {
  const labels = 'verb="LIST",resource="pods",scope="cluster"';
  return filler("apiserver_request_duration_seconds_bucket", labels, PLANNED.platform);
}

/** What istiod says. */
export function istiodPage(seconds: number): string {
  return [
    sample("citadel_server_root_cert_expiry_timestamp", "", seconds + 3_650 * DAY),
    sample("pilot_proxy_convergence_time_bucket", 'le="0.1"', Math.floor(seconds)),
    sample("pilot_proxy_convergence_time_bucket", 'le="+Inf"', Math.floor(seconds)),
    sample("pilot_total_xds_rejects", 'type="cds"', 0),
    sample("pilot_total_xds_internal_errors", "", 0),
    sample("pilot_xds_pushes", 'type="cds"', Math.floor(seconds)),
    sample("pilot_xds_pushes", 'type="cds_senderr"', 0),
    sample("sidecar_injection_failure_total", "", 0),
  ].join("");
}

/** What cert-manager says of the gateway's certificate. */
export function certManagerPage(seconds: number): string {
  const labels = `namespace="${NAMESPACES.istioIngress}",name="taskflow-gateway-tls"`;
  return [
    sample("certmanager_certificate_expiration_timestamp_seconds", labels, seconds + 80 * DAY),
    sample("certmanager_certificate_ready_status", `${labels},condition="False"`, 0),
    sample("certmanager_certificate_ready_status", `${labels},condition="True"`, 1),
  ].join("");
}

/** What Jaeger says of the spans that it takes and keeps. */
export function jaegerPage(): string {
  return [
    sample("otelcol_receiver_refused_spans_total", 'receiver="otlp",transport="grpc"', 0),
    sample("otelcol_exporter_send_failed_spans_total", 'exporter="jaeger_storage_exporter"', 0),
  ].join("");
}

/** What the database's exporter says of the tenants' roles and schemas. */
export function databasePage(fleet: readonly FleetTenant[], isBusy: boolean): string {
  const connections = { active: isBusy ? 1 : 0, idle: 1, idle_in_transaction: 0 };
  return fleet
    .flatMap(({ id, labels }, index) => [
      ...Object.entries(connections).map(([state, count]) =>
        sample("sql_tenant_connections", `tenant="${id}",state="${state}"`, count),
      ),
      sample("sql_tenant_connection_limit", `tenant="${id}"`, TIERS[labels[LABELS.tier] as TierName].connectionLimit),
      // Brief: 5 GB a tenant.
      sample("sql_tenant_schema_bytes", `tenant="${id}"`, 5e9 + index),
    ])
    .join("");
}

import { INGRESS_GATEWAY, NAMESPACES, principal } from "../../../../config";
import type { FleetTenant, Workload } from "./fleet";
import { PLANNED } from "./planned";
import { filler, istioRequests, labelText, sample } from "./samples";
import { type Counters, FAILED_SHARE, share, type Traffic } from "./traffic";

/** Envoy's cluster of the rate limit service. */
const RATE_LIMIT_CLUSTER = 'cluster_name="outbound|8081||ratelimit.shared-services.svc.cluster.local"';

/** A response code and Envoy's flags for it, as a gateway counts one tenant's answers. */
interface Outcome {
  readonly code: string;
  readonly flags: string;
  /** Which of the tenant's services it is about. */
  readonly service: number;
  readonly counted: (counters: Counters) => Counters;
}

/** Four label sets a tenant, which is what the plan counts on. */
const OUTCOMES: readonly Outcome[] = [
  { code: "200", flags: "-", service: 0, counted: (counters) => counters },
  { code: "404", flags: "-", service: 1, counted: (counters) => share(counters, 0.01) },
  { code: "429", flags: "RL", service: 2, counted: (counters) => share(counters, 0) },
  { code: "503", flags: "URX", service: 0, counted: (counters) => share(counters, FAILED_SHARE) },
];

/** What one of the gateways says of itself and of every tenant. */
export function gatewayPage(tenants: readonly FleetTenant[], traffic: Traffic, part: number): string {
  const further = Array.from({ length: traffic.current.furtherCodes ?? 0 }, (_, index): Outcome => {
    return { code: String(450 + index), flags: "-", service: 0, counted: (counters) => share(counters, 0) };
  });
  const outcomes = [...OUTCOMES, ...further];
  const rateLimit = ["error", "failure_mode_allowed", "ok", "over_limit"].map((name) =>
    sample(`envoy_cluster_ratelimit_${name}`, RATE_LIMIT_CLUSTER, 0),
  );
  const answers = tenants.map((tenant) => ofTenant(tenant, traffic.of(tenant.id, part), outcomes));
  return [...proxy(), ...rateLimit, ...answers].join("");
}

function ofTenant({ namespace, workloads }: FleetTenant, counters: Counters, outcomes: readonly Outcome[]): string {
  const answers = outcomes.map(({ code, flags, service, counted }) => {
    const labels = { namespace, service: workloads[service]?.name ?? "", code, flags };
    return istioRequests(requestLabels({ ...labels, reporter: "source" }), counted(counters));
  });
  return [...answers, ...workloads.flatMap(({ name }) => pool(namespace, name, counters.requests > 0))].join("");
}

/** The gateway's pool towards one service. */
function pool(namespace: string, service: string, isUsed: boolean): readonly string[] {
  const labels = `cluster_name="outbound|8080||${service}.${namespace}.svc.cluster.local"`;
  return [
    sample("envoy_cluster_upstream_cx_active", labels, isUsed ? 2 : 0),
    sample("envoy_cluster_upstream_cx_overflow", labels, 0),
    sample("envoy_cluster_upstream_rq_active", labels, isUsed ? 1 : 0),
    sample("envoy_cluster_upstream_rq_pending_active", labels, 0),
    sample("envoy_cluster_upstream_rq_pending_overflow", labels, 0),
    // Stands for the dozens that the monitor drops.
    sample("envoy_cluster_upstream_cx_total", labels, 100),
  ];
}

interface RequestLabels {
  readonly namespace: string;
  readonly service: string;
  readonly code: string;
  readonly flags: string;
  readonly reporter: "source" | "destination";
}

/** Labels of a request from the gateway (Istio, "Standard metrics"), as long as real ones are. */
function requestLabels({ namespace, service, code, flags, reporter }: RequestLabels): string {
  const gateway = INGRESS_GATEWAY.release;
  return labelText({
    reporter,
    source_workload: gateway,
    source_canonical_service: gateway,
    source_canonical_revision: "latest",
    source_workload_namespace: NAMESPACES.istioIngress,
    source_principal: `spiffe://${principal(NAMESPACES.istioIngress, gateway)}`,
    source_app: gateway,
    source_version: "unknown",
    source_cluster: "Kubernetes",
    destination_workload: service,
    destination_workload_namespace: namespace,
    destination_principal: `spiffe://${principal(namespace, service)}`,
    destination_app: service,
    destination_version: "v1",
    destination_service: `${service}.${namespace}.svc.cluster.local`,
    destination_canonical_service: service,
    destination_canonical_revision: "v1",
    destination_service_name: service,
    destination_service_namespace: namespace,
    destination_cluster: "Kubernetes",
    request_protocol: "http",
    response_code: code,
    grpc_response_status: "",
    response_flags: flags,
    connection_security_policy: reporter === "source" ? "unknown" : "mutual_tls",
  });
}

/** Envoy and the agent beside it, of themselves. */
function proxy(): readonly string[] {
  return [
    sample("envoy_server_days_until_first_cert_expiring", "", 1),
    sample("envoy_server_live", "", 1),
    sample("envoy_server_memory_allocated", "", 60 * 2 ** 20),
    sample("envoy_server_uptime", "", 86_400),
    sample("istio_agent_cert_expiry_seconds", 'resource_name="default"', 80_000),
    sample("istio_agent_cert_expiry_seconds", 'resource_name="ROOTCA"', 3e8),
    // Stands for those that the monitor drops.
    sample("istio_agent_go_goroutines", "", 40),
  ];
}

/** Of a proxy's planned series those below: two answers of 15, three calls of 3, one dropped of its own, and a counter. */
const WRITTEN = 2 * 15 + 3 * 3 + proxy().length - 1 + 1;

/** What one of a service's sidecars says, its application's own metrics among it. */
export function sidecarPage(tenant: FleetTenant, workload: Workload, traffic: Traffic): string {
  const { id, namespace, workloads } = tenant;
  const counters = traffic.of(id, 1 / workload.replicas / workloads.length);
  const labels = { namespace, service: workload.name, flags: "-" };
  const answers = [1, 0.01].map((part, index) => {
    const code = index === 0 ? "200" : "404";
    return istioRequests(requestLabels({ ...labels, code, reporter: "destination" }), share(counters, part));
  });
  const calls = workloads.map(({ name }) =>
    istioRequests(requestLabels({ ...labels, service: name, code: "200", reporter: "source" }), share(counters, 0.5)),
  );
  const application = PLANNED.proxy + PLANNED.application - WRITTEN;
  return [
    ...answers,
    ...calls,
    ...proxy(),
    sample("envoy_http_local_rate_limit_http_local_rate_limit_enforced", "", 0),
    filler("http_server_request_duration_seconds_bucket", 'method="GET",route="/api"', application),
  ].join("");
}

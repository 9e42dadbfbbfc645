import { NAMESPACE_PREFIX } from "../../../tenancy";
import { RECORDED } from "./recorded";
import type { Alert } from "./rule";

/** How far back a request that should never have been is looked for. */
const LOOK_BACK = "10m";

const DAY = 86_400;
const HOUR = 3_600;

/**
 * Hours that a sidecar's certificate has left when somebody must act: it lives 24 and is renewed after 12 (Istio's
 * defaults), so that renewal has failed for eight.
 */
const SIDECAR_HOURS = 4;

/** Days that the gateway's certificate has left: it is renewed 30 before its end, see `constructs/mesh`. */
const GATEWAY_DAYS = 21;

/** Days that the mesh's root has left. It lives ten years, and a new one takes weeks to reach every proxy in order. */
const ROOT_DAYS = 90;

/** Days that a region's intermediate has left. It lives two years (tools/bin/mesh-ca); a new one of its root takes a deployment. */
const INTERMEDIATE_DAYS = 60;

/** Who may talk to whom in the mesh, and what that rests on: certificates and the control plane. */
export function meshAlerts(): readonly Alert[] {
  return [...crossTenant(), plaintext(), ...certificates(), ...controlPlane()];
}

/**
 * Series that have counted something of late. A counter is born with its first request, which no rate sees; of these
 * requests one is too many.
 */
const counted = (selector: string): string =>
  `(increase(${selector}[${LOOK_BACK}]) > 0 or (${selector} unless ${selector} offset ${LOOK_BACK}))`;

/** Tier and alert route of the tenant that a vector is about. */
const ofTenant = (vector: string): string =>
  `${vector} * on (tenant) group_left (tier, alerts) max by (tenant, tier, alerts) (${RECORDED.tenantInfo})`;

/**
 * Brief: a pod of one tenant gets an answer from another tenant's service. The caller is told by the certificate that it
 * showed (`source_principal`), which it cannot choose; the workload labels come from headers. The called sidecar counts
 * what it refused as well.
 */
function crossTenant(): Alert[] {
  const caller = `spiffe://[^/]+/ns/${NAMESPACE_PREFIX}([^/]+)/sa/.+`;
  const requests = (code: string): string => {
    const selector = `istio_requests_total{reporter="destination",tenant!="",source_principal=~"${caller}",${code}}`;
    const named = `label_replace(${counted(selector)}, "source_tenant", "$1", "source_principal", "${caller}")`;
    const itself = `label_replace(group by (tenant) (${RECORDED.tenantInfo}), "source_tenant", "$1", "tenant", "(.+)")`;
    return ofTenant(`(sum by (tenant, service, source_tenant) (${named}) unless on (tenant, source_tenant) ${itself})`);
  };
  const common = { severity: "page", for: "0s", runbook: "cross-tenant-traffic", dashboard: "tenant" } as const;
  return [
    {
      ...common,
      name: "CrossTenantRequestAnswered",
      expr: requests('response_code!="403"'),
      summary: "Tenant {{ $labels.tenant }} answers requests of tenant {{ $labels.source_tenant }}",
      description:
        "{{ $labels.service }} of tenant {{ $labels.tenant }} answered tenant {{ $labels.source_tenant }}: neither network policy nor authorization held.",
    },
    {
      ...common,
      name: "CrossTenantRequestRefused",
      expr: requests('response_code="403"'),
      summary: "Tenant {{ $labels.source_tenant }} reaches tenant {{ $labels.tenant }}, which refuses it",
      description:
        "A request to {{ $labels.service }} was refused by its sidecar. It should not have got there: the network policies of one of the two do not hold.",
    },
  ];
}

function plaintext(): Alert {
  const selector = 'istio_requests_total{reporter="destination",tenant!="",connection_security_policy="none"}';
  return {
    name: "PlaintextRequest",
    severity: "page",
    expr: ofTenant(`sum by (tenant, service) (${counted(selector)})`),
    for: "0s",
    summary: "Tenant {{ $labels.tenant }} answers callers without mutual TLS",
    description:
      "{{ $labels.service }} took a request in plaintext, from a caller that nobody knows: STRICT is not in force in its namespace.",
    runbook: "cross-tenant-traffic",
    dashboard: "tenant",
  };
}

function certificates(): Alert[] {
  const common = { runbook: "certificates", dashboard: "fleet" } as const;
  return [
    {
      ...common,
      name: "SidecarCertificateNotRenewed",
      severity: "page",
      expr: `min by (namespace) (istio_agent_cert_expiry_seconds{resource_name="default"}) < ${SIDECAR_HOURS * HOUR}`,
      for: "15m",
      summary: "Proxies do not get new certificates",
      description: "A proxy in {{ $labels.namespace }} cannot talk to anyone in {{ $value | humanizeDuration }}.",
    },
    {
      ...common,
      name: "MeshRootExpires",
      severity: "ticket",
      expr: `min(citadel_server_root_cert_expiry_timestamp) - time() < ${ROOT_DAYS * DAY}`,
      for: "1h",
      summary: "The mesh's root certificate ends",
      description: "It ends in {{ $value | humanizeDuration }}, and every connection inside the mesh with it.",
    },
    {
      ...common,
      name: "MeshIntermediateExpires",
      severity: "ticket",
      expr: `min(citadel_server_cert_chain_expiry_timestamp) - time() < ${INTERMEDIATE_DAYS * DAY}`,
      for: "1h",
      summary: "The certificate that istiod signs with ends",
      description: "It ends in {{ $value | humanizeDuration }}; no pod gets a certificate after that.",
      onlyWhere: "two regions",
    },
    {
      ...common,
      name: "CertificateNotRenewed",
      severity: "ticket",
      expr: `min by (exported_namespace, name) (certmanager_certificate_expiration_timestamp_seconds > 0) - time() < ${GATEWAY_DAYS * DAY}`,
      for: "1h",
      summary: "Certificate {{ $labels.name }} in {{ $labels.exported_namespace }} is not renewed",
      description: "It ends in {{ $value | humanizeDuration }} and should have been renewed by now.",
    },
    {
      ...common,
      name: "CertificateNotReady",
      severity: "ticket",
      expr: 'max by (exported_namespace, name) (certmanager_certificate_ready_status{condition="False"}) == 1',
      for: "30m",
      summary: "Certificate {{ $labels.name }} in {{ $labels.exported_namespace }} cannot be issued",
      description: "cert-manager has failed to issue it for half an hour.",
    },
  ];
}

function controlPlane(): Alert[] {
  const common = { runbook: "control-plane", dashboard: "fleet" } as const;
  return [
    {
      ...common,
      name: "IstiodDown",
      severity: "page",
      expr: 'absent(up{job="istiod"} == 1)',
      for: "5m",
      summary: "The mesh's control plane is down",
      description: "Proxies go on with what they know, but no pod can start and no certificate is renewed.",
    },
    {
      ...common,
      name: "MeshConfigurationSlow",
      severity: "ticket",
      expr: "histogram_quantile(0.99, sum by (le) (rate(pilot_proxy_convergence_time_bucket[10m]))) > 10",
      for: "15m",
      summary: "Changes reach proxies late",
      description:
        "A change takes {{ $value | humanizeDuration }} to reach all proxies: requests go to pods that are gone.",
    },
    {
      ...common,
      name: "MeshConfigurationRejected",
      severity: "ticket",
      expr: "sum by (type) (increase(pilot_total_xds_rejects[15m])) > 0",
      for: "10m",
      summary: "Proxies refuse their configuration",
      description: "Some {{ $labels.type }} was refused: those proxies keep the last one that was good.",
    },
    {
      ...common,
      name: "MeshPushFails",
      severity: "ticket",
      // Some fail with each pod that goes; a fleet-wide rollout is 3,000 pods.
      expr: 'sum(increase(pilot_xds_pushes{type=~".+err"}[15m])) > 0.05 * sum(increase(pilot_xds_pushes[15m])) or sum(increase(pilot_total_xds_internal_errors[15m])) > 10',
      for: "15m",
      summary: "The control plane cannot tell proxies what has changed",
      description: "{{ $value | humanize }} pushes of a quarter of an hour failed.",
    },
    {
      ...common,
      name: "SidecarInjectionFails",
      severity: "ticket",
      expr: "sum(increase(sidecar_injection_failure_total[15m])) > 0",
      for: "5m",
      summary: "Pods get no sidecar, and so do not start",
      description: "{{ $value | humanize }} pods of a quarter of an hour were refused by the injection webhook.",
    },
  ];
}

import type { Case, Firing } from "../case";
import type { Series } from "../promtool";
import { always, bornAfter, identity, received, rising, series, tenant, until } from "../series";

const DAY = 86_400;
const FLEET = "/d/fleet";

export function meshCases(): readonly Case[] {
  return [...crossTenantCases(), ...plaintextCases(), ...certificateCases(), ...controlPlaneCases()];
}

function crossTenantCases(): Case[] {
  const answered = "CrossTenantRequestAnswered";
  const refused = "CrossTenantRequestRefused";
  const tenants = [tenant("acme", "enterprise"), tenant("beta", "starter")];
  const labels = {
    tenant: "acme",
    tier: "enterprise",
    alerts: "page",
    service: "task-service",
    source_tenant: "beta",
    severity: "page",
  };
  return [
    {
      alert: answered,
      says: "names both tenants after a single request",
      given: [...tenants, received("acme", identity("beta"), "200", bornAfter(30))],
      minutes: 31,
      fires: [
        {
          labels,
          summary: "Tenant acme answers requests of tenant beta",
          description:
            "task-service of tenant acme answered tenant beta: neither network policy nor authorization held.",
          dashboard: "/d/tenant-acme",
        },
      ],
    },
    {
      alert: answered,
      says: "is silent a quarter of an hour after it",
      given: [...tenants, received("acme", identity("beta"), "200", bornAfter(30))],
      minutes: 46,
      fires: [],
    },
    {
      alert: answered,
      says: "is silent about a tenant's own services, the gateway and the platform's",
      given: [
        ...tenants,
        received("acme", identity("acme"), "200", rising(60)),
        received("acme", "spiffe://cluster.local/ns/istio-ingress/sa/istio-ingressgateway", "200", rising(60)),
        received("acme", "spiffe://cluster.local/ns/shared-services/sa/api-gateway", "200", rising(60)),
      ],
      minutes: 30,
      fires: [],
    },
    {
      alert: answered,
      says: "is silent about what was refused",
      given: [...tenants, received("acme", identity("beta"), "403", rising(1))],
      minutes: 30,
      fires: [],
    },
    {
      alert: refused,
      says: "names both tenants after a single request",
      given: [...tenants, received("acme", identity("beta"), "403", bornAfter(30))],
      minutes: 31,
      fires: [
        {
          labels,
          summary: "Tenant beta reaches tenant acme, which refuses it",
          description:
            "A request to task-service was refused by its sidecar. It should not have got there: the network policies of one of the two do not hold.",
          dashboard: "/d/tenant-acme",
        },
      ],
    },
    {
      alert: refused,
      says: "is silent about a tenant that refuses its own",
      given: [...tenants, received("acme", identity("acme"), "403", rising(1))],
      minutes: 30,
      fires: [],
    },
  ];
}

function plaintextCases(): Case[] {
  const alert = "PlaintextRequest";
  return [
    {
      alert,
      says: "names the tenant after a single request",
      given: [tenant("acme", "standard"), received("acme", "unknown", "200", bornAfter(20))],
      minutes: 21,
      fires: [
        {
          labels: { tenant: "acme", tier: "standard", alerts: "ticket", service: "task-service", severity: "page" },
          summary: "Tenant acme answers callers without mutual TLS",
          description:
            "task-service took a request in plaintext, from a caller that nobody knows: STRICT is not in force in its namespace.",
          dashboard: "/d/tenant-acme",
        },
      ],
    },
    {
      alert,
      says: "is silent about mutual TLS",
      given: [tenant("acme", "standard"), received("acme", identity("acme"), "200", rising(60))],
      minutes: 21,
      fires: [],
    },
  ];
}

function certificateCases(): Case[] {
  const sidecar = (hours: number): Series =>
    series(
      "istio_agent_cert_expiry_seconds",
      { namespace: "tenant-acme", pod: "task-service-1", resource_name: "default" },
      always(hours * 3_600),
    );
  const root = (days: number): Series =>
    series("citadel_server_root_cert_expiry_timestamp", { pod: "istiod-1" }, always(days * DAY));
  const intermediate = (days: number): Series =>
    series("citadel_server_cert_chain_expiry_timestamp", { pod: "istiod-1" }, always(days * DAY));
  const named = { exported_namespace: "istio-ingress", name: "taskflow-gateway-tls" };
  const certificate = (days: number): Series =>
    series("certmanager_certificate_expiration_timestamp_seconds", named, always(days * DAY));
  const unready = (values: string): Series =>
    series("certmanager_certificate_ready_status", { ...named, condition: "False" }, values);
  const fleet = (labels: Firing["labels"], summary: string, description: string): Firing[] => [
    { labels, summary, description, dashboard: FLEET },
  ];
  return [
    {
      alert: "SidecarCertificateNotRenewed",
      says: "names the namespace",
      given: [sidecar(3)],
      minutes: 20,
      fires: fleet(
        { namespace: "tenant-acme", severity: "page" },
        "Proxies do not get new certificates",
        "A proxy in tenant-acme cannot talk to anyone in 3h 0m 0s.",
      ),
    },
    { alert: "SidecarCertificateNotRenewed", says: "is silent in time", given: [sidecar(11)], minutes: 20, fires: [] },
    {
      alert: "MeshRootExpires",
      says: "makes a ticket three months ahead",
      given: [root(60)],
      minutes: 70,
      fires: fleet(
        { severity: "ticket" },
        "The mesh's root certificate ends",
        "It ends in 59d 22h 50m 0s, and every connection inside the mesh with it.",
      ),
    },
    { alert: "MeshRootExpires", says: "is silent for years", given: [root(3_000)], minutes: 70, fires: [] },
    {
      alert: "MeshIntermediateExpires",
      says: "makes a ticket two months ahead",
      given: [intermediate(50), root(3_000)],
      minutes: 70,
      fires: fleet(
        { severity: "ticket" },
        "The certificate that istiod signs with ends",
        "It ends in 49d 22h 50m 0s; no pod gets a certificate after that.",
      ),
    },
    {
      alert: "MeshIntermediateExpires",
      says: "is silent for a year and more",
      given: [intermediate(400)],
      minutes: 70,
      fires: [],
    },
    {
      alert: "CertificateNotRenewed",
      says: "names the certificate",
      given: [certificate(20)],
      minutes: 70,
      fires: fleet(
        { ...named, severity: "ticket" },
        "Certificate taskflow-gateway-tls in istio-ingress is not renewed",
        "It ends in 19d 22h 50m 0s and should have been renewed by now.",
      ),
    },
    {
      alert: "CertificateNotRenewed",
      says: "is silent while it may wait",
      given: [certificate(31)],
      minutes: 70,
      fires: [],
    },
    {
      alert: "CertificateNotReady",
      says: "names the certificate",
      given: [unready(always(1))],
      minutes: 40,
      fires: fleet(
        { ...named, severity: "ticket" },
        "Certificate taskflow-gateway-tls in istio-ingress cannot be issued",
        "cert-manager has failed to issue it for half an hour.",
      ),
    },
    {
      alert: "CertificateNotReady",
      says: "is silent while it is issued",
      given: [unready("1+0x5 0+0x100")],
      minutes: 40,
      fires: [],
    },
  ];
}

function controlPlaneCases(): Case[] {
  const fires = (summary: string, description: string, severity: string, labels: Firing["labels"] = {}): Firing[] => [
    { labels: { ...labels, severity }, summary, description, dashboard: FLEET },
  ];
  const up = (values: string): Series => series("up", { job: "istiod", pod: "istiod-1" }, values);
  const convergence = (slow: number): Series[] => [
    series("pilot_proxy_convergence_time_bucket", { le: "1.0" }, rising(100 - slow)),
    series("pilot_proxy_convergence_time_bucket", { le: "20.0" }, rising(100)),
    series("pilot_proxy_convergence_time_bucket", { le: "+Inf" }, rising(100)),
  ];
  const pushes = (failed: number): Series[] => [
    series("pilot_xds_pushes", { type: "cds" }, rising(100)),
    series("pilot_xds_pushes", { type: "cds_senderr" }, rising(failed)),
  ];
  return [
    {
      alert: "IstiodDown",
      says: "wakes somebody when the last replica is gone",
      given: [up(until(20, 1, 0))],
      minutes: 30,
      fires: fires(
        "The mesh's control plane is down",
        "Proxies go on with what they know, but no pod can start and no certificate is renewed.",
        "page",
      ),
    },
    {
      alert: "IstiodDown",
      says: "is silent while another replica answers",
      given: [up(always(0)), series("up", { job: "istiod", pod: "istiod-2" }, always(1))],
      minutes: 30,
      fires: [],
    },
    {
      alert: "MeshConfigurationSlow",
      says: "makes a ticket",
      given: convergence(10),
      minutes: 40,
      fires: fires(
        "Changes reach proxies late",
        "A change takes 18.1s to reach all proxies: requests go to pods that are gone.",
        "ticket",
      ),
    },
    { alert: "MeshConfigurationSlow", says: "is silent at a second", given: convergence(0), minutes: 40, fires: [] },
    {
      alert: "MeshConfigurationRejected",
      says: "names the kind of configuration",
      given: [series("pilot_total_xds_rejects", { type: "lds" }, rising(1))],
      minutes: 30,
      fires: fires(
        "Proxies refuse their configuration",
        "Some lds was refused: those proxies keep the last one that was good.",
        "ticket",
        {
          type: "lds",
        },
      ),
    },
    {
      alert: "MeshConfigurationRejected",
      says: "is silent about what was put right",
      given: [series("pilot_total_xds_rejects", { type: "lds" }, "0 3+0x100")],
      minutes: 40,
      fires: [],
    },
    {
      alert: "MeshPushFails",
      says: "makes a ticket where one push in ten fails",
      given: pushes(11),
      minutes: 40,
      fires: fires(
        "The control plane cannot tell proxies what has changed",
        "165 pushes of a quarter of an hour failed.",
        "ticket",
      ),
    },
    { alert: "MeshPushFails", says: "is silent about pods that go", given: pushes(1), minutes: 40, fires: [] },
    {
      alert: "SidecarInjectionFails",
      says: "makes a ticket",
      given: [series("sidecar_injection_failure_total", {}, rising(1))],
      minutes: 30,
      fires: fires(
        "Pods get no sidecar, and so do not start",
        "15 pods of a quarter of an hour were refused by the injection webhook.",
        "ticket",
      ),
    },
    {
      alert: "SidecarInjectionFails",
      says: "is silent without a failure",
      given: [series("sidecar_injection_failure_total", {}, always(4))],
      minutes: 30,
      fires: [],
    },
  ];
}

import { ENVIRONMENTS, INGRESS_GATEWAY } from "../../../config";
import type { JsonObject } from "../../../tools/manifests/json";
import { type AdmissionCases, NAMESPACE, OTHER_SERVICE, TENANT, tenantObject } from "./case";

const DOMAIN = ENVIRONMENTS.production.domain;
const ISTIO = "networking.istio.io/v1";

const virtualService = (spec: JsonObject, name?: string) => tenantObject(ISTIO, "VirtualService", { spec }, name);
const destinationRule = (host: string, name?: string) =>
  tenantObject(ISTIO, "DestinationRule", { spec: { host } }, name);

const routeTo = (host: string) => [{ route: [{ destination: { host } }] }];
const OWN_ROUTE = routeTo("task-service");

/** Hosts and destinations of others. */
export const VIRTUAL_SERVICES: AdmissionCases = {
  policy: "tenant-virtual-services",
  sound: [
    virtualService(
      { hosts: [`${TENANT}.${DOMAIN}`], gateways: [INGRESS_GATEWAY.gateway], http: [...OWN_ROUTE] },
      "sound",
    ),
    // As Flagger makes them, with and without delegation.
    virtualService({ hosts: ["task-service"], gateways: ["mesh"], http: routeTo("task-service-primary") }, "sound-2"),
    virtualService({ http: routeTo(`task-service-canary.${NAMESPACE}.svc.cluster.local`) }, "sound-2"),
    virtualService({ hosts: [`${TENANT}.${DOMAIN}`], http: [{ delegate: { name: "task-service" } }] }, "sound-2"),
  ],
  refused: [
    {
      title: "a VirtualService for another tenant's host",
      object: virtualService({ hosts: [`other.${DOMAIN}`, "*"], http: OWN_ROUTE }),
      reason: `spec.hosts: other.${DOMAIN}, *; allowed: ${TENANT}.${DOMAIN}, Services of ${NAMESPACE}`,
    },
    {
      title: "a VirtualService for another tenant's Service in every sidecar",
      object: virtualService({ hosts: [OTHER_SERVICE], gateways: ["mesh"], http: OWN_ROUTE }),
      reason: `spec.hosts: ${OTHER_SERVICE}; allowed: `,
    },
    {
      title: "a VirtualService at a gateway of its own",
      object: virtualService({ hosts: [`${TENANT}.${DOMAIN}`], gateways: ["gateway"], http: OWN_ROUTE }),
      reason: "spec.gateways: gateway; allowed: istio-ingress/taskflow, mesh",
    },
    {
      title: "a VirtualService that leads to another tenant's Service",
      object: virtualService({ hosts: [`${TENANT}.${DOMAIN}`], http: [...OWN_ROUTE, ...routeTo(OTHER_SERVICE)] }),
      reason: `spec.http.route.destination: a host outside of the namespace; allowed: Services of ${NAMESPACE}`,
    },
    ...[{ mirror: { host: OTHER_SERVICE } }, { mirrors: [{ destination: { host: OTHER_SERVICE } }] }].map((mirror) => ({
      title: `a VirtualService with ${Object.keys(mirror).join()} to another tenant's Service`,
      object: virtualService({ hosts: ["task-service"], http: [{ ...OWN_ROUTE[0], ...mirror }] }),
      reason: "spec.http.mirror: a host outside of the namespace; allowed: Services of",
    })),
    {
      title: "a VirtualService that delegates to another tenant's",
      object: virtualService({
        hosts: ["task-service"],
        http: [{ delegate: { name: "tenant", namespace: "tenant-other" } }],
      }),
      reason: `spec.http.delegate: in another namespace; allowed: ${NAMESPACE}`,
    },
    {
      title: "a VirtualService for TCP",
      object: virtualService({
        hosts: ["task-service"],
        tcp: [{ route: [{ destination: { host: OTHER_SERVICE } }] }],
      }),
      reason: "spec.tcp, spec.tls: tenants speak HTTP; allowed: spec.http",
    },
  ],
};

/** Pools of others' Services. */
export const DESTINATION_RULES: AdmissionCases = {
  policy: "tenant-destination-rules",
  sound: [
    destinationRule(`*.${NAMESPACE}.svc.cluster.local`, "sound"),
    destinationRule("task-service-canary", "sound-2"),
  ],
  refused: [
    {
      title: "a DestinationRule for another tenant's Service",
      object: destinationRule(OTHER_SERVICE),
      reason: `spec.host: ${OTHER_SERVICE}; allowed: Services of ${NAMESPACE}`,
    },
    {
      title: "a DestinationRule for the whole mesh",
      object: destinationRule("*.svc.cluster.local"),
      reason: "spec.host: *.svc.cluster.local; allowed: Services of",
    },
  ],
};

import { NAMESPACES } from "../../config/kubernetes";
import { LAYERS, type SingleLayer } from "./expectation";
import type { Party } from "./party";
import { PODS } from "./platform-pods";

const [EGRESS, INGRESS, , ALLOW] = LAYERS;
const { kubeSystem, istioSystem, istioIngress, observability, certManager, flagger } = NAMESPACES;

const UNGUARDED: readonly Party[] = [kubeSystem, istioSystem, certManager, flagger].map(
  (namespace) => `${namespace}/*` as const,
);

export const ACCEPTED_SINGLE_LAYERS: readonly SingleLayer[] = [
  {
    at: [EGRESS],
    from: ["tenants"],
    to: UNGUARDED,
    reason: "add-ons and controllers have no policies of their own: the API server must reach their webhooks",
  },
  {
    at: [INGRESS],
    from: UNGUARDED,
    to: ["tenants"],
    reason: "UDP and sidecars' metrics, from controllers alone; services are guarded by identity too",
  },
  {
    at: [INGRESS],
    from: [PODS.gateway],
    to: ["tenants"],
    reason: "the port of the rate limit, which the gateway is let out to by subnet and no tenant listens at",
  },
  {
    at: [ALLOW],
    from: [PODS.eastWestGateway],
    to: ["tenants"],
    reason: "the gateway passes on to one service of the platform, and no tenant can put a pod in its namespace",
  },
  {
    at: [ALLOW],
    from: [`${istioIngress}/*`],
    to: ["tenants"],
    reason: "only the gateway runs in its namespace, and no tenant can put a pod there",
  },
  {
    at: [EGRESS],
    from: [`${observability}/*`],
    to: ["tenants"],
    reason: "sidecars' metrics, which are let in from the whole namespace",
  },
  {
    at: [INGRESS],
    from: ["tenants"],
    to: [`${observability}/*`],
    reason: "the port of traces, which tenants are let out to by namespace and Jaeger alone listens at",
  },
  {
    at: [EGRESS],
    from: ["tenants"],
    to: [PODS.operator],
    reason: "the webhook's port, which is let in by the nodes' subnets: pods' addresses are in them",
  },
  {
    at: [ALLOW],
    from: [PODS.loadTester],
    to: ["tenants' stopped pods under Flagger"],
    reason: "no pod of a suspended tenant runs, and its Deployments keep the label that the load tester is let out by",
  },
  {
    at: [EGRESS],
    from: ["tenants"],
    to: [PODS.eastWestGateway],
    reason: "the port of its load balancer, let in by the nodes' subnets; who calls, the service that it leads to asks",
  },
];

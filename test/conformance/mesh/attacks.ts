import { ENVIRONMENTS, LABELS, PORTS } from "../../../config";
import { isObject } from "../../../tools/manifests/json";
import { call, type Call, callThroughSidecar, type Outcome } from "./call";
import type { RunningPod } from "./pod";
import { PROXY_ACCOUNT } from "./proxy-agent";
import { SERVICE_ACCOUNT_ID } from "./service-program";
import type { World } from "./world";

/** A way for a tenant's pod to get an answer from another tenant's service. */
export interface Attack {
  readonly title: string;
  readonly run: () => Promise<Outcome>;
  /** Refused by the attacker's own sidecar, or for want of a certificate, whatever policies say. */
  readonly needsNoPolicy: boolean;
}

/** Path of the attacked service at the gateway. */
const PATH = "/api/tasks";

/** Protocol by which a sidecar tells the mesh's own TLS. */
export const MESH_ALPN = "istio";

/** The pod of a tenant's service. */
export function podOf(world: World, namespace: string, service: string): RunningPod {
  const found = world.services.find((pod) => pod.namespace === namespace && pod.service === service);
  if (found === undefined) {
    throw new Error(`no pod of ${namespace}/${service}`);
  }
  return found;
}

/** Cluster-wide name of a service. */
export const hostOf = (service: string, namespace: string): string => `${service}.${namespace}.svc.cluster.local`;

/** SNI that a client's Envoy sends for a service. */
export const sniOf = (host: string): string => `outbound_.${PORTS.http}_._.${host}`;

/**
 * Attacks of a pod on a service of another tenant. Those past the sidecar run as Envoy's own account, which is not redirected,
 * and with the key of the pod's own identity: an intruder who owns the whole pod has no more.
 */
export async function attacksOn(world: World, attacker: RunningPod, victim: RunningPod): Promise<readonly Attack[]> {
  const victimHost = hostOf(victim.service, victim.namespace);
  const ownHost = hostOf(victim.service, attacker.namespace);
  const pod = { address: victim.host.address, port: PORTS.http, host: victimHost, path: PATH };
  const service = { ...pod, address: await serviceAddress(world, victim) };
  const identity = (servername: string) => ({ ...world.pods.credentialsOf(attacker), servername, alpn: MESH_ALPN });
  const known = { ...pod, tls: identity(sniOf(victimHost)) };

  const through = (title: string, url: string, host?: string): Attack => ({
    title,
    run: () => callThroughSidecar(attacker, SERVICE_ACCOUNT_ID, url, host),
    needsNoPolicy: true,
  });
  const past = (title: string, request: Call): Attack => ({
    title,
    run: () => call(attacker.host, PROXY_ACCOUNT, request),
    needsNoPolicy: request.tls === undefined,
  });
  return [
    through("HTTP through the sidecar, to the service's name", `http://${victimHost}:${PORTS.http}${PATH}`),
    through("HTTP through the sidecar, to the pod's address", `http://${pod.address}:${PORTS.http}${PATH}`),
    through("HTTP through the sidecar, to the Service's address", `http://${service.address}:${PORTS.http}${PATH}`),
    through(
      "HTTP through the sidecar, to a service of its own with a forged Host",
      `http://${ownHost}:${PORTS.http}${PATH}`,
      victimHost,
    ),
    past("plain TCP past the sidecar, to the pod's address", pod),
    past("plain TCP past the sidecar, to the Service's address", service),
    past("mutual TLS with its own identity, to the pod's address", known),
    past("mutual TLS with its own identity, to the Service's address", { ...known, address: service.address }),
    past("the same with the SNI of a service of its own", { ...known, tls: identity(sniOf(ownHost)) }),
    past("the same with a forged Host", { ...known, host: ownHost }),
    past("by way of the ingress gateway, as a client from the Internet", atGateway(world, tenantHostOf(victim), PATH)),
  ];
}

/** A request of a client from the Internet to a tenant's host, as the load balancer passes it on. */
export function fromLoadBalancer(world: World, pod: RunningPod, path: string): Promise<Outcome> {
  return call(world.cluster.loadBalancer, SERVICE_ACCOUNT_ID, atGateway(world, tenantHostOf(pod), path));
}

/** Host of the tenant that a pod belongs to. */
function tenantHostOf(pod: RunningPod): string {
  return `${pod.labels[LABELS.tenant] ?? ""}.${ENVIRONMENTS.production.domain}`;
}

/** The load balancer sends no SNI that matters, and verifies nothing. */
export function atGateway(world: World, host: string, path: string): Call {
  const address = world.gateway.host.address;
  return { address, port: PORTS.gatewayHttps, host, path, tls: { servername: host, alpn: "http/1.1" } };
}

/** Address of the Service that a pod stands behind. */
export async function serviceAddress(world: World, pod: RunningPod): Promise<string> {
  const services = await world.cluster.list(`/api/v1/namespaces/${pod.namespace}/services`);
  const spec = services.find(({ metadata }) => metadata.name === pod.service)?.["spec"];
  return String(isObject(spec) ? spec["clusterIP"] : "");
}

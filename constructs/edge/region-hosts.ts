/** Below this label of the domain stand the hosts of single regions; no tenant may bear it as its id. */
const REGION_LABEL = "region";

/** Path of a region's own host that is answered by its api-gateway: everything that a tenant's request passes lies before it. */
export const REGION_HEALTH_PATH = "/healthz/ready";

/**
 * Host of one region's load balancer.
 *
 * @example regionHost("taskflow.example.com", "us-east-1") === "us-east-1.region.taskflow.example.com"
 */
export function regionHost(domain: string, region: string): string {
  return `${region}.${REGION_LABEL}.${domain}`;
}

/**
 * Host of one region's east-west gateway, which the other's gateways call.
 *
 * @example eastWestHost("taskflow.example.com", "us-east-1") === "us-east-1.mesh.region.taskflow.example.com"
 */
export function eastWestHost(domain: string, region: string): string {
  return `${region}.mesh.${REGION_LABEL}.${domain}`;
}

/**
 * Host of the region that serves, which every tenant's host leads to.
 *
 * @example entryHost("taskflow.example.com") === "entry.region.taskflow.example.com"
 */
export function entryHost(domain: string): string {
  return `entry.${REGION_LABEL}.${domain}`;
}

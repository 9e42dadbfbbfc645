import { INGRESS_GATEWAY, NAMESPACES } from "../../../config";

/** Matcher of what runs as the ingress gateway. */
export const GATEWAY = `namespace='${NAMESPACES.istioIngress}'`;

/**
 * Matchers of requests as the gateway counts them, where each is counted once; a tenant's own calls among its services are
 * not there.
 */
export const AT_GATEWAY = `${GATEWAY},reporter='source'`;

/** Matchers of the gateway's autoscaler, which bears its release's name. */
export const GATEWAY_AUTOSCALER = `${GATEWAY},horizontalpodautoscaler='${INGRESS_GATEWAY.release}'`;

/** Rate over a range that Grafana fits to the scrape interval and the panel's width. */
export const rate = (metric: string, matchers: string): string => `rate(${metric}{${matchers}}[$__rate_interval])`;

/** A sum that is 0 where there is nothing to add up: what never failed has no series of failures. */
export const sumOrZero = (vector: string): string => `(sum(${vector}) or vector(0))`;

/** A part of a whole, nothing where the whole is 0. Recorded rates are there for every tenant, be they 0. */
export const share = (part: string, whole: string): string => `${part} / (${whole} > 0)`;

/** The ten highest, highest first. */
export const highest = (vector: string): string => `topk(10, ${vector})`;

/** The worst of a tenant's series. */
export const worstOfTenant = (vector: string): string => `max by(tenant,tier)(${vector})`;

/** Sums a vector of containers by what their pod's name begins with: `<service>-<replica set>-<pod>`. */
export const sumByService = (vector: string): string =>
  `sum by(service)(label_replace(${vector},'service','$1','pod','(.+)-[^-]+-[^-]+'))`;

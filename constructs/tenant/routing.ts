import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import {
  INGRESS_GATEWAY,
  LABELS,
  NAMESPACES,
  OUTLIER_DETECTION,
  PORTS,
  TENANT_SERVICES,
  type Tier,
} from "../../config";
import { hostName, namespaceName, type Tenant } from "../../tenancy";
import {
  type Destination,
  destinationRule,
  type HttpRoute,
  KubernetesManifest,
  type TrafficPolicy,
  virtualService,
} from "../kubernetes";

export interface TenantRoutingProps {
  readonly tenant: Tenant;
  /** The environment's domain; the tenant answers on `<id>.<domain>`. */
  readonly domain: string;
  readonly dependsOn: ITerraformDependable[];
}

const STABLE = "v1";
const CANARY = "v2";

/** Asks for the new release (brief). */
const CANARY_HEADER = { "x-canary": { exact: "true" } };

/** Retried where the request surely was not processed: a write is never sent twice. */
const RETRIES = { attempts: 2, perTryTimeout: "5s", retryOn: "connect-failure,refused-stream" };

const REQUEST_TIMEOUT = "15s";

/** Pools and outlier detection towards one pod set of a tenant of the tier, per client Envoy. */
export function trafficPolicy({ connectionPool }: Tier) {
  return {
    connectionPool: {
      tcp: { maxConnections: connectionPool.maxConnections, connectTimeout: "2s" },
      http: {
        http1MaxPendingRequests: connectionPool.http1MaxPendingRequests,
        http2MaxRequests: connectionPool.http2MaxRequests,
        maxRetries: 3,
      },
    },
    outlierDetection: OUTLIER_DETECTION,
  } satisfies TrafficPolicy;
}

/**
 * The tenant's host and paths at the ingress gateway, and the pools behind them. Every route is named after the tenant's
 * rate class: the gateway's one rate limit filter reads the limit from the route's name and the tenant from the
 * VirtualService, both out of a client's reach.
 */
export class TenantRouting extends Construct {
  constructor(scope: Construct, id: string, props: TenantRoutingProps) {
    super(scope, id);
    const { tenant } = props;
    const namespace = namespaceName(tenant.id);
    const rule = new KubernetesManifest(this, "destination-rule", {
      object: destinationRule(
        { name: "services", namespace },
        {
          // One rule for all services: Istio matches the most specific host, and none is more specific than this.
          host: `*.${namespace}.svc.cluster.local`,
          exportTo: [".", NAMESPACES.istioIngress, NAMESPACES.sharedServices],
          trafficPolicy: trafficPolicy(tenant.tier),
          // Both always: a subset must exist for as long as any route names it.
          subsets: [STABLE, CANARY].map((version) => ({ name: version, labels: { [LABELS.version]: version } })),
        },
      ),
      dependsOn: props.dependsOn,
    });
    new KubernetesManifest(this, "virtual-service", {
      object: virtualService(
        { name: "tenant", namespace },
        {
          hosts: [hostName(tenant.id, props.domain)],
          gateways: [INGRESS_GATEWAY.gateway],
          exportTo: [".", NAMESPACES.istioIngress],
          http: tenant.state === "suspended" ? [suspendedRoute(tenant)] : serviceRoutes(tenant),
        },
      ),
      dependsOn: [...props.dependsOn, rule.resource],
    });
  }
}

function suspendedRoute(tenant: Tenant): HttpRoute {
  return { name: tenant.rateClass, directResponse: { status: 503, body: { string: "This account is suspended.\n" } } };
}

function serviceRoutes(tenant: Tenant): readonly HttpRoute[] {
  return TENANT_SERVICES.flatMap((service): readonly HttpRoute[] => {
    const paths = [{ exact: service.pathPrefix }, { prefix: `${service.pathPrefix}/` }];
    const common = { name: tenant.rateClass, timeout: REQUEST_TIMEOUT, retries: RETRIES };
    const stable = destination(service.name, tenant, STABLE);
    const toStable = { ...common, match: paths.map((uri) => ({ uri })), route: [{ destination: stable }] };
    const byHeader = paths.map((uri) => ({ uri, headers: CANARY_HEADER }));
    if (tenant.flagger.includes(service.name)) {
      const analysed = destination(`${service.name}-canary`, tenant);
      const delegate = { name: service.name, namespace: namespaceName(tenant.id) };
      return [
        { ...common, match: byHeader, route: [{ destination: analysed }] },
        { ...common, match: paths.map((uri) => ({ uri })), delegate },
        // istiod leaves the delegating route out for as long as Flagger has made nothing to delegate to. The header is of
        // no request that comes so far; without a word of difference istiod would warn of a route behind its like.
        { ...toStable, match: paths.map((uri) => ({ uri, withoutHeaders: CANARY_HEADER })) },
      ];
    }
    const { canary } = tenant;
    if (canary?.services.includes(service.name) !== true) {
      return [toStable];
    }
    const second = destination(service.name, tenant, CANARY);
    return [
      { ...common, match: byHeader, route: [{ destination: second }] },
      {
        ...common,
        match: paths.map((uri) => ({ uri })),
        route: [
          { destination: stable, weight: 100 - canary.weight },
          { destination: second, weight: canary.weight },
        ],
      },
    ];
  });
}

function destination(service: string, tenant: Tenant, subset?: string): Destination {
  return {
    host: `${service}.${namespaceName(tenant.id)}.svc.cluster.local`,
    ...(subset === undefined ? {} : { subset }),
    port: { number: PORTS.http },
  };
}

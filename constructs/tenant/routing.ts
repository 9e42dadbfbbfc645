import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import {
  INGRESS_GATEWAY,
  LABELS,
  NAMESPACES,
  OUTLIER_DETECTION,
  PORTS,
  TENANT_SERVICES,
  type TenantService,
} from "../../config";
import { hostName, namespaceName, type Tenant } from "../../tenancy";
import { destinationRule, type HttpRoute, KubernetesManifest, virtualService } from "../kubernetes";

export interface TenantRoutingProps {
  readonly tenant: Tenant;
  /** The environment's domain; the tenant answers on `<id>.<domain>`. */
  readonly domain: string;
  readonly dependsOn: ITerraformDependable[];
}

const STABLE = "v1";
const CANARY = "v2";

/** Retried where the request surely was not processed: a write is never sent twice. */
const RETRIES = { attempts: 2, perTryTimeout: "5s", retryOn: "connect-failure,refused-stream" };

const REQUEST_TIMEOUT = "15s";

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
          trafficPolicy: {
            connectionPool: {
              tcp: { maxConnections: tenant.tier.connectionPool.maxConnections, connectTimeout: "2s" },
              http: {
                http1MaxPendingRequests: tenant.tier.connectionPool.http1MaxPendingRequests,
                http2MaxRequests: tenant.tier.connectionPool.http2MaxRequests,
                maxRetries: 3,
              },
            },
            outlierDetection: OUTLIER_DETECTION,
          },
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
  return TENANT_SERVICES.flatMap((service) => {
    const paths = [{ exact: service.pathPrefix }, { prefix: `${service.pathPrefix}/` }];
    const destination = destinationOf(service, tenant);
    const common = { name: tenant.rateClass, timeout: REQUEST_TIMEOUT, retries: RETRIES };
    const { canary } = tenant;
    if (canary === undefined) {
      return [{ ...common, match: paths.map((uri) => ({ uri })), route: [{ destination: destination(STABLE) }] }];
    }
    return [
      {
        ...common,
        match: paths.map((uri) => ({ uri, headers: { "x-canary": { exact: "true" } } })),
        route: [{ destination: destination(CANARY) }],
      },
      {
        ...common,
        match: paths.map((uri) => ({ uri })),
        route: [
          { destination: destination(STABLE), weight: 100 - canary.weight },
          { destination: destination(CANARY), weight: canary.weight },
        ],
      },
    ];
  });
}

function destinationOf(service: TenantService, tenant: Tenant) {
  return (subset: string) => ({
    host: `${service.name}.${namespaceName(tenant.id)}.svc.cluster.local`,
    subset,
    port: { number: PORTS.http },
  });
}

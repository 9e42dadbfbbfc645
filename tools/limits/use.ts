import { type LimitId, TENANT_SERVICES } from "../../config";
import type { Fleet } from "./fleet";
import { DAEMON_SETS, vcpusOf } from "./node-capacity";
import { MAX_GATEWAYS, PLATFORM_PODS, PLATFORM_USE } from "./platform-share";

/** Network interfaces that a node has at most times: its own, and one that prefixes of warm pods go to. */
const INTERFACES_PER_NODE = 2;

/**
 * Size in etcd, in KiB: an object's JSON with its managed fields and status. A tenant has some 45 objects beside its pods
 * and their replica sets, 34 KiB of JSON as synthesized, here tripled; a pod with its sidecar comes to about 20.
 */
const ETCD_KIB_PER_TENANT = 100;
const ETCD_KIB_PER_POD = 20;
/** Custom resource definitions, charts' releases, leases and an hour of events. */
const ETCD_KIB_OF_PLATFORM = 100 * 1_024;

/** KiB that a tenant's dashboard may take; a test holds the synthesized one against it. */
export const DASHBOARD_KIB = 64;

/**
 * Memory of a gateway, in MiB: measured 440 of its own with 500 tenants' clusters, without load (docs/capacity.md). An empty
 * one takes about 45, and twice the measured growth is planned, so that load has room.
 */
const GATEWAY_MIB = { empty: 45, perTenant: 1.6 };

/** Tables, indexes and the view of one tenant's schema, with their TOAST tables and indexes (functions/tenant-database). */
const RELATIONS_PER_TENANT = 18;
const RELATIONS_OF_PLATFORM = 500;

/** Time series, by origin, as constructs/observability/metrics-plan.ts estimates them; a test compares the two. */
export const SERIES = {
  platform: 150_000,
  perTenant: 150,
  perPod: 225,
  perTenantAndGateway: 75,
  recordedPerTenant: 57,
} as const;

/** How much of each limit a fleet uses, in the limit's unit. */
export const USE: Readonly<Record<LimitId, (fleet: Fleet) => number>> = {
  "iam-roles": ({ deployed, hasSecondRegion }) =>
    PLATFORM_USE.iamRoles + (hasSecondRegion ? PLATFORM_USE.iamRolesOfSecondRegion : 0) + deployed,
  "iam-policies": () => PLATFORM_USE.iamPolicies,
  "pod-identity-associations": ({ deployed }) =>
    PLATFORM_USE.podIdentityAssociations + deployed * TENANT_SERVICES.length,
  "nodes-per-group": (fleet) => Math.max(...groups(fleet).map(({ nodes }) => nodes)),
  "on-demand-vcpus": (fleet) => vcpus(fleet, false),
  "spot-vcpus": (fleet) => vcpus(fleet, true),
  "network-interfaces": (fleet) => PLATFORM_USE.networkInterfaces + nodes(fleet) * INTERFACES_PER_NODE,
  "security-groups": () => PLATFORM_USE.securityGroups,
  "interface-endpoints": () => PLATFORM_USE.interfaceEndpoints,
  "elastic-ips": () => PLATFORM_USE.elasticIps,
  "target-groups": () => PLATFORM_USE.targetGroups,
  "load-balancer-targets": () => MAX_GATEWAYS,
  "web-acl-capacity": () => PLATFORM_USE.webAclCapacity,
  "dns-records": () => PLATFORM_USE.dnsRecords,
  alarms: () => PLATFORM_USE.alarms,
  "database-proxies": () => PLATFORM_USE.databaseProxies,
  "database-storage": ({ dataGib }) => dataGib,
  "database-max-connections": ({ connections }) => connections.maxConnections,
  namespaces: ({ deployed }) => PLATFORM_USE.namespaces + deployed,
  services: ({ deployed }) => PLATFORM_USE.services + deployed * TENANT_SERVICES.length,
  pods: (fleet) => pods(fleet),
  nodes: (fleet) => nodes(fleet),
  etcd: (fleet) =>
    Math.ceil((ETCD_KIB_OF_PLATFORM + fleet.deployed * ETCD_KIB_PER_TENANT + pods(fleet) * ETCD_KIB_PER_POD) / 1_024),
  "config-map": () => DASHBOARD_KIB,
  sidecars: ({ tenantPods }) => PLATFORM_USE.sidecars + MAX_GATEWAYS + tenantPods,
  "gateway-memory": ({ deployed }) => Math.ceil(GATEWAY_MIB.empty + deployed * GATEWAY_MIB.perTenant),
  relations: ({ tenants }) => RELATIONS_OF_PLATFORM + tenants * RELATIONS_PER_TENANT,
  "stack-resources": ({ largestShard }) => largestShard,
  "prometheus-series": ({ deployed, tenantPods }) =>
    SERIES.platform +
    deployed * (SERIES.perTenant + SERIES.recordedPerTenant + MAX_GATEWAYS * SERIES.perTenantAndGateway) +
    tenantPods * SERIES.perPod,
};

function groups(fleet: Fleet) {
  return fleet.pools.flatMap((pool) => pool.groups);
}

function nodes(fleet: Fleet): number {
  return fleet.pools.reduce((sum, pool) => sum + pool.nodes, 0);
}

function pods(fleet: Fleet): number {
  const platform = PLATFORM_PODS.reduce((sum, { replicas }) => sum + replicas, 0);
  return platform + nodes(fleet) * DAEMON_SETS.length + fleet.tenantPods;
}

function vcpus(fleet: Fleet, spot: boolean): number {
  return groups(fleet)
    .filter((group) => group.spot === spot)
    .reduce((sum, { plan, nodes: count }) => sum + count * vcpusOf(plan.instanceTypes[0] ?? ""), 0);
}

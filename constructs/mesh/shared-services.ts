import { LimitRangeV1 } from "@cdktf/provider-kubernetes/lib/limit-range-v1";
import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import {
  API_GATEWAY,
  FLAGGER_ROLLOUT,
  LABELS,
  NAMESPACES,
  PORTS,
  principal,
  type Quota,
  SERVICE_ACCOUNTS,
} from "../../config";
import {
  authorizationPolicy,
  cidrs,
  cpu,
  hardLimits,
  type KubernetesObject,
  LocalManifests,
  memoryGi,
  namespaceNamed,
  sidecar,
  tcp,
} from "../kubernetes";
import { FLAGGER_SERVICE_ACCOUNT, LOADTESTER, RATE_LIMIT, STORE_PORT } from "./names";
import { NamespacePolicies, type PolicyRule } from "./network-policies";

export interface SharedServicesProps {
  /** Subnets that pods get their addresses from. */
  readonly podSubnetCidrs: readonly string[];
  /** Subnets of the rate limit's store. */
  readonly storeSubnetCidrs: readonly string[];
  /** The namespace, istiod. */
  readonly dependsOn: ITerraformDependable[];
}

/** Room for the api-gateway at its most, twice during an analysis, for the rate limit service and the load tester. */
export const SHARED_SERVICES_QUOTA: Quota = {
  requestsCpu: 6,
  requestsMemoryGi: 12,
  limitsCpu: 40,
  limitsMemoryGi: 32,
  pods: 40,
};

/**
 * Flagger makes three Services and a second of each workload object for one that it rolls out; Helm keeps ten records of
 * each of the namespace's four releases, as Secrets.
 */
const OBJECT_COUNTS = {
  configmaps: "30",
  secrets: "60",
  services: "20",
  persistentvolumeclaims: "0",
  replicationcontrollers: "0",
  resourcequotas: "1",
  "services.loadbalancers": "0",
  "services.nodeports": "0",
  "count/deployments.apps": "20",
  "count/jobs.batch": "0",
  "count/cronjobs.batch": "0",
  "count/statefulsets.apps": "0",
};

const NAMESPACE = NAMESPACES.sharedServices;

/**
 * The protections of the namespace that tenants' policies except by name: the same kinds as a tenant's. Being excepted
 * everywhere, it is the one whose pods are worth the most to an intruder.
 */
export class SharedServices extends Construct {
  /** For what must not run before the protections are in force. */
  public readonly guards: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: SharedServicesProps) {
    super(scope, id);
    const manifests = new LocalManifests(this, "manifests", {
      releaseName: "shared-services-mesh",
      namespace: NAMESPACE,
      objects: [...authorization(), ...[API_GATEWAY.name, LOADTESTER.service].map(reachesTenants)],
      dependsOn: props.dependsOn,
    });
    const policies = new NamespacePolicies(this, "network-policies", {
      namespace: NAMESPACE,
      rules: networkRules(props),
      dependsOn: props.dependsOn,
    });
    this.guards = [manifests.release, ...policies.resources, ...this.addLimits(props.dependsOn)];
  }

  private addLimits(dependsOn: ITerraformDependable[]): ITerraformDependable[] {
    const metadata = { name: NAMESPACE, namespace: NAMESPACE };
    const quota = SHARED_SERVICES_QUOTA;
    return [
      new ResourceQuotaV1(this, "quota", {
        metadata,
        spec: {
          hard: {
            ...hardLimits(quota),
            ...OBJECT_COUNTS,
          },
        },
        dependsOn,
      }),
      new LimitRangeV1(this, "limit-range", {
        metadata,
        spec: {
          limit: [
            {
              type: "Container",
              default: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "256Mi" },
              defaultRequest: { cpu: "25m", memory: "64Mi", "ephemeral-storage": "64Mi" },
              max: { cpu: cpu(4_000), memory: memoryGi(4) },
            },
          ],
        },
        dependsOn,
      }),
    ];
  }
}

/**
 * Both forms are safe against a caller without identity: the DENY is negative (no identity matches it), the ALLOW
 * positive. Prometheus needs no rule: its ports bypass Envoy.
 */
function authorization(): KubernetesObject[] {
  const allow = (name: string, service: string, from: object, port: number) =>
    authorizationPolicy(
      { name, namespace: NAMESPACE },
      {
        action: "ALLOW",
        selector: { matchLabels: { [LABELS.service]: service } },
        rules: [{ from: [{ source: from }], to: [{ operation: { ports: [String(port)] } }] }],
      },
    );
  const ingressGateway = {
    principals: [principal(NAMESPACES.istioIngress, SERVICE_ACCOUNTS.ingressGateway)],
  };
  return [
    authorizationPolicy(
      { name: "deny-other-namespaces", namespace: NAMESPACE },
      {
        action: "DENY",
        rules: [
          {
            from: [
              {
                source: {
                  notNamespaces: [NAMESPACE, NAMESPACES.istioSystem, NAMESPACES.istioIngress, NAMESPACES.flagger],
                },
              },
            ],
          },
        ],
      },
    ),
    authorizationPolicy(
      { name: "allow-own-namespace", namespace: NAMESPACE },
      { action: "ALLOW", rules: [{ from: [{ source: { namespaces: [NAMESPACE] } }] }] },
    ),
    allow("allow-gateway-to-api-gateway", API_GATEWAY.name, ingressGateway, PORTS.http),
    allow("allow-gateway-to-rate-limit", RATE_LIMIT.service, ingressGateway, RATE_LIMIT.grpcPort),
    allow(
      "allow-flagger-to-loadtester",
      LOADTESTER.service,
      { principals: [principal(NAMESPACES.flagger, FLAGGER_SERVICE_ACCOUNT)] },
      LOADTESTER.port,
    ),
  ];
}

/** The mesh's default lets a sidecar know little beyond its own namespace; this one's service also calls tenants'. */
function reachesTenants(service: string): KubernetesObject {
  return sidecar(
    { name: service, namespace: NAMESPACE },
    {
      workloadSelector: { labels: { [LABELS.service]: service } },
      egress: [{ hosts: ["*/*"] }],
    },
  );
}

function networkRules(props: SharedServicesProps): readonly PolicyRule[] {
  const pods = (service: string) => ({ [LABELS.service]: service });
  const fromGateway = [namespaceNamed(NAMESPACES.istioIngress)];
  return [
    {
      name: "allow-within-namespace",
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{ to: [{ podSelector: {} }] }],
    },
    {
      name: "allow-api-gateway",
      pods: pods(API_GATEWAY.name),
      ingress: [{ from: fromGateway, ports: tcp(PORTS.http) }],
      // Tenants' pods by subnet, as for the ingress gateway; their policies tell who may call.
      egress: [{ to: cidrs(props.podSubnetCidrs), ports: tcp(PORTS.http) }],
    },
    {
      name: "allow-rate-limit",
      pods: pods(RATE_LIMIT.service),
      ingress: [{ from: fromGateway, ports: tcp(RATE_LIMIT.grpcPort) }],
      egress: [{ to: cidrs(props.storeSubnetCidrs), ports: tcp(STORE_PORT) }],
    },
    {
      name: "allow-loadtester",
      pods: pods(LOADTESTER.service),
      ingress: [{ from: [namespaceNamed(NAMESPACES.flagger)], ports: tcp(LOADTESTER.port) }],
      egress: [
        {
          // In any namespace: nobody but this repository labels pods.
          to: [{ namespaceSelector: {}, podSelector: { matchLabels: { [LABELS.rollout]: FLAGGER_ROLLOUT } } }],
          ports: tcp(PORTS.http),
        },
      ],
    },
  ];
}

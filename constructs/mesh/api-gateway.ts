import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import {
  API_GATEWAY,
  type ContainerResources,
  LABELS,
  NAMESPACES,
  OUTLIER_DETECTION,
  SERVICE_ACCOUNTS,
} from "../../config";
import { CpuAutoscaler, LocalManifests, MeshedDeployment } from "../kubernetes";
import { canary } from "./canary";
import { FLAGGER_LABEL } from "./flagger";
import { FALLBACK_TRAFFIC_POLICY } from "./mesh-defaults";

export interface ApiGatewayProps {
  /** ECR repositories without a tag, by name. */
  readonly repositoryUrls: Readonly<Record<string, string>>;
  /** It answers on `api.<domain>`. */
  readonly domain: string;
  /**
   * Whether another region answers where no pod here can.
   * @default false
   */
  readonly failsOver?: boolean;
  /** The namespace's protections, Flagger, the load tester, the ingress gateway. */
  readonly dependsOn: ITerraformDependable[];
}

/** Pods of one copy; Flagger's primary copy has an autoscaler of the same figures. */
export const API_GATEWAY_REPLICAS = { min: 2, max: 6 } as const;

export const API_GATEWAY_CONTAINER: ContainerResources = {
  requestsCpuMilli: 100,
  requestsMemoryMi: 192,
  limitsCpuMilli: 1_000,
  limitsMemoryMi: 512,
};

/** Its sidecar knows every tenant's services: some 400 MiB of its own for 4,514 clusters (docs/capacity.md). */
export const API_GATEWAY_SIDECAR: ContainerResources = {
  requestsCpuMilli: 50,
  requestsMemoryMi: 512,
  limitsCpuMilli: 500,
  limitsMemoryMi: 1_024,
};

/**
 * All of the region's pods may be ejected, for there is another region. Half of them, as elsewhere, would keep some sick pods
 * of a region in the pool, and with them their share of the requests.
 */
const FAILOVER_TRAFFIC_POLICY = {
  ...FALLBACK_TRAFFIC_POLICY,
  outlierDetection: { ...OUTLIER_DETECTION, maxEjectionPercent: 100 },
};

const NAMESPACE = NAMESPACES.sharedServices;
const NAME = API_GATEWAY.name;
const REPOSITORY = `taskflow/${NAME}`;
const SELECTOR = { [LABELS.service]: NAME };

/**
 * The platform's own entry, on `api.<domain>`, rolled out by Flagger. Flagger copies the Deployment to a primary, scales
 * this one to zero between rollouts, and makes Services, DestinationRules and the VirtualService: none of them is here.
 * Policies and the budget select on `taskflow.io/service`, which both copies bear.
 *
 * @throws Error if the registry has no repository of the service's name
 */
export class ApiGateway extends Construct {
  constructor(scope: Construct, id: string, props: ApiGatewayProps) {
    super(scope, id);
    const { dependsOn } = props;
    const repositoryUrl = props.repositoryUrls[REPOSITORY];
    if (repositoryUrl === undefined) {
      throw new Error(`${this.node.path}: the registry has no repository "${REPOSITORY}"`);
    }
    const metadata = { name: NAME, namespace: NAMESPACE, labels: SELECTOR };
    const account = new ServiceAccountV1(this, "service-account", {
      metadata: { ...metadata, name: SERVICE_ACCOUNTS.apiGateway },
      automountServiceAccountToken: false,
      dependsOn,
    });
    const { resource: deployment } = new MeshedDeployment(this, "deployment", {
      namespace: NAMESPACE,
      name: NAME,
      service: NAME,
      version: "v1",
      // Flagger rewrites this label on the primary copy; without one of its own in the selector it refuses to.
      selectorLabels: { [FLAGGER_LABEL]: NAME },
      image: `${repositoryUrl}:${API_GATEWAY.release}`,
      serviceAccountName: SERVICE_ACCOUNTS.apiGateway,
      container: API_GATEWAY_CONTAINER,
      sidecar: API_GATEWAY_SIDECAR,
      scheduling: { nodePool: "standard", zoneSpread: "ScheduleAnyway" },
      replicas: API_GATEWAY_REPLICAS.min,
      autoscaled: true,
      dependsOn: [account, ...dependsOn],
    });
    new PodDisruptionBudgetV1(this, "disruption-budget", {
      metadata,
      spec: { maxUnavailable: "1", selector: { matchLabels: SELECTOR } },
      dependsOn,
    });
    const { resource: autoscaler } = new CpuAutoscaler(this, "autoscaler", {
      namespace: NAMESPACE,
      deployment: NAME,
      container: NAME,
      replicas: API_GATEWAY_REPLICAS,
      labels: SELECTOR,
      dependsOn,
    });
    new LocalManifests(this, "canary", {
      releaseName: "api-gateway-canary",
      namespace: NAMESPACE,
      objects: [
        canary({
          name: NAME,
          namespace: NAMESPACE,
          host: `${API_GATEWAY.hostLabel}.${props.domain}`,
          trafficPolicy: props.failsOver ? FAILOVER_TRAFFIC_POLICY : FALLBACK_TRAFFIC_POLICY,
          primaryReplicas: "copied",
        }),
      ],
      dependsOn: [deployment, autoscaler, ...dependsOn],
    });
  }
}

import { PodDisruptionBudgetV1 } from "@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import type { ITerraformDependable, TerraformResource } from "cdktf";
import { Construct } from "constructs";

import { FLAGGER_ROLLOUT, LABELS, PORTS } from "../../config";
import { analysedReplicas, CANARY_REPLICAS, namespaceName, type Tenant } from "../../tenancy";
import { CpuAutoscaler, KubernetesManifest, MeshedDeployment } from "../kubernetes";
import { canary, FLAGGER_LABEL } from "../mesh";
import { trafficPolicy } from "./routing";

export interface TenantServiceProps {
  readonly tenant: Tenant;
  /** Name in the catalogue; Service, ServiceAccount and Deployment bear it. */
  readonly service: string;
  /** ECR repository of the service, without a tag. */
  readonly repositoryUrl: string;
  /** Image tag. */
  readonly release: string;
  /** Plain environment of the service; nothing secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Replaces a Deployment whose replicas are an autoscaler's or Flagger's when the tenant is resumed. */
  readonly runState?: TerraformResource;
  /** Of the ServiceAccount and the Service. */
  readonly dependsOn: ITerraformDependable[];
  /** What must be in force before a pod starts. */
  readonly guards: ITerraformDependable[];
}

/**
 * One service of the catalogue for one tenant: identity, stable and canary Deployment, address, budget, autoscaler. Where
 * Flagger rolls it out, the one Deployment is the next release's, at rest without pods, and Flagger's copy serves.
 */
export class TenantService extends Construct {
  constructor(scope: Construct, id: string, props: TenantServiceProps) {
    super(scope, id);
    const { tenant, service, dependsOn } = props;
    const namespace = namespaceName(tenant.id);
    const running = tenant.state === "active";
    const autoscaled = running && tenant.replicas.max > tenant.replicas.min;
    const isFlaggers = tenant.flagger.includes(service);
    const analysed = running && isFlaggers;
    const rollout = isFlaggers ? { [LABELS.rollout]: FLAGGER_ROLLOUT } : {};
    const selector = { [LABELS.service]: service, ...rollout };
    const labels = { [LABELS.tenant]: tenant.id, [LABELS.tier]: tenant.tier.name };

    const account = new ServiceAccountV1(this, "service-account", {
      metadata: { name: service, namespace, labels },
      automountServiceAccountToken: false,
      dependsOn,
    });
    new ServiceV1(this, "service", {
      metadata: { name: service, namespace, labels: { ...labels, ...selector } },
      spec: {
        type: "ClusterIP",
        selector,
        port: [
          { name: "http", port: PORTS.http, targetPort: String(PORTS.http), protocol: "TCP", appProtocol: "http" },
        ],
      },
      dependsOn,
      // Flagger takes the Service over and points it at the primary.
      ...(analysed ? { lifecycle: { ignoreChanges: ["spec[0].selector", "metadata[0].annotations"] } } : {}),
    });
    const deployment = {
      namespace,
      service,
      labels,
      serviceAccountName: service,
      container: tenant.tier.container,
      sidecar: tenant.tier.sidecar,
      scheduling: tenant.tier.scheduling,
      environment: props.environment,
      dependsOn: [account, ...props.guards],
    };
    const { resource: stable } = new MeshedDeployment(this, "deployment", {
      ...deployment,
      labels: { ...labels, ...rollout },
      ...(isFlaggers ? { selectorLabels: { [FLAGGER_LABEL]: service } } : {}),
      name: service,
      version: "v1",
      image: `${props.repositoryUrl}:${props.release}`,
      replicas: running ? tenant.replicas.min : 0,
      autoscaled: autoscaled || analysed,
      ...(props.runState ? { replacedWith: props.runState } : {}),
    });
    if (tenant.canary?.services.includes(service)) {
      new MeshedDeployment(this, "canary", {
        ...deployment,
        name: `${service}-canary`,
        version: "v2",
        image: `${props.repositoryUrl}:${tenant.canary.release}`,
        replicas: running ? CANARY_REPLICAS : 0,
      });
    }
    if (tenant.replicas.min > 1) {
      new PodDisruptionBudgetV1(this, "disruption-budget", {
        metadata: { name: service, namespace, labels },
        spec: { maxUnavailable: "1", selector: { matchLabels: { ...selector, [LABELS.version]: "v1" } } },
        dependsOn,
      });
    }
    const autoscaler = autoscaled
      ? new CpuAutoscaler(this, "autoscaler", {
          namespace,
          deployment: service,
          container: service,
          // Flagger gives the primary the tenant's; this one is then the new release's, while it is analysed.
          replicas: analysed ? analysedReplicas(tenant.replicas) : tenant.replicas,
          labels,
          dependsOn,
        })
      : undefined;
    if (analysed) {
      new KubernetesManifest(this, "rollout", {
        object: canary({
          name: service,
          namespace,
          trafficPolicy: trafficPolicy(tenant.tier),
          ...(autoscaler ? { primaryReplicas: tenant.replicas } : {}),
        }),
        dependsOn: [...dependsOn, stable, ...(autoscaler ? [autoscaler.resource] : [])],
      });
    }
  }
}

import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import type { ITerraformDependable, TerraformResource } from "cdktf";
import { Construct } from "constructs";

import { type ContainerResources, LABELS, PORTS, type Scheduling } from "../../config";
import { resources, sidecarAnnotations } from "./quantities";
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from "./restricted";

export interface MeshedDeploymentProps {
  readonly namespace: string;
  readonly name: string;
  /** Image with its immutable tag. */
  readonly image: string;
  /** Value of the label `taskflow.io/service`, shared by all versions of one service; pods are selected by it. */
  readonly service: string;
  /** Subset of the DestinationRule: `v1` is stable, `v2` the canary. */
  readonly version: "v1" | "v2";
  /** Further labels of the Deployment and its pods. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Further labels that select its pods; they bear them too. @default - the platform's labels alone */
  readonly selectorLabels?: Readonly<Record<string, string>>;
  readonly serviceAccountName: string;
  readonly container: ContainerResources;
  readonly sidecar: ContainerResources;
  /** @default - any untainted node, spread over zones as a wish */
  readonly scheduling?: Scheduling;
  readonly replicas: number;
  /**
   * Whether a HorizontalPodAutoscaler or Flagger owns the number of replicas after the first apply; `replicas` then only
   * says where a new Deployment starts.
   * @default false
   */
  readonly autoscaled?: boolean;
  /**
   * Replaces the Deployment when it changes. An autoscaled Deployment needs it to be stopped and started again:
   * Terraform ignores its replicas, and an autoscaler leaves a Deployment of zero replicas alone.
   */
  readonly replacedWith?: TerraformResource;
  /** Plain environment of the container; nothing secret. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly dependsOn?: ITerraformDependable[];
}

/** Seconds between SIGTERM and SIGKILL: the delay below, 20 for open requests, 5 spare. */
const TERMINATION_GRACE_SECONDS = 30;

/** Seconds that a service goes on answering after SIGTERM, while clients' Envoys learn that its endpoint is gone. */
const SHUTDOWN_DELAY_SECONDS = 5;

/**
 * A Deployment that is fit for a meshed namespace under Pod Security `restricted`: no root, no capabilities, no writable
 * root file system, no API token, Envoy as a native sidecar of stated size, one surge pod and none missing in a rollout.
 */
export class MeshedDeployment extends Construct {
  /** For what needs it. */
  public readonly resource: DeploymentV1;

  constructor(scope: Construct, id: string, props: MeshedDeploymentProps) {
    super(scope, id);
    const selector = { ...props.selectorLabels, [LABELS.service]: props.service, [LABELS.version]: props.version };
    const labels = { app: props.service, ...props.labels, ...selector };
    const scheduling = props.scheduling;

    this.resource = new DeploymentV1(this, "Resource", {
      metadata: { name: props.name, namespace: props.namespace, labels },
      spec: {
        replicas: String(props.replicas),
        revisionHistoryLimit: 3,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "1", maxUnavailable: "0" } },
        selector: { matchLabels: selector },
        template: {
          metadata: { labels, annotations: sidecarAnnotations(props.sidecar) },
          spec: {
            serviceAccountName: props.serviceAccountName,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: TERMINATION_GRACE_SECONDS,
            ...(scheduling ? { nodeSelector: { [LABELS.nodePool]: scheduling.nodePool } } : {}),
            ...(scheduling?.toleratesTaint
              ? {
                  toleration: [
                    {
                      key: LABELS.nodePool,
                      operator: "Equal",
                      value: scheduling.toleratesTaint,
                      effect: "NoSchedule",
                    },
                  ],
                }
              : {}),
            topologySpreadConstraint: [
              {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: scheduling?.zoneSpread ?? "ScheduleAnyway",
                labelSelector: [{ matchLabels: selector }],
              },
              {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: [{ matchLabels: selector }],
              },
            ],
            securityContext: RESTRICTED_POD,
            container: [
              {
                name: props.service,
                image: props.image,
                // A node's cached image stays out of reach for a pod that may not pull it.
                imagePullPolicy: "Always",
                port: [{ name: "http", containerPort: PORTS.http, protocol: "TCP" }],
                env: Object.entries({
                  ...props.environment,
                  SHUTDOWN_DELAY_SECONDS: String(SHUTDOWN_DELAY_SECONDS),
                }).map(([name, value]) => ({ name, value })),
                resources: resources(props.container),
                securityContext: RESTRICTED_CONTAINER,
                startupProbe: {
                  httpGet: { path: "/healthz/ready", port: String(PORTS.http) },
                  periodSeconds: 2,
                  failureThreshold: 30,
                },
                readinessProbe: {
                  httpGet: { path: "/healthz/ready", port: String(PORTS.http) },
                  periodSeconds: 5,
                  failureThreshold: 2,
                },
                livenessProbe: {
                  httpGet: { path: "/healthz/live", port: String(PORTS.http) },
                  periodSeconds: 10,
                  failureThreshold: 3,
                },
                volumeMount: [{ name: "tmp", mountPath: "/tmp" }],
              },
            ],
            volume: [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
          },
        },
      },
      ...(props.dependsOn ? { dependsOn: props.dependsOn } : {}),
      ...(props.autoscaled
        ? {
            lifecycle: {
              ignoreChanges: ["spec[0].replicas"],
              ...(props.replacedWith ? { replaceTriggeredBy: [addressOf(props.replacedWith)] } : {}),
            },
          }
        : {}),
    });
  }
}

/** Terraform takes no expression in `replace_triggered_by`, and cdktf 0.21 would write the resource as one. */
function addressOf(resource: TerraformResource): string {
  return `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
}

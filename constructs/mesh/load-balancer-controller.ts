import type { Release } from "@cdktf/provider-helm/lib/release";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { CHARTS } from "../../config";
import { CONTROLLER_SERVICE_ACCOUNTS } from "../cluster";
import { HelmChart } from "../kubernetes";
import { SYSTEM_PLACEMENT } from "./placement";

export interface LoadBalancerControllerProps {
  readonly clusterName: string;
  readonly region: string;
  readonly vpcId: string;
  readonly dependsOn: ITerraformDependable[];
}

const ACCOUNT = CONTROLLER_SERVICE_ACCOUNTS.loadBalancerController;

/**
 * AWS Load Balancer Controller, reduced to TargetGroupBindings: Terraform owns the load balancer, its listeners, its
 * security groups and WAF, so everything by which the controller would make or change one is off. Region and VPC are
 * given, since pods cannot reach the instance metadata; credentials come from Pod Identity.
 */
export class LoadBalancerController extends Construct {
  public readonly release: Release;

  constructor(scope: Construct, id: string, props: LoadBalancerControllerProps) {
    super(scope, id);
    this.release = new HelmChart(this, "release", {
      chart: CHARTS.loadBalancerController,
      namespace: ACCOUNT.namespace,
      releaseName: "aws-load-balancer-controller",
      values: {
        clusterName: props.clusterName,
        region: props.region,
        vpcId: props.vpcId,
        serviceAccount: { create: true, name: ACCOUNT.serviceAccount },
        replicaCount: 2,
        podDisruptionBudget: { maxUnavailable: 1 },
        // Else it claims every new Service of type LoadBalancer.
        enableServiceMutatorWebhook: false,
        createIngressClassResource: false,
        ingressClassParams: { create: false },
        enableBackendSecurityGroup: false,
        enableShield: false,
        enableWaf: false,
        enableWafv2: false,
        defaultTargetType: "ip",
        // The key of the webhooks' certificate else stands in the Helm release and changes with each upgrade.
        enableCertManager: true,
        // A gateway pod must start even while the controller is away; it then only lacks its readiness gate.
        podMutatorWebhookConfig: { failurePolicy: "Ignore" },
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
        ...SYSTEM_PLACEMENT,
      },
      dependsOn: props.dependsOn,
    }).release;
  }
}

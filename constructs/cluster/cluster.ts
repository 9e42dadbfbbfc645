import { EbsEncryptionByDefault } from "@cdktf/provider-aws/lib/ebs-encryption-by-default";
import { Construct } from "constructs";

import { type Environment, nodeGroupPlans } from "../../config";
import { Account, type AlertTopicArns, EncryptionKey } from "../account";
import type { NetworkOutputs } from "../network";
import { ClusterAccess } from "./access";
import { AddOn } from "./add-on";
import { COREDNS_SETTINGS, EBS_CSI_SETTINGS, VPC_CNI_SETTINGS } from "./add-on-settings";
import { ClusterAlarms } from "./alarms";
import { ContainerInsights } from "./container-insights";
import { ControlPlane } from "./control-plane";
import { Controllers } from "./controllers";
import { NodePools } from "./node-pools";
import type { ClusterOutputs } from "./outputs";

export interface ClusterProps {
  readonly environment: Environment;
  readonly network: NetworkOutputs;
  readonly alertTopics: AlertTopicArns;
}

/**
 * The EKS cluster in the order in which it can come up: control plane, what a node needs to become ready, nodes, and the
 * add-ons that need nodes.
 */
export class Cluster extends Construct {
  public readonly outputs: ClusterOutputs;

  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const { environment, network } = props;
    const plan = environment.cluster;
    const { workingHours } = environment.savings;
    const nodeGroups = { nodeGroups: nodeGroupPlans(environment), ...(workingHours ? { workingHours } : {}) };
    const account = new Account(this, "account", { region: environment.region });
    const logsKey = new EncryptionKey(this, "logs-key", {
      account,
      name: `${plan.name}-logs`,
      description: "Log groups of the cluster",
      encryptsLogs: true,
    });
    const controlPlane = new ControlPlane(this, "control-plane", {
      account,
      clusterName: plan.name,
      subnetIds: network.privateSubnetIds,
      publicAccessCidrs: plan.publicAccessCidrs,
      logsKeyArn: logsKey.arn,
      logRetentionDays: environment.logRetentionDays,
    });
    const { cluster } = controlPlane;
    new ClusterAccess(this, "access", { account, clusterName: cluster.name, operatorRoles: plan.operatorRoles });
    // Volumes of PersistentVolumeClaims too, whatever their StorageClass says.
    new EbsEncryptionByDefault(this, "ebs-encryption", { enabled: true });

    const controllers = new Controllers(this, "controllers", { account, controlPlane });
    const beforeNodes = [
      new AddOn(this, "vpc-cni", {
        clusterName: cluster.name,
        name: "vpc-cni",
        configuration: VPC_CNI_SETTINGS,
        dependsOn: controllers.vpcCni,
      }),
      new AddOn(this, "kube-proxy", { clusterName: cluster.name, name: "kube-proxy" }),
      new AddOn(this, "pod-identity-agent", { clusterName: cluster.name, name: "eks-pod-identity-agent" }),
    ];
    const nodes = new NodePools(this, "nodes", {
      account,
      controlPlane,
      ...nodeGroups,
      subnetIds: network.privateSubnetIds,
      tags: { project: "taskflow", environment: environment.name, "managed-by": "terraform" },
      dependsOn: beforeNodes.map((addOn) => addOn.resource),
    });
    new AddOn(this, "coredns", {
      clusterName: cluster.name,
      name: "coredns",
      configuration: COREDNS_SETTINGS,
      dependsOn: nodes.groups,
    });
    new AddOn(this, "ebs-csi", {
      clusterName: cluster.name,
      name: "aws-ebs-csi-driver",
      configuration: EBS_CSI_SETTINGS,
      dependsOn: [...controllers.ebsCsi, ...nodes.groups],
    });
    new ContainerInsights(this, "container-insights", {
      account,
      controlPlane,
      logsKeyArn: logsKey.arn,
      logRetentionDays: environment.logRetentionDays,
      dependsOn: nodes.groups,
    });

    new ClusterAlarms(this, "alarms", {
      clusterName: plan.name,
      ...nodeGroups,
      topics: props.alertTopics,
    });

    this.outputs = {
      name: cluster.name,
      endpoint: cluster.endpoint,
      certificateAuthority: cluster.certificateAuthority.get(0).data,
      securityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
    };
  }
}

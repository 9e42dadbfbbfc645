import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";

import { KUBERNETES_VERSION, SERVICES_CIDR } from "../../config";
import { type Account, EncryptionKey, ServiceRole } from "../account";

export interface ControlPlaneProps {
  readonly account: Account;
  readonly clusterName: string;
  /** Private subnets, in at least two zones. */
  readonly subnetIds: readonly string[];
  /**
   * CIDR blocks that may reach the API's public endpoint; none turns the public endpoint off.
   * @throws Error if a block is the whole internet
   */
  readonly publicAccessCidrs: readonly string[];
  /** Key of the cluster's log groups. */
  readonly logsKeyArn: string;
  /** Days that CloudWatch keeps the control plane's logs. */
  readonly logRetentionDays: number;
}

/** Every type that EKS knows: who called (audit, authenticator), and what the control plane decided. */
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

const WHOLE_INTERNET = ["0.0.0.0/0", "::/0"];

/** The EKS control plane: access by entries alone, secrets encrypted with a key of ours, every log kept. */
export class ControlPlane extends Construct {
  /** The name as configured; other resources' names begin with it. */
  public readonly name: string;
  public readonly cluster: EksCluster;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    this.checkPublicAccess(props.publicAccessCidrs);
    this.name = props.clusterName;
    const secretsKey = new EncryptionKey(this, "secrets-key", {
      account: props.account,
      name: `${props.clusterName}-secrets`,
      description: "Kubernetes secrets of the cluster",
    });
    const role = this.addRole(props, secretsKey.arn);
    // EKS would create the group itself, and keep its logs for ever.
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/eks/${props.clusterName}/cluster`,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.logsKeyArn,
    });
    this.cluster = new EksCluster(this, "Resource", {
      name: props.clusterName,
      version: KUBERNETES_VERSION,
      roleArn: role.role.arn,
      // A version leaves standard support by an upgrade, never by six times the price (EKS pricing, 2026).
      upgradePolicy: { supportType: "STANDARD" },
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
      // The add-ons come with our settings from the first node on, not as EKS's own unmanaged copies.
      bootstrapSelfManagedAddons: false,
      deletionProtection: true,
      enabledClusterLogTypes: LOG_TYPES,
      encryptionConfig: { resources: ["secrets"], provider: { keyArn: secretsKey.arn } },
      kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: SERVICES_CIDR },
      vpcConfig: {
        subnetIds: [...props.subnetIds],
        endpointPrivateAccess: true,
        ...publicEndpoint(props.publicAccessCidrs),
      },
      lifecycle: { preventDestroy: true },
      dependsOn: [logs, ...role.dependables],
    });
  }

  private checkPublicAccess(cidrs: readonly string[]): void {
    const open = cidrs.find((cidr) => WHOLE_INTERNET.includes(cidr));
    if (open !== undefined) {
      throw new Error(`${this.node.path}: publicAccessCidrs holds ${open}: name the networks that may reach the API`);
    }
  }

  private addRole({ account, clusterName }: ControlPlaneProps, secretsKeyArn: string) {
    const role = new ServiceRole(this, "role", {
      name: `${clusterName}-cluster`,
      description: "EKS control plane",
      service: "eks.amazonaws.com",
      trustConditions: [
        { test: "StringEquals", variable: "aws:SourceAccount", values: [account.id] },
        { test: "ArnEquals", variable: "aws:SourceArn", values: [account.arn("eks", `cluster/${clusterName}`)] },
      ],
      managedPolicyArns: [account.managedPolicy("AmazonEKSClusterPolicy")],
    });
    const secrets = new IamRolePolicy(this, "secrets", {
      name: `${clusterName}-secrets`,
      role: role.role.name,
      policy: new DataAwsIamPolicyDocument(this, "secrets-document", {
        statement: [
          {
            sid: "EncryptSecrets",
            actions: ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey", "kms:ListGrants"],
            resources: [secretsKeyArn],
          },
        ],
      }).json,
    });
    return { role: role.role, dependables: [...role.attachments, secrets] };
  }
}

function publicEndpoint(cidrs: readonly string[]) {
  return cidrs.length === 0
    ? { endpointPublicAccess: false }
    : { endpointPublicAccess: true, publicAccessCidrs: [...cidrs] };
}

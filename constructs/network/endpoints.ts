import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";

import type { NetworkOutputs } from "./outputs";

export interface VpcEndpointsProps {
  readonly region: string;
  readonly network: NetworkOutputs;
  /** Route tables that send S3's addresses to the gateway endpoint. */
  readonly routeTableIds: readonly string[];
  /** CIDR blocks whose hosts may use the interface endpoints. */
  readonly clientCidrs: readonly string[];
}

/**
 * AWS services that nodes and pods call often enough, or early enough, to need an address inside the VPC: image pulls,
 * tokens, logs, secrets, Pod Identity's credentials, and the node's own start. `policyActions` are what the endpoint
 * lets the account's principals do; without them the service is left at AWS's policy.
 */
const INTERFACE_ENDPOINTS: readonly { readonly service: string; readonly policyActions?: string }[] = [
  { service: "ecr.api", policyActions: "ecr:*" },
  { service: "ecr.dkr", policyActions: "ecr:*" },
  { service: "sts", policyActions: "sts:*" },
  { service: "logs", policyActions: "logs:*" },
  { service: "secretsmanager", policyActions: "secretsmanager:*" },
  // Its one action is for node roles, which EKS itself ties to the cluster; AWS documents no policy for it.
  { service: "eks-auth" },
  { service: "ec2", policyActions: "ec2:*" },
];

const HTTPS = 443;

/** Ways to AWS services that leave neither the VPC nor the account: S3 by route, the others by interface endpoints. */
export class VpcEndpoints extends Construct {
  private readonly accountId: string;

  constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    this.accountId = new DataAwsCallerIdentity(this, "account").accountId;
    this.addS3(props);
    const securityGroupId = this.addSecurityGroup(props);
    for (const { service, policyActions } of INTERFACE_ENDPOINTS) {
      new VpcEndpoint(this, service, {
        vpcId: props.network.vpcId,
        serviceName: `com.amazonaws.${props.region}.${service}`,
        vpcEndpointType: "Interface",
        subnetIds: [...props.network.privateSubnetIds],
        securityGroupIds: [securityGroupId],
        privateDnsEnabled: true,
        ...(policyActions === undefined ? {} : { policy: this.ownPrincipals(service, policyActions) }),
        tags: { Name: `taskflow-${service}` },
      });
    }
  }

  /** Credentials of another account, brought into a pod, carry nothing out through the endpoint. */
  private ownPrincipals(service: string, actions: string): string {
    return new DataAwsIamPolicyDocument(this, `${service}-policy`, {
      statement: [
        {
          sid: "OwnPrincipals",
          principals: [{ type: "*", identifiers: ["*"] }],
          actions: [actions],
          // An endpoint's policy is a filter before the principals' own: those name the resources.
          resources: ["*"],
          condition: [{ test: "StringEquals", variable: "aws:PrincipalAccount", values: [this.accountId] }],
        },
      ],
    }).json;
  }

  private addS3(props: VpcEndpointsProps): void {
    const partition = new DataAwsPartition(this, "partition").partition;
    new VpcEndpoint(this, "s3", {
      vpcId: props.network.vpcId,
      serviceName: `com.amazonaws.${props.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: [...props.routeTableIds],
      policy: new DataAwsIamPolicyDocument(this, "s3-policy", {
        statement: [this.ownBuckets(), imageLayers(partition, props.region)],
      }).json,
      tags: { Name: "taskflow-s3" },
    });
  }

  private ownBuckets(): DataAwsIamPolicyDocumentStatement {
    return {
      sid: "OwnBuckets",
      principals: [{ type: "*", identifiers: ["*"] }],
      actions: [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject*",
        "s3:GetBucketLocation",
        "s3:GetObject*",
        "s3:ListBucket*",
        "s3:ListMultipartUploadParts",
        "s3:PutObject*",
      ],
      // Any bucket, as long as it is the account's: nothing leaves for a bucket of somebody else.
      resources: ["*"],
      condition: [{ test: "StringEquals", variable: "aws:ResourceAccount", values: [this.accountId] }],
    };
  }

  private addSecurityGroup(props: VpcEndpointsProps): string {
    const group = new SecurityGroup(this, "security-group", {
      name: "taskflow-vpc-endpoints",
      description: "Interface endpoints: HTTPS from the private subnets",
      vpcId: props.network.vpcId,
      tags: { Name: "taskflow-vpc-endpoints" },
    });
    props.clientCidrs.forEach((cidr) => {
      new VpcSecurityGroupIngressRule(this, `https-from-${cidr.replace("/", "-")}`, {
        securityGroupId: group.id,
        description: "HTTPS from a private subnet",
        cidrIpv4: cidr,
        ipProtocol: "tcp",
        fromPort: HTTPS,
        toPort: HTTPS,
      });
    });
    return group.id;
  }
}

/**
 * Buckets of AWS and of Kubernetes that registries of the same region redirect image pulls to: Amazon ECR's layers
 * (ECR user guide, interface endpoints) and registry.k8s.io's mirror.
 */
function imageLayers(partition: string, region: string): DataAwsIamPolicyDocumentStatement {
  return {
    sid: "ImageLayers",
    principals: [{ type: "*", identifiers: ["*"] }],
    actions: ["s3:GetObject"],
    resources: [`prod-${region}-starport-layer-bucket`, `prod-registry-k8s-io-${region}`].map(
      (bucket) => `arn:${partition}:s3:::${bucket}/*`,
    ),
  };
}

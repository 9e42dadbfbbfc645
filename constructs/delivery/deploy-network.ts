import type { Account } from "../account";
import { BECOMES_OURS, IS_OURS } from "./ci-names";
import type { PolicyStatement } from "./policy";
import { requestedIn } from "./regions";

/** EC2 calls that make something, and the kinds of what they make. */
const CREATE_ACTIONS = [
  "ec2:AllocateAddress",
  "ec2:AuthorizeSecurityGroupEgress",
  "ec2:AuthorizeSecurityGroupIngress",
  "ec2:CreateFlowLogs",
  "ec2:CreateInternetGateway",
  "ec2:CreateLaunchTemplate",
  "ec2:CreateNatGateway",
  "ec2:CreateRouteTable",
  "ec2:CreateSecurityGroup",
  "ec2:CreateSubnet",
  "ec2:CreateVpc",
  "ec2:CreateVpcEndpoint",
];
const CREATED = [
  "elastic-ip",
  "internet-gateway",
  "launch-template",
  "natgateway",
  "route-table",
  "security-group",
  "security-group-rule",
  "subnet",
  "vpc",
  "vpc-endpoint",
  "vpc-flow-log",
].map((kind) => `${kind}/*`);

const CHANGE_ACTIONS = [
  "ec2:AssociateRouteTable",
  "ec2:AttachInternetGateway",
  "ec2:CreateLaunchTemplateVersion",
  "ec2:CreateRoute",
  "ec2:CreateSubnetCidrReservation",
  "ec2:CreateTags",
  "ec2:DeleteFlowLogs",
  "ec2:DeleteInternetGateway",
  "ec2:DeleteLaunchTemplate*",
  "ec2:DeleteNatGateway",
  "ec2:DeleteRoute",
  "ec2:DeleteRouteTable",
  "ec2:DeleteSecurityGroup",
  "ec2:DeleteSubnet",
  "ec2:DeleteTags",
  "ec2:DeleteVpc",
  "ec2:DeleteVpcEndpoints",
  "ec2:DetachInternetGateway",
  "ec2:DisassociateAddress",
  "ec2:DisassociateRouteTable",
  "ec2:ModifyLaunchTemplate",
  "ec2:ModifySecurityGroupRules",
  "ec2:ModifySubnetAttribute",
  "ec2:ModifyVpcAttribute",
  "ec2:ModifyVpcEndpoint",
  "ec2:ReleaseAddress",
  "ec2:ReplaceRoute",
  "ec2:ReplaceRouteTableAssociation",
  "ec2:RevokeSecurityGroup*",
  "ec2:UpdateSecurityGroupRuleDescriptions*",
];

/** The VPC and what stands in it, security groups and launch templates: only what bears the platform's tag. */
export function deployNetwork(account: Account, clusterName: string, regions: readonly string[]): PolicyStatement[] {
  return [
    {
      Sid: "CreateTagged",
      Effect: "Allow",
      Action: CREATE_ACTIONS,
      Resource: account.arns("ec2", ...CREATED),
      Condition: BECOMES_OURS,
    },
    {
      // A call that makes something is judged at each resource that it names, too: a subnet at its VPC.
      Sid: "CreateInOurs",
      Effect: "Allow",
      Action: CREATE_ACTIONS,
      Resource: account.arns("ec2", "*"),
      Condition: IS_OURS,
    },
    {
      Sid: "TagWhatIsCreated",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: account.arns("ec2", "*"),
      Condition: {
        StringEquals: {
          "ec2:CreateAction": [...CREATE_ACTIONS.map((action) => action.slice("ec2:".length)), "RunInstances"],
        },
      },
    },
    {
      Sid: "ChangeOurs",
      Effect: "Allow",
      Action: CHANGE_ACTIONS,
      Resource: account.arns("ec2", "*"),
      Condition: IS_OURS,
    },
    {
      // AWS makes a VPC's default group itself, without tags: it is tagged and emptied, which opens nothing.
      Sid: "EmptyDefaultGroup",
      Effect: "Allow",
      Action: ["ec2:CreateTags", "ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
      Resource: account.arns("ec2", "security-group/*"),
      Condition: { Null: { "aws:ResourceTag/project": "true" } },
    },
    {
      // EKS makes the cluster's group itself, with this tag.
      Sid: "ClusterSecurityGroup",
      Effect: "Allow",
      Action: ["ec2:AuthorizeSecurityGroup*", "ec2:RevokeSecurityGroup*"],
      Resource: account.arns("ec2", "security-group/*"),
      Condition: { StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${clusterName}`]: "owned" } },
    },
    {
      // These know no resource (service authorization reference, EC2).
      Sid: "WithoutResource",
      Effect: "Allow",
      Action: [
        "ec2:CreateSubnetCidrReservation",
        "ec2:DeleteSubnetCidrReservation",
        "ec2:EnableEbsEncryptionByDefault",
      ],
      Resource: "*",
      Condition: requestedIn(regions),
    },
    {
      // EKS asks for it on behalf of whoever makes a node group with a launch template. Roles for instances are those that
      // may be passed.
      Sid: "RunFromTemplates",
      Effect: "Allow",
      Action: "ec2:RunInstances",
      Resource: [
        ...account.arns(
          "ec2",
          "instance/*",
          "launch-template/*",
          "network-interface/*",
          "security-group/*",
          "subnet/*",
          "volume/*",
        ),
        account.ownerless("ec2", "image/*", account.region),
      ],
      Condition: { ArnLike: { "ec2:LaunchTemplate": account.arns("ec2", "launch-template/*") } },
    },
  ];
}

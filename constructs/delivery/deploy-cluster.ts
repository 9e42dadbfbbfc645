import type { Account } from "../account";
import { BECOMES_OURS } from "./ci-names";
import type { PolicyStatement } from "./policy";
import { requestedIn } from "./regions";

/** The cluster, functions, images, and the logs and alarms of them all. */
export function deployCluster(account: Account, regions: readonly string[]): PolicyStatement[] {
  return [
    {
      Sid: "CreateCluster",
      Effect: "Allow",
      Action: "eks:CreateCluster",
      // Knows no resource (service authorization reference, EKS).
      Resource: "*",
      Condition: BECOMES_OURS,
    },
    {
      Sid: "Cluster",
      Effect: "Allow",
      Action: "eks:*",
      Resource: account.arns(
        "eks",
        "access-entry/taskflow-*",
        "addon/taskflow-*",
        "cluster/taskflow-*",
        "nodegroup/taskflow-*",
        "podidentityassociation/taskflow-*",
      ),
    },
    {
      Sid: "NodeGroupSchedules",
      Effect: "Allow",
      Action: [
        "autoscaling:CreateOrUpdateTags",
        "autoscaling:DeleteScheduledAction",
        "autoscaling:DeleteTags",
        "autoscaling:PutScheduledUpdateGroupAction",
      ],
      Resource: account.arns("autoscaling", "autoScalingGroup:*:autoScalingGroupName/eks-*"),
    },
    {
      Sid: "Functions",
      Effect: "Allow",
      Action: "lambda:*",
      Resource: account.arns("lambda", "function:taskflow-*"),
    },
    {
      Sid: "Repositories",
      Effect: "Allow",
      // Images are pushed by the services' own pipelines.
      Action: [
        "ecr:CreateRepository",
        "ecr:DeleteLifecyclePolicy",
        "ecr:DeleteRepositoryPolicy",
        "ecr:PutImageScanningConfiguration",
        "ecr:PutImageTagMutability",
        "ecr:PutLifecyclePolicy",
        "ecr:SetRepositoryPolicy",
        "ecr:TagResource",
        "ecr:UntagResource",
      ],
      Resource: account.arns("ecr", "repository/taskflow/*"),
    },
    {
      Sid: "RegistryWithoutResource",
      Effect: "Allow",
      // The registry is the account's; these know no resource (service authorization reference, ECR).
      Action: ["ecr:PutRegistryScanningConfiguration", "ecr:PutReplicationConfiguration"],
      Resource: "*",
      Condition: requestedIn(regions),
    },
    {
      Sid: "LogGroups",
      Effect: "Allow",
      Action: [
        "logs:AssociateKmsKey",
        "logs:CreateLogGroup",
        "logs:DeleteLogGroup",
        "logs:DeleteMetricFilter",
        "logs:DeleteRetentionPolicy",
        "logs:DisassociateKmsKey",
        "logs:PutMetricFilter",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
      ],
      Resource: account.arns(
        "logs",
        "log-group:/aws/containerinsights/taskflow-*",
        "log-group:/aws/eks/taskflow-*",
        "log-group:/aws/elasticache/taskflow-*",
        "log-group:/aws/lambda/taskflow-*",
        "log-group:/aws/rds/*/taskflow*",
        "log-group:/taskflow/*",
        "log-group:aws-waf-logs-taskflow*",
        "log-group:taskflow-*",
      ),
    },
    {
      // Deliveries of flow logs and firewall logs belong to the account and know no resource (service authorization
      // reference, CloudWatch Logs).
      Sid: "LogDeliveryWithoutResource",
      Effect: "Allow",
      Action: [
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DeleteResourcePolicy",
        "logs:GetLogDelivery",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
      ],
      Resource: "*",
      Condition: requestedIn(regions),
    },
    {
      Sid: "Alarms",
      Effect: "Allow",
      Action: [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DeleteDashboards",
        "cloudwatch:PutCompositeAlarm",
        "cloudwatch:PutDashboard",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ],
      Resource: [
        ...account.arns("cloudwatch", "alarm:taskflow-*"),
        account.regionless("cloudwatch", "dashboard/taskflow-*"),
      ],
    },
    {
      Sid: "Topics",
      Effect: "Allow",
      Action: [
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:SetTopicAttributes",
        "sns:Subscribe",
        "sns:TagResource",
        "sns:Unsubscribe",
        "sns:UntagResource",
      ],
      Resource: account.arns("sns", "taskflow-*"),
    },
  ];
}

import { BACKUP_CALLS } from "./backup-calls";
import { arn, BOUNDARY, calls, CREATED, ec2, HERE, linkedRole, OURS, passRole, REGION } from "./calls";
import { CALLS_OF_ONBOARDING } from "./calls-of-onboarding";
import { ACCOUNT_ID, type Call } from "./iam";

const securityGroupRule = (direction: "Ingress" | "Egress"): Call[] => [
  ...ec2("security-group-rule", `AuthorizeSecurityGroup${direction}`, "ModifySecurityGroupRules", ["security-group"]),
  ...calls("ec2", `RevokeSecurityGroup${direction}`, arn("ec2", "security-group/1"), OURS),
];

const bucket = (actions: string): Call[] => calls("s3", actions, "arn:aws:s3:::taskflow-production-flow-logs");
const role = `arn:aws:iam::${ACCOUNT_ID}:role/taskflow-tenant-acme-corp`;

/** Calls that make, change and, where Terraform may, delete a resource of each type. Reads are judged apart. */
export const CALLS_BY_TYPE: Readonly<Record<string, readonly Call[]>> = {
  ...CALLS_OF_ONBOARDING,
  aws_acm_certificate: [
    ...calls("acm", "RequestCertificate AddTagsToCertificate", "*", CREATED),
    ...calls("acm", "DeleteCertificate UpdateCertificateOptions", arn("acm", "certificate/1"), OURS),
  ],
  aws_acm_certificate_validation: [],
  ...BACKUP_CALLS,
  aws_autoscaling_schedule: calls(
    "autoscaling",
    "PutScheduledUpdateGroupAction DeleteScheduledAction",
    arn("autoscaling", "autoScalingGroup:1:autoScalingGroupName/eks-standard-on-demand-1"),
  ),
  aws_budgets_budget: calls(
    "budgets",
    "ModifyBudget TagResource",
    `arn:aws:budgets::${ACCOUNT_ID}:budget/taskflow-monthly`,
  ),
  aws_ce_cost_allocation_tag: calls("ce", "UpdateCostAllocationTagsStatus", "*"),
  aws_cloudwatch_log_group: [
    "/aws/containerinsights/taskflow-eks/application",
    "/aws/eks/taskflow-eks/cluster",
    "/aws/lambda/taskflow-tenant-database",
    "/aws/rds/instance/taskflow/postgresql",
    "/aws/rds/proxy/taskflow-proxy",
    "aws-waf-logs-taskflow",
  ].flatMap((name) =>
    calls(
      "logs",
      "CreateLogGroup PutRetentionPolicy AssociateKmsKey TagResource DeleteLogGroup",
      arn("logs", `log-group:${name}`),
    ),
  ),
  aws_cloudwatch_log_resource_policy: calls("logs", "PutResourcePolicy DeleteResourcePolicy", "*", HERE),
  aws_cloudwatch_metric_alarm: calls(
    "cloudwatch",
    "PutMetricAlarm DeleteAlarms TagResource",
    arn("cloudwatch", "alarm:taskflow-pinned"),
  ),
  aws_db_event_subscription: calls("rds", "CreateEventSubscription", arn("rds", "es:taskflow")),
  aws_db_instance: [
    ...["db:taskflow", "subgrp:taskflow", "pg:taskflow", "og:default:postgres-17"].flatMap((resource) =>
      calls("rds", "CreateDBInstance ModifyDBInstance", arn("rds", resource)),
    ),
    ...calls("rds", "AddTagsToResource RebootDBInstance", arn("rds", "db:taskflow")),
    ...calls("kms", "CreateGrant", arn("kms", "key/1"), { ...OURS, "kms:GrantIsForAWSResource": "true" }),
    ...calls("kms", "Decrypt GenerateDataKey", arn("kms", "key/1"), {
      "kms:ViaService": `secretsmanager.${REGION}.amazonaws.com`,
    }),
    ...calls(
      "secretsmanager",
      "CreateSecret TagResource RotateSecret",
      arn("secretsmanager", "secret:rds!db-1-AbCdEf"),
    ),
    ...passRole("monitoring.rds.amazonaws.com"),
    ...linkedRole("rds.amazonaws.com"),
  ],
  aws_db_parameter_group: calls(
    "rds",
    "CreateDBParameterGroup ModifyDBParameterGroup DeleteDBParameterGroup",
    arn("rds", "pg:taskflow"),
  ),
  aws_db_proxy: [
    ...calls("rds", "CreateDBProxy AddTagsToResource", arn("rds", "db-proxy:*"), CREATED),
    ...calls("rds", "ModifyDBProxy DeleteDBProxy", arn("rds", "db-proxy:prx-1"), OURS),
    ...passRole("rds.amazonaws.com"),
  ],
  aws_db_proxy_default_target_group: calls("rds", "ModifyDBProxyTargetGroup", arn("rds", "target-group:prx-tg-1")),
  aws_db_proxy_endpoint: [
    ...calls("rds", "CreateDBProxyEndpoint", arn("rds", "db-proxy-endpoint:*"), CREATED),
    ...calls("rds", "CreateDBProxyEndpoint", arn("rds", "db-proxy:prx-1"), OURS),
    ...calls(
      "rds",
      "ModifyDBProxyEndpoint DeleteDBProxyEndpoint",
      arn("rds", "db-proxy-endpoint:prx-endpoint-1"),
      OURS,
    ),
  ],
  aws_db_proxy_target: [
    ...calls("rds", "RegisterDBProxyTargets DeregisterDBProxyTargets", arn("rds", "target-group:prx-tg-1")),
    ...calls("rds", "RegisterDBProxyTargets", arn("rds", "db:taskflow")),
  ],
  aws_db_subnet_group: calls(
    "rds",
    "CreateDBSubnetGroup ModifyDBSubnetGroup DeleteDBSubnetGroup",
    arn("rds", "subgrp:taskflow"),
  ),
  aws_default_security_group: calls(
    "ec2",
    "CreateTags RevokeSecurityGroupIngress RevokeSecurityGroupEgress",
    arn("ec2", "security-group/default"),
    CREATED,
  ),
  aws_ebs_encryption_by_default: calls("ec2", "EnableEbsEncryptionByDefault", "*", HERE),
  aws_ec2_subnet_cidr_reservation: [
    ...calls("ec2", "CreateSubnetCidrReservation", arn("ec2", "subnet/1"), OURS),
    ...calls("ec2", "CreateSubnetCidrReservation DeleteSubnetCidrReservation", "*", HERE),
  ],
  aws_ecr_lifecycle_policy: calls(
    "ecr",
    "PutLifecyclePolicy DeleteLifecyclePolicy",
    arn("ecr", "repository/taskflow/task-service"),
  ),
  aws_ecr_registry_scanning_configuration: calls("ecr", "PutRegistryScanningConfiguration", "*", HERE),
  aws_ecr_repository: calls(
    "ecr",
    "CreateRepository TagResource PutImageTagMutability PutImageScanningConfiguration",
    arn("ecr", "repository/taskflow/task-service"),
  ),
  aws_eip: [
    ...ec2("elastic-ip", "AllocateAddress", "ReleaseAddress DisassociateAddress"),
    ...calls("ec2", "CreateNatGateway", arn("ec2", "elastic-ip/1"), OURS),
  ],
  aws_eks_access_entry: calls(
    "eks",
    "CreateAccessEntry UpdateAccessEntry DeleteAccessEntry",
    arn("eks", "access-entry/taskflow-eks/role/1/taskflow-deploy/uuid"),
  ),
  aws_eks_access_policy_association: calls(
    "eks",
    "AssociateAccessPolicy DisassociateAccessPolicy",
    arn("eks", "access-entry/taskflow-eks/role/1/taskflow-deploy/uuid"),
  ),
  aws_eks_addon: [
    ...calls("eks", "CreateAddon", arn("eks", "cluster/taskflow-eks")),
    ...calls("eks", "UpdateAddon DeleteAddon", arn("eks", "addon/taskflow-eks/vpc-cni/uuid")),
  ],
  aws_eks_cluster: [
    ...calls("eks", "CreateCluster", "*", CREATED),
    ...calls(
      "eks",
      "CreateCluster TagResource UpdateClusterConfig UpdateClusterVersion",
      arn("eks", "cluster/taskflow-eks"),
    ),
    ...passRole("eks.amazonaws.com"),
    ...linkedRole("eks.amazonaws.com"),
    ...calls("kms", "CreateGrant", arn("kms", "key/1"), { "kms:GrantIsForAWSResource": "true" }),
  ],
  aws_eks_node_group: [
    ...calls("eks", "CreateNodegroup", arn("eks", "cluster/taskflow-eks")),
    ...calls(
      "eks",
      "UpdateNodegroupConfig UpdateNodegroupVersion DeleteNodegroup",
      arn("eks", "nodegroup/taskflow-eks/system/uuid"),
    ),
    ...passRole("ec2.amazonaws.com"),
    ...linkedRole("eks-nodegroup.amazonaws.com"),
    ...["instance", "volume", "network-interface", "subnet", "security-group", "launch-template"].flatMap((kind) =>
      calls("ec2", "RunInstances", arn("ec2", `${kind}/1`), { "ec2:LaunchTemplate": arn("ec2", "launch-template/1") }),
    ),
    ...calls("ec2", "RunInstances", `arn:aws:ec2:${REGION}::image/ami-1`, {
      "ec2:LaunchTemplate": arn("ec2", "launch-template/1"),
    }),
    ...calls("ec2", "CreateTags", arn("ec2", "instance/1"), { "ec2:CreateAction": "RunInstances" }),
  ],
  aws_eks_pod_identity_association: [
    ...calls("eks", "CreatePodIdentityAssociation", arn("eks", "cluster/taskflow-eks")),
    ...calls(
      "eks",
      "UpdatePodIdentityAssociation DeletePodIdentityAssociation TagResource",
      arn("eks", "podidentityassociation/taskflow-eks/a-1"),
    ),
    ...passRole("pods.eks.amazonaws.com"),
  ],
  aws_elasticache_replication_group: [
    ...[
      "replicationgroup:taskflow-rate-limit",
      "subnetgroup:taskflow-rate-limit",
      "parametergroup:default.valkey8",
    ].flatMap((resource) =>
      calls("elasticache", "CreateReplicationGroup ModifyReplicationGroup", arn("elasticache", resource)),
    ),
    ...calls("elasticache", "DeleteReplicationGroup", arn("elasticache", "replicationgroup:taskflow-rate-limit")),
    ...linkedRole("elasticache.amazonaws.com"),
  ],
  aws_elasticache_subnet_group: calls(
    "elasticache",
    "CreateCacheSubnetGroup ModifyCacheSubnetGroup DeleteCacheSubnetGroup",
    arn("elasticache", "subnetgroup:taskflow-rate-limit"),
  ),
  aws_flow_log: [
    ...ec2("vpc-flow-log", "CreateFlowLogs", "DeleteFlowLogs", ["vpc"]),
    ...calls("logs", "CreateLogDelivery DeleteLogDelivery", "*", HERE),
  ],
  aws_iam_policy: calls(
    "iam",
    "CreatePolicy CreatePolicyVersion DeletePolicyVersion DeletePolicy TagPolicy",
    `arn:aws:iam::${ACCOUNT_ID}:policy/taskflow-eks-logs`,
  ),
  aws_iam_role: [
    ...calls("iam", "CreateRole PutRolePermissionsBoundary", role, BOUNDARY),
    ...calls("iam", "TagRole UpdateAssumeRolePolicy UpdateRole DeleteRole", role),
  ],
  aws_iam_role_policy: calls("iam", "PutRolePolicy DeleteRolePolicy", role, BOUNDARY),
  aws_iam_role_policy_attachment: calls("iam", "AttachRolePolicy DetachRolePolicy", role, BOUNDARY),
  aws_internet_gateway: [
    ...ec2(
      "internet-gateway",
      "CreateInternetGateway",
      "AttachInternetGateway DetachInternetGateway DeleteInternetGateway",
    ),
    ...calls("ec2", "AttachInternetGateway", arn("ec2", "vpc/1"), OURS),
  ],
  aws_kms_alias: [
    ...calls("kms", "CreateAlias UpdateAlias DeleteAlias", arn("kms", "alias/taskflow-database")),
    ...calls("kms", "CreateAlias UpdateAlias DeleteAlias", arn("kms", "key/1"), OURS),
  ],
  aws_kms_key: [
    ...calls("kms", "CreateKey TagResource", "*", CREATED),
    ...calls("kms", "EnableKeyRotation PutKeyPolicy UpdateKeyDescription", arn("kms", "key/1"), OURS),
  ],
  aws_lambda_function: [
    ...calls(
      "lambda",
      "CreateFunction UpdateFunctionCode UpdateFunctionConfiguration PutFunctionConcurrency DeleteFunction TagResource",
      arn("lambda", "function:taskflow-tenant-database"),
    ),
    ...calls("kms", "CreateGrant", arn("kms", "key/1"), { "kms:GrantIsForAWSResource": "true" }),
    ...calls("kms", "Decrypt Encrypt GenerateDataKey", arn("kms", "key/1"), {
      "kms:ViaService": `lambda.${REGION}.amazonaws.com`,
    }),
    ...passRole("lambda.amazonaws.com"),
  ],
  aws_lambda_invocation: calls("lambda", "InvokeFunction", arn("lambda", "function:taskflow-tenant-database")),
  aws_lambda_permission: calls(
    "lambda",
    "AddPermission RemovePermission",
    arn("lambda", "function:taskflow-tenant-database"),
  ),
  aws_launch_template: ec2(
    "launch-template",
    "CreateLaunchTemplate",
    "CreateLaunchTemplateVersion ModifyLaunchTemplate DeleteLaunchTemplate",
  ),
  aws_lb: [
    ...calls(
      "elasticloadbalancing",
      "CreateLoadBalancer AddTags ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets",
      arn("elasticloadbalancing", "loadbalancer/app/taskflow-edge/1"),
    ),
    ...linkedRole("elasticloadbalancing.amazonaws.com"),
  ],
  aws_lb_listener: [
    ...calls("elasticloadbalancing", "CreateListener", arn("elasticloadbalancing", "loadbalancer/app/taskflow-edge/1")),
    ...calls(
      "elasticloadbalancing",
      "ModifyListener ModifyListenerAttributes DeleteListener AddTags",
      arn("elasticloadbalancing", "listener/app/taskflow-edge/1/2"),
    ),
  ],
  aws_lb_target_group: calls(
    "elasticloadbalancing",
    "CreateTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup AddTags",
    arn("elasticloadbalancing", "targetgroup/taskflow-ingress-gateway/1"),
  ),
  aws_nat_gateway: ec2("natgateway", "CreateNatGateway", "DeleteNatGateway", ["subnet"]),
  aws_route: calls("ec2", "CreateRoute ReplaceRoute DeleteRoute", arn("ec2", "route-table/1"), OURS),
  aws_route53_record: ["_proof", "\\052"].flatMap((label) =>
    ["A", "CNAME"].flatMap((type) =>
      calls("route53", "ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z1", {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": [`${label}.taskflow.example.com`],
        "route53:ChangeResourceRecordSetsRecordTypes": [type],
      }),
    ),
  ),
  aws_route_table: ec2("route-table", "CreateRouteTable", "DeleteRouteTable", ["vpc"]),
  aws_route_table_association: ["route-table/1", "subnet/1"].flatMap((resource) =>
    calls("ec2", "AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation", arn("ec2", resource), OURS),
  ),
  aws_s3_bucket: bucket("CreateBucket PutBucketTagging TagResource"),
  aws_s3_bucket_lifecycle_configuration: bucket("PutLifecycleConfiguration"),
  aws_s3_bucket_logging: bucket("PutBucketLogging"),
  aws_s3_bucket_ownership_controls: bucket("PutBucketOwnershipControls"),
  aws_s3_bucket_policy: bucket("PutBucketPolicy DeleteBucketPolicy"),
  aws_s3_bucket_public_access_block: bucket("PutBucketPublicAccessBlock"),
  aws_s3_bucket_server_side_encryption_configuration: bucket("PutEncryptionConfiguration"),
  aws_s3_bucket_versioning: bucket("PutBucketVersioning"),
  aws_security_group: ec2("security-group", "CreateSecurityGroup", "DeleteSecurityGroup RevokeSecurityGroupEgress", [
    "vpc",
  ]),
  aws_sns_topic: calls("sns", "CreateTopic SetTopicAttributes TagResource DeleteTopic", arn("sns", "taskflow-alarms")),
  aws_sns_topic_policy: calls("sns", "SetTopicAttributes", arn("sns", "taskflow-alarms")),
  aws_sns_topic_subscription: calls("sns", "Subscribe Unsubscribe", arn("sns", "taskflow-alarms")),
  aws_subnet: ec2("subnet", "CreateSubnet", "ModifySubnetAttribute DeleteSubnet", ["vpc"]),
  aws_vpc: ec2("vpc", "CreateVpc", "ModifyVpcAttribute DeleteVpc"),
  aws_vpc_endpoint: ec2("vpc-endpoint", "CreateVpcEndpoint", "ModifyVpcEndpoint DeleteVpcEndpoints", [
    "vpc",
    "subnet",
    "security-group",
    "route-table",
  ]),
  aws_vpc_security_group_egress_rule: securityGroupRule("Egress"),
  aws_vpc_security_group_ingress_rule: [
    ...securityGroupRule("Ingress"),
    // Into the group that EKS makes for the cluster.
    ...calls("ec2", "AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress", arn("ec2", "security-group/cluster"), {
      "aws:ResourceTag/kubernetes.io/cluster/taskflow-eks": "owned",
    }),
  ],
  aws_wafv2_web_acl: [
    ...calls("wafv2", "CreateWebACL UpdateWebACL TagResource", arn("wafv2", "regional/webacl/taskflow-edge/1")),
    ...calls("wafv2", "CreateWebACL UpdateWebACL", arn("wafv2", "regional/managedruleset/*/*")),
  ],
  aws_wafv2_web_acl_association: [
    arn("wafv2", "regional/webacl/taskflow-edge/1"),
    arn("elasticloadbalancing", "loadbalancer/app/taskflow-edge/1"),
  ]
    .flatMap((resource) => calls("wafv2", "AssociateWebACL DisassociateWebACL", resource))
    .concat(
      calls("elasticloadbalancing", "SetWebACL", arn("elasticloadbalancing", "loadbalancer/app/taskflow-edge/1")),
    ),
  aws_wafv2_web_acl_logging_configuration: [
    ...calls(
      "wafv2",
      "PutLoggingConfiguration DeleteLoggingConfiguration",
      arn("wafv2", "regional/webacl/taskflow-edge/1"),
    ),
    ...calls("logs", "CreateLogDelivery UpdateLogDelivery DeleteLogDelivery", "*", HERE),
    ...linkedRole("wafv2.amazonaws.com"),
  ],
};

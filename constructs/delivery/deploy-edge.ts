import type { Account } from "../account";
import { BECOMES_OURS, IS_OURS } from "./ci-names";
import type { PolicyStatement } from "./policy";

/** Load balancer, firewall, certificate, DNS records, and buckets. */
export function deployEdge(account: Account, domain: string): PolicyStatement[] {
  return [
    {
      Sid: "LoadBalancers",
      Effect: "Allow",
      Action: "elasticloadbalancing:*",
      Resource: account.arns(
        "elasticloadbalancing",
        "listener/app/taskflow-*",
        "listener-rule/app/taskflow-*",
        "loadbalancer/app/taskflow-*",
        "targetgroup/taskflow-*",
      ),
    },
    {
      Sid: "Firewall",
      Effect: "Allow",
      Action: "wafv2:*",
      Resource: [
        ...account.arns(
          "wafv2",
          "regional/ipset/taskflow-*",
          "regional/regexpatternset/taskflow-*",
          "regional/rulegroup/taskflow-*",
          "regional/webacl/taskflow-*",
        ),
        // The association is judged at the load balancer as well.
        ...account.arns("elasticloadbalancing", "loadbalancer/app/taskflow-*"),
      ],
    },
    {
      // AWS's own rule groups are part of the firewall's rules.
      Sid: "ManagedRules",
      Effect: "Allow",
      Action: ["wafv2:CreateWebACL", "wafv2:UpdateWebACL"],
      Resource: account.arns("wafv2", "regional/managedruleset/*"),
    },
    {
      Sid: "RequestCertificates",
      Effect: "Allow",
      Action: ["acm:AddTagsToCertificate", "acm:RequestCertificate"],
      // A certificate has no ARN before it is requested.
      Resource: "*",
      Condition: BECOMES_OURS,
    },
    {
      Sid: "Certificates",
      Effect: "Allow",
      Action: [
        "acm:AddTagsToCertificate",
        "acm:DeleteCertificate",
        "acm:RemoveTagsFromCertificate",
        "acm:UpdateCertificateOptions",
      ],
      Resource: account.arns("acm", "certificate/*"),
      Condition: IS_OURS,
    },
    {
      // Names below the domain, the wildcard and ACM's proof among them; never the domain's own record.
      Sid: "Records",
      Effect: "Allow",
      Action: "route53:ChangeResourceRecordSets",
      Resource: account.ownerless("route53", "hostedzone/*"),
      Condition: {
        "ForAllValues:StringLike": { "route53:ChangeResourceRecordSetsNormalizedRecordNames": `*.${domain}` },
        "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA", "CNAME"] },
      },
    },
    {
      Sid: "Buckets",
      Effect: "Allow",
      Action: [
        "s3:CreateBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucket*",
        "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:PutReplicationConfiguration",
        "s3:TagResource",
        "s3:UntagResource",
      ],
      Resource: account.ownerless("s3", "taskflow-*"),
    },
  ];
}

import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";

/** Statement of a topic's or queue's own policy: nobody uses it but over TLS. */
export function tlsOnly(action: string, arn: string): DataAwsIamPolicyDocumentStatement {
  return {
    sid: "TlsOnly",
    effect: "Deny",
    principals: [{ type: "*", identifiers: ["*"] }],
    actions: [action],
    resources: [arn],
    condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
  };
}

import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { Construct } from "constructs";

/** Where S3 writes a bucket's server access logs, or why it writes none. */
export type AccessLogs = { readonly bucket: SecureBucket; readonly prefix: string } | { readonly noneBecause: string };

export interface SecureBucketProps {
  /** 3 to 63 characters, unique in all of AWS. */
  readonly bucketName: string;
  readonly accessLogs: AccessLogs;
  /**
   * Days after which objects expire.
   * @default - they never do
   */
  readonly expireAfterDays?: number;
  /** Days that a version stays after it was overwritten or deleted. */
  readonly keepVersionsDays: number;
  /**
   * Newest versions of a key that stay whatever their age.
   * @default 0
   */
  readonly keepVersions?: number;
  /**
   * What the bucket's policy allows besides, given the bucket's ARN.
   * @default - nothing: access comes from identity policies of the account alone
   */
  readonly allow?: (bucketArn: string) => DataAwsIamPolicyDocumentStatement[];
}

/** Days that S3 keeps logs which services deliver: a year's evidence for an ISO 27001 audit. */
export const DELIVERED_LOGS_DAYS = 365;

/** Days after which S3 drops the parts of an upload that nobody finished. */
const UNFINISHED_UPLOAD_DAYS = 7;

/**
 * A bucket that keeps every version, is private, owned by the account alone, encrypted, reachable by TLS 1.2 or newer
 * only, and that Terraform refuses to destroy.
 *
 * Encryption is SSE-S3: load balancers deliver logs to no other (ELB user guide, access logs), and Terraform's S3
 * backend asks for it with each state, whatever the bucket's default.
 */
export class SecureBucket extends Construct {
  public readonly bucket: S3Bucket;
  /** For the resources whose creation probes the bucket's policy. */
  public readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: SecureBucketProps) {
    super(scope, id);
    this.bucket = new S3Bucket(this, "Resource", {
      bucket: props.bucketName,
      lifecycle: { preventDestroy: true },
    });
    this.policy = this.restrictAccess(props);
    this.encrypt();
    this.keepVersions(props);
    if ("bucket" in props.accessLogs) {
      new S3BucketLoggingA(this, "access-logs", {
        bucket: this.bucket.id,
        targetBucket: props.accessLogs.bucket.bucket.id,
        targetPrefix: props.accessLogs.prefix,
        dependsOn: [props.accessLogs.bucket.policy],
      });
    }
  }

  private restrictAccess(props: SecureBucketProps): S3BucketPolicy {
    const publicAccess = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: this.bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      bucket: this.bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const document = new DataAwsIamPolicyDocument(this, "policy-document", {
      statement: [...transportStatements(this.bucket.arn), ...(props.allow?.(this.bucket.arn) ?? [])],
    });
    return new S3BucketPolicy(this, "policy", {
      bucket: this.bucket.id,
      policy: document.json,
      // S3 aborts one of two changes that reach a bucket at the same time.
      dependsOn: [publicAccess],
    });
  }

  private encrypt(): void {
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: this.bucket.id,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
          // Objects under a key that the caller brings are lost to the account.
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    });
  }

  private keepVersions(props: SecureBucketProps): void {
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket: this.bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: this.bucket.id,
      rule: [
        {
          id: "expire",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [
            props.expireAfterDays === undefined ? { expiredObjectDeleteMarker: true } : { days: props.expireAfterDays },
          ],
          noncurrentVersionExpiration: [
            {
              noncurrentDays: props.keepVersionsDays,
              ...(props.keepVersions === undefined ? {} : { newerNoncurrentVersions: props.keepVersions }),
            },
          ],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: UNFINISHED_UPLOAD_DAYS }],
        },
      ],
      dependsOn: [versioning],
    });
  }
}

/** Refuses plain HTTP and TLS older than 1.2, whoever asks. */
function transportStatements(bucketArn: string): DataAwsIamPolicyDocumentStatement[] {
  const everything = {
    effect: "Deny",
    principals: [{ type: "*", identifiers: ["*"] }],
    actions: ["s3:*"],
    resources: [bucketArn, `${bucketArn}/*`],
  };
  return [
    {
      ...everything,
      sid: "DenyPlainHttp",
      condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
    },
    {
      ...everything,
      sid: "DenyOldTls",
      condition: [{ test: "NumericLessThan", variable: "s3:TlsVersion", values: ["1.2"] }],
    },
  ];
}

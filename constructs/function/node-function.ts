import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { DataAwsIamPolicyDocumentStatement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { AssetType, TerraformAsset } from "cdktf";
import type { Construct } from "constructs";

import { functionBundle, HANDLER } from "./function-bundle";

/**
 * What Lambda functions of `functions/` have alike: the bundle, as the asset `code` of the scope, Node 22 on Graviton, and
 * lines of JSON in the log group.
 *
 * @param name - folder of the function
 * @throws Error with esbuild's messages, if the source does not build
 */
export function nodeFunction(scope: Construct, name: string, logs: CloudwatchLogGroup) {
  const bundle = functionBundle(name);
  const code = new TerraformAsset(scope, "code", { path: bundle.file, type: AssetType.FILE, assetHash: bundle.hash });
  return {
    runtime: "nodejs22.x",
    architectures: ["arm64"],
    handler: HANDLER,
    filename: code.path,
    sourceCodeHash: bundle.sourceCodeHash,
    loggingConfig: { logFormat: "JSON", logGroup: logs.name, applicationLogLevel: "INFO", systemLogLevel: "INFO" },
  };
}

/** Lets functions read the environment that a key encrypts. @param functionArns - theirs, for the condition */
export function decryptEnvironment(keyArn: string, functionArns: readonly string[]): DataAwsIamPolicyDocumentStatement {
  return {
    // Lambda's grant for it names the role that was there when the function was made; this outlives another role.
    sid: "DecryptOwnEnvironment",
    actions: ["kms:Decrypt"],
    resources: [keyArn],
    condition: [
      {
        test: "StringEquals",
        variable: "kms:EncryptionContext:aws:lambda:FunctionArn",
        values: [...functionArns],
      },
    ],
  };
}

/** Lets a function write to its log group. */
export function writeLogs(logs: CloudwatchLogGroup): DataAwsIamPolicyDocumentStatement {
  return { sid: "WriteLogs", actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logs.arn}:*`] };
}

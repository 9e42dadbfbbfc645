import { EncryptionKey, type EncryptionKeyProps } from "../../../constructs/account";
import { onlyResource, synthConstruct } from "../../support/synth";
import { account, resolved } from "../../support/cluster";

function synthKey(props: Pick<EncryptionKeyProps, "encryptsLogs" | "publishers">) {
  const json = synthConstruct((scope) => {
    new EncryptionKey(scope, "key", { account: account(scope), name: "taskflow-test", description: "Test", ...props });
  });
  const key = onlyResource(json, "aws_kms_key");
  const policy = JSON.parse(resolved(key["policy"] as string)) as { Statement: Record<string, unknown>[] };
  return { key, json, statements: policy.Statement };
}

describe("EncryptionKey", () => {
  test("rotates, waits 30 days before it is gone, and cannot be destroyed by an edit", () => {
    const { key, json } = synthKey({});
    expect(key).toMatchObject({
      enable_key_rotation: true,
      deletion_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
    expect(onlyResource(json, "aws_kms_alias")["name"]).toBe("alias/taskflow-test");
  });

  test("is the account's alone where no service is named", () => {
    expect(synthKey({}).statements.map((statement) => statement["Principal"])).toEqual([
      { AWS: "arn:aws:iam::111122223333:root" },
    ]);
  });

  test("lets CloudWatch Logs use it for log groups of the account and region", () => {
    expect(synthKey({ encryptsLogs: true }).statements[1]).toMatchObject({
      Principal: { Service: ["logs.ap-northeast-1.amazonaws.com"] },
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:ap-northeast-1:111122223333:log-group:*" },
      },
    });
  });

  test("lets publishers use it on behalf of the account", () => {
    expect(synthKey({ publishers: ["cloudwatch.amazonaws.com"] }).statements[1]).toMatchObject({
      Principal: { Service: ["cloudwatch.amazonaws.com"] },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    });
  });
});

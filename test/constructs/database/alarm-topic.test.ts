import { AlarmTopic } from "../../../constructs/database/alarm-topic";
import { onlyResource, synthConstruct } from "../../support/synth";
import { account, resolved, statements } from "../../support/cluster";

describe("AlarmTopic", () => {
  const json = synthConstruct((scope) => {
    new AlarmTopic(scope, "topic", {
      account: account(scope),
      name: "taskflow-alarms-test",
      publishers: ["cloudwatch.amazonaws.com"],
    });
  });

  test("is encrypted with a key that its publishers may use", () => {
    expect(onlyResource(json, "aws_sns_topic")).toEqual({
      name: "taskflow-alarms-test",
      kms_master_key_id: expect.stringMatching(/aws_kms_key\.topic_key_.*\.arn/),
    });
    expect(onlyResource(json, "aws_kms_key")["policy"]).toContain('"Service":["cloudwatch.amazonaws.com"]');
  });

  test("takes messages of its publishers on behalf of the account, and over TLS alone", () => {
    expect(JSON.parse(resolved(JSON.stringify(statements(json, "topic_document"))))).toMatchObject([
      {
        principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
        actions: ["sns:Publish"],
        condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["111122223333"] }],
      },
      {
        effect: "Deny",
        actions: ["sns:Publish"],
        condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
      },
    ]);
    expect(onlyResource(json, "aws_sns_topic_policy")["policy"]).toMatch(/topic_document_.*\.json/);
  });
});

import { AlarmTopic, EncryptionKey } from "../../../constructs/account";
import { onlyResource, resourcesOf, synthConstruct } from "../../support/synth";
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

  test("shares a key that it is given", () => {
    const shared = synthConstruct((scope) => {
      const parts = { account: account(scope) };
      const key = new EncryptionKey(scope, "key", { ...parts, name: "taskflow-alarms", description: "Two topics" });
      for (const name of ["taskflow-alarms-a", "taskflow-alarms-b"]) {
        new AlarmTopic(scope, name, { ...parts, name, publishers: [], key });
      }
    });
    expect(onlyResource(shared, "aws_kms_key")).toBeDefined();
    for (const topic of Object.values(resourcesOf(shared, "aws_sns_topic"))) {
      expect(topic["kms_master_key_id"]).toMatch(/aws_kms_key\.key_.*\.arn/);
    }
  });
});

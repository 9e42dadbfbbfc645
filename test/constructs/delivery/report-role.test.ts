import { testBootstrap } from "./bootstrap";
import { ACCOUNT_ID, type Call, conditionsHold, judge, policiesOf, roleOf } from "./iam";

const json = testBootstrap();
const policies = Object.values(policiesOf(json, "taskflow-ci-report-"));
const BUS = `arn:aws:events:ap-northeast-1:${ACCOUNT_ID}:event-bus/taskflow-onboarding`;
const REPORT = { "events:source": "taskflow.ci", "events:detail-type": "TenantOnboardingReport" };

function verdict(action: string, resource: string, context: Call["context"] = {}) {
  return judge(policies, { action, resource, context });
}

describe("the report role", () => {
  test("reports to onboarding", () => {
    expect(verdict("events:PutEvents", BUS, REPORT)).toBe("allowed");
  });

  test.each<[string, string, string, NonNullable<Call["context"]>]>([
    ["requests nothing", "events:PutEvents", BUS, { ...REPORT, "events:source": "taskflow.onboarding" }],
    [
      "puts no request under CI's name",
      "events:PutEvents",
      BUS,
      { ...REPORT, "events:detail-type": "TenantOnboardingRequest" },
    ],
    ["says at least what it puts", "events:PutEvents", BUS, {}],
    ["puts nothing on another bus", "events:PutEvents", BUS.replace("taskflow-onboarding", "default"), REPORT],
    [
      "calls no function",
      "lambda:InvokeFunction",
      `arn:aws:lambda:ap-northeast-1:${ACCOUNT_ID}:function:taskflow-tenant-onboarding`,
      {},
    ],
  ])("%s", (_, action, resource, context) => {
    expect(verdict(action, resource, context)).toBe("not allowed");
  });

  const [statement = {}] = (
    JSON.parse(roleOf(json, "taskflow-report")["assume_role_policy"] as string) as {
      Statement: Parameters<typeof conditionsHold>[0][];
    }
  ).Statement;

  test.each([
    ["ref:refs/heads/main", "refs/heads/main", true],
    ["ref:refs/heads/topic", "refs/heads/topic", false],
    ["pull_request", "refs/pull/1/merge", false],
    ["environment:production", "refs/heads/main", false],
  ])("is for jobs of %s on %s: %s", (subject, ref, trusted) => {
    const issuer = "token.actions.githubusercontent.com";
    expect(
      conditionsHold(statement, {
        [`${issuer}:sub`]: `repo:taskflow/platform:${subject}`,
        [`${issuer}:ref`]: ref,
        [`${issuer}:repository`]: "taskflow/platform",
        [`${issuer}:aud`]: "sts.amazonaws.com",
      }),
    ).toBe(trusted);
  });
});

import { ENVIRONMENTS, type Environment } from "../../config";
import { AlertTopicsStack } from "../../stacks/alert-topics-stack";
import { AccountStack } from "../../stacks/account-stack";
import { expressions } from "../support/cluster";
import { standby } from "../support/regions";
import { onlyResource, resourcesOf, synthStack, testApp } from "../support/synth";

const build = (environment: Environment) => new AccountStack(testApp(), "account", { environment });

describe("AccountStack", () => {
  const stack = build(ENVIRONMENTS.production);
  const json = synthStack(stack);

  test("is what was reviewed", () => {
    expect(json).toMatchSnapshot();
  });

  test("tells other stacks the topics and their key", () => {
    const topic = (name: string) => expect.stringMatching(new RegExp(`aws_sns_topic\\..*_${name}_.*\\.arn`)) as unknown;
    expect(expressions(stack, stack.alertTopics)).toEqual({
      page: topic("page"),
      ticket: topic("ticket"),
      owner: topic("owner"),
      watchdog: topic("watchdog"),
      key: expect.stringMatching(/aws_kms_key\..*\.arn/),
    });
  });

  test("looks for no tag on the bill before the first deployment has set it", () => {
    expect(resourcesOf(json, "aws_ce_cost_allocation_tag")).toEqual({});
  });

  test("a second region has topics of its own, and neither a budget nor tags on the bill", () => {
    const region = synthStack(new AlertTopicsStack(testApp(), "dr-account", { environment: standby() }));

    expect(resourcesOf(region, "aws_sns_topic")).toEqual(resourcesOf(json, "aws_sns_topic"));
    expect(Object.keys(region.resource ?? {}).filter((type) => /budget|cost/.test(type))).toEqual([]);
    expect(region.provider?.["aws"]).toEqual([expect.objectContaining({ region: "us-east-1" })]);
  });

  test("each environment has a budget of its own", () => {
    expect(onlyResource(json, "aws_budgets_budget")["limit_amount"]).toBe("5000");
    expect(onlyResource(synthStack(build(ENVIRONMENTS.staging)), "aws_budgets_budget")["limit_amount"]).toBe("2000");
  });
});

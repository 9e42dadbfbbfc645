import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { Construct } from "constructs";

import { type Environment, ONBOARDING } from "../../config";
import { Account, type AlertTopicArns, EncryptionKey } from "../account";
import { OnboardingAlarms } from "./alarms";
import { FailedEvents } from "./failed-events";
import { OnboardingFunction } from "./onboarding-function";
import { RequestBus } from "./request-bus";

export interface OnboardingProps {
  readonly environment: Environment;
  readonly alertTopics: AlertTopicArns;
}

/**
 * Onboarding as an event: a bus and a function that take requests for tenants, keep them, and have CI carry them out. It
 * changes no tenant itself; tenants.json does.
 */
export class Onboarding extends Construct {
  constructor(scope: Construct, id: string, props: OnboardingProps) {
    super(scope, id);
    const { environment } = props;
    const account = new Account(this, "account", { region: environment.region });
    const { arn: keyArn } = new EncryptionKey(this, "key", {
      account,
      name: "taskflow-onboarding",
      description: "Requests for tenants, their log, and the GitHub App's credential",
      encryptsLogs: true,
      publishers: ["events.amazonaws.com"],
    });
    const table = new DynamodbTable(this, "requests", {
      name: ONBOARDING.functionName,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "tenant_id",
      rangeKey: "request_id",
      attribute: [
        { name: "tenant_id", type: "S" },
        { name: "request_id", type: "S" },
      ],
      ttl: { attributeName: "expires_at", enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: keyArn },
      deletionProtectionEnabled: true,
      lifecycle: { preventDestroy: true },
    });
    // Made empty: its value is put by a person, and stands in no state.
    const secret = new SecretsmanagerSecret(this, "github-app", {
      name: "taskflow-onboarding-github-app",
      description: 'GitHub App: {"app_id": "…", "installation_id": "…", "private_key": "…"}',
      kmsKeyId: keyArn,
      lifecycle: { preventDestroy: true },
    });
    const failedEvents = new FailedEvents(this, "failed-events", { account, keyArn });
    const onboardingFunction = new OnboardingFunction(this, "function", {
      account,
      environment,
      keyArn,
      table,
      secretArn: secret.arn,
      failedEventsArn: failedEvents.arn,
    });
    new RequestBus(this, "bus", { onboardingFunction, failedEventsArn: failedEvents.arn });
    new OnboardingAlarms(this, "alarms", {
      logGroupName: onboardingFunction.logGroupName,
      queueName: failedEvents.name,
      topicArn: props.alertTopics.ticket,
    });
  }
}

import { ONBOARDING } from "../../config";
import type { Account } from "../account";
import type { PolicyStatement } from "./policy";

/** Telling onboarding how a request has ended, and nothing else: neither a request of its own, nor another bus. */
export function reportAccess(account: Account): PolicyStatement[] {
  const { source, detailType } = ONBOARDING.events.report;
  return [
    {
      Sid: "ReportToOnboarding",
      Effect: "Allow",
      Action: "events:PutEvents",
      Resource: account.arn("events", `event-bus/${ONBOARDING.busName}`),
      Condition: { StringEquals: { "events:source": source, "events:detail-type": detailType } },
    },
  ];
}

/** What onboarding's parts call each other by: the function, its bus, CI's role and the workflow `onboard.yml`. */
export const ONBOARDING = {
  /** Lambda function and DynamoDB table. */
  functionName: "taskflow-tenant-onboarding",
  /** EventBridge bus. */
  busName: "taskflow-onboarding",
  /** Events by who may put them: IAM grants PutEvents by source and detail type. */
  events: {
    request: { source: "taskflow.onboarding", detailType: "TenantOnboardingRequest" },
    report: { source: "taskflow.ci", detailType: "TenantOnboardingReport" },
  },
  /** `event_type` of the repository dispatch that starts the workflow. */
  dispatchType: "tenant-onboarding",
} as const;

/** Why a request failed, in the order in which CI works; the workflow's jobs report these codes. */
export const FAILURES = {
  row: "CI could not edit tenants.json: the row no longer passes its checks",
  merge: "the pull request was not merged: its review found something, or nobody approved it in time",
  deploy: "the deployment failed",
  probe: "it is deployed, but its host does not answer as it should",
  timeout: "CI has not reported within 24 hours",
} as const;

export type FailureCode = keyof typeof FAILURES;

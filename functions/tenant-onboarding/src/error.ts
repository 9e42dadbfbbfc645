/** What went wrong, for callers that act on it and for alarms that count it. */
export type OnboardingErrorCode =
  /** The event, or the row that it asks for, is not what the platform takes; the message bears every problem. */
  | "INVALID_REQUEST"
  /** The request id was used for another request of the tenant. */
  | "REQUEST_ID_REUSED"
  /** Another request of the tenant is in work. */
  | "TENANT_IN_WORK"
  /** Nobody has made this request. */
  | "UNKNOWN_REQUEST"
  /** A report contradicts how the request has ended. */
  | "ALREADY_ENDED"
  /** The secret holds no credential of a GitHub App. */
  | "CREDENTIAL"
  /** GitHub did not answer, or refused; the message bears the status. */
  | "GITHUB_FAILED"
  /** `tenants.json` of the deploy branch does not pass its own checks. */
  | "TENANTS_FILE"
  /** A service of AWS, or the function itself, failed. */
  | "INTERNAL";

/** Codes that are the caller's to mend; all others are the platform's. */
const REFUSALS: ReadonlySet<OnboardingErrorCode> = new Set([
  "INVALID_REQUEST",
  "REQUEST_ID_REUSED",
  "TENANT_IN_WORK",
  "UNKNOWN_REQUEST",
]);

/** An error whose message is fit for callers and for logs: names, states and what was received, never a credential. */
export class OnboardingError extends Error {
  public override readonly name = "OnboardingError";
  public readonly code: OnboardingErrorCode;

  constructor(code: OnboardingErrorCode, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }

  public get isRefusal(): boolean {
    return REFUSALS.has(this.code);
  }
}

/** Every problem of a request at once, a line each. */
export function invalidRequest(problems: readonly string[]): OnboardingError {
  return new OnboardingError("INVALID_REQUEST", problems.join("\n"));
}

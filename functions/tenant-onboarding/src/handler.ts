import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

import { loadEnvironment, ONBOARDING } from "../../../config";
import { OnboardingError } from "./error";
import { Github } from "./github";
import { type Answer, Onboarding } from "./onboarding";
import { RequestStore } from "./request-store";

/**
 * Entry point of the Lambda function.
 *
 * @param event - `{ action: provision | deprovision | status, tenant_id, request_id, … }`, by itself or as the detail of an
 *   event of the onboarding bus; see docs/onboarding.md
 * @throws OnboardingError, which a caller who waits is told, and which is kept with an event that nobody waits for
 */
export const handler = handlerOf(() => connected(process.env));

/** A handler over ports that are made anew for each event: no credential outlives it. */
export function handlerOf(connect: () => Onboarding): (event: unknown) => Promise<Answer> {
  return async (event) => {
    const started = Date.now();
    try {
      const answer = await connect().handle(event);
      const { tenant_id: tenant, request_id: request, action, status } = answer;
      // A metric filter counts errors: a request that CI reports as failed is one.
      const isFailure = status === "failed" && isReport(event);
      log(isFailure ? "error" : "info", { tenant, request, action, status, durationMs: Date.now() - started });
      return answer;
    } catch (error) {
      const failure = error instanceof OnboardingError ? error : unexpected(error);
      const { code, message } = failure;
      log(failure.isRefusal ? "warn" : "error", { code, message, durationMs: Date.now() - started });
      throw failure;
    }
  };
}

function connected(environment: NodeJS.ProcessEnv): Onboarding {
  const variable = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === "") {
      throw new OnboardingError("INTERNAL", `environment variable ${name} is missing`);
    }
    return value;
  };
  const platform = loadEnvironment(variable("TASKFLOW_ENV"));
  const { region } = platform;
  const secretArn = variable("GITHUB_SECRET_ARN");
  const now = () => new Date();
  const secrets = new SecretsManagerClient({ region });
  return new Onboarding({
    environment: platform,
    store: new RequestStore(new DynamoDBClient({ region }), variable("REQUESTS_TABLE"), () =>
      Math.floor(now().getTime() / 1_000),
    ),
    ci: new Github({
      repository: platform.github.repository,
      branch: platform.github.deployBranch,
      readSecret: async () =>
        (await secrets.send(new GetSecretValueCommand({ SecretId: secretArn }))).SecretString ?? "",
      now,
    }),
    now,
  });
}

function isReport(event: unknown): boolean {
  return (event as { source?: unknown }).source === ONBOARDING.events.report.source;
}

/** Errors of AWS's clients name the call and the resource; they hold nothing of what was written or read. */
function unexpected(error: unknown): OnboardingError {
  const { name, message } = error as { name?: unknown; message?: unknown };
  return new OnboardingError("INTERNAL", `${String(name)}: ${String(message ?? error)}`);
}

/** One line of JSON: names, states and what a refused request held; no credential. */
function log(level: "info" | "warn" | "error", fields: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ level, ...fields })}\n`);
}

import { sign } from "node:crypto";

import { z } from "zod";

import { ONBOARDING } from "../../../config";
import { OnboardingError } from "./error";

/** Where the rows stand, and who edits and deploys them. */
export interface Ci {
  /** Text of tenants.json on the deploy branch. */
  readTenants(): Promise<string>;
  /** Starts the workflow. @param payload - at most ten fields (GitHub REST API, repository dispatch) */
  dispatch(payload: Readonly<Record<string, string>>): Promise<void>;
}

export interface GithubProps {
  /** `<owner>/<name>`. */
  readonly repository: string;
  readonly branch: string;
  /** Reads the secret with the App's credential. */
  readonly readSecret: () => Promise<string>;
  readonly now: () => Date;
  /** @default Node's */
  readonly fetch?: typeof fetch;
}

/** Installation of a GitHub App on the repository alone, with its permission `contents: write`. */
const credentialSchema = z.object({
  app_id: z.string().regex(/^\w+$/),
  installation_id: z.string().regex(/^\d+$/),
  private_key: z.string().startsWith("-----BEGIN"),
});

const API = "https://api.github.com";
const TIMEOUT_MS = 8_000;

/** Seconds: GitHub takes ten minutes at most, and clocks differ (GitHub docs, generating a JWT for a GitHub App). */
const TOKEN_SECONDS = { before: 60, after: 540 };

/** GitHub as a GitHub App: a token of an hour for one repository and one permission, asked for by each invocation. */
export class Github implements Ci {
  private token: Promise<string> | undefined;

  constructor(private readonly props: GithubProps) {}

  public async readTenants(): Promise<string> {
    const { repository, branch } = this.props;
    const path = `/repos/${repository}/contents/tenants.json?ref=${encodeURIComponent(branch)}`;
    // The raw form has no limit of 1 MB.
    return (await this.asInstallation("GET", path, { accept: "application/vnd.github.raw+json" })).text();
  }

  public async dispatch(payload: Readonly<Record<string, string>>): Promise<void> {
    await this.asInstallation("POST", `/repos/${this.props.repository}/dispatches`, {
      body: { event_type: ONBOARDING.dispatchType, client_payload: payload },
    });
  }

  private async asInstallation(method: string, path: string, options: RequestOptions): Promise<Response> {
    this.token ??= this.installationToken();
    return this.call(method, path, await this.token, options);
  }

  private async installationToken(): Promise<string> {
    const { app_id, installation_id, private_key } = await this.credential();
    const [, name = ""] = this.props.repository.split("/");
    const response = await this.call(
      "POST",
      `/app/installations/${installation_id}/access_tokens`,
      this.appToken(app_id, private_key),
      { body: { repositories: [name], permissions: { contents: "write" } } },
    );
    return z.object({ token: z.string() }).parse(await response.json()).token;
  }

  /** No message bears anything of the secret: neither its text, nor why it cannot be read. */
  private async credential(): Promise<z.infer<typeof credentialSchema>> {
    try {
      return credentialSchema.parse(JSON.parse(await this.props.readSecret()));
    } catch {
      throw new OnboardingError("CREDENTIAL", "the secret holds no app_id, installation_id and private_key");
    }
  }

  private appToken(appId: string, privateKey: string): string {
    const now = Math.floor(this.props.now().getTime() / 1_000);
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = { iat: now - TOKEN_SECONDS.before, exp: now + TOKEN_SECONDS.after, iss: appId };
    const text = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
    try {
      return `${text}.${sign("RSA-SHA256", Buffer.from(text), privateKey).toString("base64url")}`;
    } catch {
      throw new OnboardingError("CREDENTIAL", "the secret's private_key is none");
    }
  }

  private async call(method: string, path: string, token: string, options: RequestOptions): Promise<Response> {
    const send = this.props.fetch ?? fetch;
    const [place = ""] = path.split("?");
    let response: Response;
    try {
      response = await send(`${API}${path}`, {
        method,
        headers: {
          accept: options.accept ?? "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "user-agent": ONBOARDING.functionName,
          "x-github-api-version": "2022-11-28",
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      });
    } catch {
      throw new OnboardingError("GITHUB_FAILED", `${method} ${place}: no answer`);
    }
    if (!response.ok) {
      throw new OnboardingError("GITHUB_FAILED", `${method} ${place}: status ${response.status}`);
    }
    return response;
  }
}

interface RequestOptions {
  readonly accept?: string;
  readonly body?: object;
}

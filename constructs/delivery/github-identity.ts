import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { Construct } from "constructs";

import { policyJson } from "./policy";

export interface GithubIdentityProps {
  /** `<owner>/<name>` of the repository whose workflows are trusted. */
  readonly repository: string;
}

export interface GithubTrustProps {
  /** Ends of the token's subject: `pull_request`, `ref:refs/heads/main`, `environment:production`. `*` is a wildcard. */
  readonly subjects: readonly string[];
  /**
   * Git ref that the workflow must run on.
   * @default - any that a subject admits
   */
  readonly ref?: string;
}

const ISSUER = "token.actions.githubusercontent.com";

/** Audience that AWS's login action asks for. */
const AUDIENCE = "sts.amazonaws.com";

/**
 * GitHub Actions as an identity provider: workflows log in with a token that GitHub signs for one job, and no key is
 * stored anywhere. AWS trusts the issuer's certificate by its own list of authorities, so no thumbprint is pinned.
 */
export class GithubIdentity extends Construct {
  private readonly repository: string;
  private readonly providerArn: string;

  constructor(scope: Construct, id: string, props: GithubIdentityProps) {
    super(scope, id);
    this.repository = props.repository;
    this.providerArn = new IamOpenidConnectProvider(this, "Resource", {
      url: `https://${ISSUER}`,
      clientIdList: [AUDIENCE],
    }).arn;
  }

  /** Trust policy for workflows of the repository alone, as narrow as `props`. */
  public trustPolicy(props: GithubTrustProps): string {
    return policyJson([
      {
        Sid: "GithubActions",
        Effect: "Allow",
        Principal: { Federated: this.providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${ISSUER}:aud`]: AUDIENCE,
            [`${ISSUER}:repository`]: this.repository,
            ...(props.ref === undefined ? {} : { [`${ISSUER}:ref`]: props.ref }),
          },
          StringLike: { [`${ISSUER}:sub`]: this.subjects(props.subjects) },
        },
      },
    ]);
  }

  /**
   * Each subject in both of GitHub's forms. Repositories made, renamed or moved after 2026-07-15 have the owner's and
   * their own id behind the names (`repo:octocat@123/my-repo@456:…`); the claim `repository` holds the names in both.
   */
  private subjects(ends: readonly string[]): string[] {
    const withIds = this.repository
      .split("/")
      .map((name) => `${name}@*`)
      .join("/");
    return ends.flatMap((end) => [`repo:${this.repository}:${end}`, `repo:${withIds}:${end}`]);
  }
}

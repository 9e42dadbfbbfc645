import { Construct } from "constructs";

import { Account } from "../account";
import { CiRole } from "./ci-role";
import { DEPLOY_ROLE_NAME, PLAN_ROLE_NAME, REPORT_ROLE_NAME } from "./ci-names";
import { deployBackup } from "./deploy-backup";
import { deployCluster } from "./deploy-cluster";
import { deployData } from "./deploy-data";
import { deployEdge } from "./deploy-edge";
import { deployIdentity } from "./deploy-identity";
import { deployNetwork } from "./deploy-network";
import { deployOnboarding } from "./deploy-onboarding";
import { GithubIdentity } from "./github-identity";
import { guardrails } from "./guardrails";
import { denySecrets, readAccess } from "./read-access";
import { reportAccess } from "./report-access";
import { makeMasterPassword, masterSecretArns } from "./master-secret";
import { RoleBoundaryPolicy } from "./role-boundary-policy";
import { stateAccess } from "./state-access";
import type { StateBucket } from "./state-bucket";

export interface ContinuousDeliveryProps {
  readonly region: string;
  /** Name of the environment: the folder of its states, and of the environment in GitHub that may deploy. */
  readonly environment: string;
  readonly domain: string;
  readonly clusterName: string;
  readonly github: { readonly repository: string; readonly deployBranch: string };
  /** Names, with path, of the roles of people who operate the platform. */
  readonly operatorRoles: readonly string[];
  readonly stateBucket: StateBucket;
  /**
   * Whether Terraform makes the master password of the database, where RDS would otherwise.
   * @default false
   */
  readonly makesMasterPassword?: boolean;
}

/** An apply waits for a cluster or a database for up to an hour. */
const DEPLOY_SESSION_SECONDS = 2 * 3_600;

const SHORT_SESSION_SECONDS = 3_600;

/**
 * How CI gets in: a role that plans, for pull requests and branches, one that applies and one that reports to onboarding, for
 * the deploy branch alone.
 * A job may name GitHub's environment, whose reviewers then approve it; it must run on the deploy branch all the same.
 */
export class ContinuousDelivery extends Construct {
  constructor(scope: Construct, id: string, props: ContinuousDeliveryProps) {
    super(scope, id);
    const { github, stateBucket } = props;
    const account = new Account(this, "account", { region: props.region });
    const identity = new GithubIdentity(this, "github", { repository: github.repository });
    const masterSecrets = props.makesMasterPassword ? masterSecretArns(account) : [];
    const state = { bucketName: stateBucket.name, environment: props.environment };
    const deployRef = `refs/heads/${github.deployBranch}`;

    new CiRole(this, "plan", {
      name: PLAN_ROLE_NAME,
      description: "CI: terraform plan of pull requests and branches; reads configuration, locks states",
      trustPolicy: identity.trustPolicy({ subjects: ["pull_request", "ref:refs/heads/*"] }),
      maxSessionSeconds: SHORT_SESSION_SECONDS,
      policies: {
        read: readAccess(account),
        state: [...stateAccess(account, { ...state, write: false }), ...denySecrets(account)],
      },
    });
    new CiRole(this, "report", {
      name: REPORT_ROLE_NAME,
      description: "CI: reports how a request for a tenant has ended",
      trustPolicy: identity.trustPolicy({ subjects: [`ref:${deployRef}`], ref: deployRef }),
      maxSessionSeconds: SHORT_SESSION_SECONDS,
      policies: { onboarding: reportAccess(account) },
    });
    new RoleBoundaryPolicy(this, "boundary", { account, stateBuckets: [stateBucket.name, stateBucket.logsName] });
    new CiRole(this, "deploy", {
      name: DEPLOY_ROLE_NAME,
      description: "CI: terraform apply from the deploy branch",
      trustPolicy: identity.trustPolicy({
        subjects: [`ref:${deployRef}`, `environment:${props.environment}`],
        ref: deployRef,
      }),
      maxSessionSeconds: DEPLOY_SESSION_SECONDS,
      policies: {
        read: readAccess(account),
        state: [
          ...stateAccess(account, { ...state, write: true }),
          ...denySecrets(account, masterSecrets),
          ...makeMasterPassword(masterSecrets),
        ],
        network: deployNetwork(account, props.clusterName),
        cluster: deployCluster(account),
        data: deployData(account),
        backup: deployBackup(account),
        edge: deployEdge(account, props.domain),
        identity: deployIdentity(account),
        onboarding: deployOnboarding(account),
        guardrails: guardrails(account, {
          state,
          stateLogsBucketName: stateBucket.logsName,
          operatorRoles: props.operatorRoles,
        }),
      },
    });
  }
}

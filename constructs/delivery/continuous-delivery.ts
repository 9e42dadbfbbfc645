import { Construct } from "constructs";

import { GLOBAL_NAME_SUFFIX, type SecondaryEnvironment } from "../../config";
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
import { appliedSecrets, deploySecondRegion } from "./deploy-second-region";
import { GithubIdentity } from "./github-identity";
import { guardrails } from "./guardrails";
import { denySecrets, readAccess } from "./read-access";
import { reportAccess } from "./report-access";
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
   * The second region, which CI deploys too.
   * @default - there is none
   */
  readonly secondary?: SecondaryEnvironment | undefined;
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
    const { github, stateBucket, secondary } = props;
    const here = new Account(this, "account", { region: props.region });
    const regions = [props.region, ...(secondary ? [secondary.region] : [])];
    // Of two regions ARNs name none: the guardrails keep to both.
    const account = secondary ? new Account(this, "regions", { region: "*" }) : here;
    const identity = new GithubIdentity(this, "github", { repository: github.repository });
    const state = {
      bucketNames: [stateBucket.name, ...(secondary ? [secondary.stateBucket] : [])],
      environment: props.environment,
    };
    const stateLogsBucketNames = [
      stateBucket.logsName,
      ...(secondary ? [`${stateBucket.logsName}${GLOBAL_NAME_SUFFIX}`] : []),
    ];
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
      policies: { onboarding: reportAccess(here) },
    });
    new RoleBoundaryPolicy(this, "boundary", {
      account,
      stateBuckets: [...state.bucketNames, ...stateLogsBucketNames],
      secondRegion: secondary !== undefined,
    });
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
          ...denySecrets(account, secondary ? appliedSecrets(account) : []),
        ],
        network: deployNetwork(account, props.clusterName, regions),
        cluster: deployCluster(account, regions),
        data: deployData(account, regions),
        backup: [...deployBackup(account), ...(secondary ? deploySecondRegion(account, secondary.cluster.name) : [])],
        edge: deployEdge(account, props.domain),
        identity: deployIdentity(account),
        onboarding: deployOnboarding(account),
        guardrails: guardrails(account, {
          regions,
          state,
          stateLogsBucketNames,
          operatorRoles: props.operatorRoles,
        }),
      },
    });
  }
}

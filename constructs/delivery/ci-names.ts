/** Role of a workflow that plans: reads, and locks states. */
export const PLAN_ROLE_NAME = "taskflow-plan";

/** Role of the workflow that applies. */
export const DEPLOY_ROLE_NAME = "taskflow-deploy";

/** Role of the workflow that onboards tenants: reports how a request has ended. */
export const REPORT_ROLE_NAME = "taskflow-report";

/** What no role of the platform may exceed; see `role-boundary.ts`. */
export const BOUNDARY_POLICY_NAME = "taskflow-boundary";

/** Prefix of the policies of CI's two roles. */
export const CI_POLICY_PREFIX = "taskflow-ci-";

/** Tag that the AWS provider sets on everything, and by which policies tell the platform's resources. */
export const PROJECT = "taskflow";

/** Holds for resources that bear the platform's tag. */
export const IS_OURS = { StringEquals: { "aws:ResourceTag/project": PROJECT } };

/** Holds for requests that set the platform's tag. */
export const BECOMES_OURS = { StringEquals: { "aws:RequestTag/project": PROJECT } };

import type { Account } from "../account";
import type { PolicyStatement } from "./policy";
import { oneOrAll } from "./regions";

export interface StateAccessProps {
  /** Names of the state buckets, one a region. */
  readonly bucketNames: readonly string[];
  /** Name of the environment: the folder of its states. */
  readonly environment: string;
}

/** ARNs of the states' and the locks' objects (Terraform S3 backend, `use_lockfile`). */
export function stateObjects(account: Account, props: StateAccessProps): { states: string[]; locks: string[] } {
  const states = props.bucketNames.map((name) => account.ownerless("s3", `${name}/${props.environment}/*.tfstate`));
  return { states, locks: states.map((arn) => `${arn}.tflock`) };
}

/** Reading the states, and taking and returning their locks; `write` also lets states be written. None is deletable. */
export function stateAccess(
  account: Account,
  props: StateAccessProps & { readonly write: boolean },
): PolicyStatement[] {
  const { states, locks } = stateObjects(account, props);
  return [
    {
      // `terraform init` lists workspaces, whose prefix lies outside of the environment's folder.
      Sid: "ListStates",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: oneOrAll(props.bucketNames.map((name) => account.ownerless("s3", name))),
    },
    {
      Sid: props.write ? "WriteStates" : "ReadStates",
      Effect: "Allow",
      Action: props.write ? ["s3:GetObject", "s3:PutObject"] : "s3:GetObject",
      Resource: oneOrAll(states),
    },
    {
      Sid: "LockStates",
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      Resource: oneOrAll(locks),
    },
  ];
}

import { Fn } from "cdktf";

/** What other stacks may know of the database. */
export interface DatabaseOutputs {
  /** Identifier of the instance, with which the names of its proxy and its alarms begin. */
  readonly name: string;
  /** ARN of the RDS Proxy; ends in the resource id (`prx-…`) that `rds-db:connect` statements name. */
  readonly proxyArn: string;
  /** DNS name that clients connect to. */
  readonly proxyEndpoint: string;
  /** ARN of the instance, which backups select. */
  readonly instanceArn: string;
  /** Key of the instance's storage and snapshots. */
  readonly keyArn: string;
  /** Subnet group of the database subnets. */
  readonly subnetGroupName: string;
  /** Name of the function that makes, changes and archives a tenant's role and schema. */
  readonly tenantFunctionName: string;
}

/**
 * `arn:aws:rds-db:<region>:<account>:dbuser:<resource id>`, to which a statement on `rds-db:connect` adds `/<user>`.
 *
 * @param proxyArn - `arn:aws:rds:<region>:<account>:db-proxy:<resource id>`
 */
export function databaseUserArnPrefix(proxyArn: string): string {
  const part = (index: number): string => String(Fn.element(Fn.split(":", proxyArn), index));
  return `arn:${part(1)}:rds-db:${part(3)}:${part(4)}:dbuser:${part(6)}`;
}

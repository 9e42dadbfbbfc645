import type { Account } from "../account";

/** Where a part of the database stands and where its logs go. */
export interface DatabasePlacement {
  readonly account: Account;
  /** The database's, with which the names of its parts begin. */
  readonly name: string;
  /** Database subnets, in three zones. */
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** Key of the log groups. */
  readonly logsKeyArn: string;
  /** Days that CloudWatch keeps the logs. */
  readonly logRetentionDays: number;
}

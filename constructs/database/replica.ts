import { DbInstanceAutomatedBackupsReplication } from "@cdktf/provider-aws/lib/db-instance-automated-backups-replication";
import { Construct } from "constructs";

import type { Environment } from "../../config";
import { Account } from "../account";
import type { NetworkOutputs } from "../network";
import { Database } from "./database";
import { DATABASE_IDENTIFIER, REPLICA_IDENTIFIER } from "./names";
import type { DatabaseOutputs } from "./outputs";

export interface DatabaseReplicaProps {
  /**
   * The secondary region.
   * @throws Error for the environment of a primary region
   */
  readonly environment: Environment;
  readonly network: NetworkOutputs;
}

/**
 * The primary region's database in the secondary region: a read replica, and all that stands around the original, so that
 * what was promoted serves at once. In `standby` its proxy leads nowhere; in `serving` it is a database of its own.
 *
 * Beside it stand the original's automated backups: a replica repeats a mistake within seconds, they go back to before it.
 */
export class DatabaseReplica extends Construct {
  public readonly outputs: DatabaseOutputs;

  constructor(scope: Construct, id: string, props: DatabaseReplicaProps) {
    super(scope, id);
    const { environment, network } = props;
    const { primary, secondary } = environment;
    if (primary === undefined) {
      throw new Error(`${this.node.path}: ${environment.region} is a primary region; allowed: a secondary one`);
    }
    // By name: the original's Terraform state is in the region that may be lost.
    const sourceArn = new Account(this, "primary-account", { region: primary.region }).arn(
      "rds",
      `db:${DATABASE_IDENTIFIER}`,
    );
    this.outputs = new Database(this, "database", {
      environment,
      network,
      name: REPLICA_IDENTIFIER,
      replication: { sourceArn, promoted: secondary.role === "serving" },
    }).outputs;
    // In `serving` it stays: to end it takes a call to the lost region, and the backups are what precedes the promotion.
    new DbInstanceAutomatedBackupsReplication(this, "backups", {
      sourceDbInstanceArn: sourceArn,
      kmsKeyId: this.outputs.keyArn,
      retentionPeriod: environment.database.backupRetentionDays,
    });
  }
}

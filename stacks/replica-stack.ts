import type { Construct } from "constructs";

import { type DatabaseOutputs, DatabaseReplica } from "../constructs/database";
import type { NetworkOutputs } from "../constructs/network";
import { BaseStack, type BaseStackProps } from "./base-stack";

export interface ReplicaStackProps extends BaseStackProps {
  readonly network: NetworkOutputs;
}

/** The database in the secondary region: a replica of the primary region's, or what was promoted from it. */
export class ReplicaStack extends BaseStack {
  public readonly database: DatabaseOutputs;

  constructor(scope: Construct, id: string, props: ReplicaStackProps) {
    super(scope, id, props);
    this.database = new DatabaseReplica(this, "database", props).outputs;
  }
}

import type { Construct } from "constructs";

import { Database, type DatabaseOutputs } from "../constructs/database";
import type { NetworkOutputs } from "../constructs/network";
import { BaseStack, type BaseStackProps } from "./base-stack";

export interface RdsStackProps extends BaseStackProps {
  readonly network: NetworkOutputs;
}

/** The database: PostgreSQL, its proxy, the function that makes tenants in it, and their alarms. */
export class RdsStack extends BaseStack {
  public readonly database: DatabaseOutputs;

  constructor(scope: Construct, id: string, props: RdsStackProps) {
    super(scope, id, props);
    this.database = new Database(this, "database", props).outputs;
  }
}

import { LambdaInvocation } from "@cdktf/provider-aws/lib/lambda-invocation";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { TENANT_SCHEMA_VERSION } from "../../config";
import { databaseRole, databaseSchema, type Tenant } from "../../tenancy";

export interface TenantDatabaseProps {
  readonly tenant: Tenant;
  /** The function `tenant-database`, which alone may make roles and schemas. */
  readonly functionName: string;
  /** Whether the deletion archives the schema. Otherwise it leaves all as it is. */
  readonly archives: boolean;
}

/**
 * The tenant's login role and schema, made and kept by the function: creation and each change of the input provision,
 * which is safe to repeat; deletion archives at most, and drops nothing.
 */
export class TenantDatabase extends Construct {
  /** For pods, which would find no role to log in as. */
  public readonly resource: ITerraformDependable;

  constructor(scope: Construct, id: string, props: TenantDatabaseProps) {
    super(scope, id);
    const { tenant, archives } = props;
    this.resource = new LambdaInvocation(this, "Resource", {
      functionName: props.functionName,
      lifecycleScope: archives ? "CRUD" : "CREATE_ONLY",
      input: JSON.stringify({
        // Terraform names the action itself where it tells of deletions, too.
        ...(archives ? {} : { action: "create" }),
        tenant: {
          id: tenant.id,
          role: databaseRole(tenant.id),
          schema: databaseSchema(tenant.id),
          tier: tenant.tier.name,
          state: tenant.state,
          connectionLimit: tenant.connectionLimit,
          statementTimeoutMs: tenant.tier.statementTimeoutMs,
          schemaVersion: TENANT_SCHEMA_VERSION,
        },
      }),
    });
  }
}

import { archive } from "./actions/archive";
import { bootstrap } from "./actions/bootstrap";
import { provision } from "./actions/provision";
import { purge } from "./actions/purge";
import { restore } from "./actions/restore";
import { asMaster, asProvisioner, readEndpoint, variable } from "./connection";
import { TenantDatabaseError } from "./error";
import { log } from "./log";
import { type ActionResult, asObject, invalid, parseIdentity, parsePurge, parseRestore, parseTenant } from "./tenant";

/**
 * Entry point of the Lambda function.
 *
 * @param event - `{ action: "bootstrap" }`, `{ action: "purge", tenant, retainUntil }`,
 *   `{ action: "restore", tenant, source: { host }, requestedAt }`, or `{ tenant, tf: { action } }` as Terraform's
 *   `aws_lambda_invocation` sends it with `lifecycle_scope = "CRUD"`
 * @throws TenantDatabaseError, which Terraform shows
 */
export async function handler(event: unknown): Promise<ActionResult> {
  const started = Date.now();
  try {
    const result = await dispatch(event, process.env);
    log("info", { ...subject(event), ...result, durationMs: Date.now() - started });
    return result;
  } catch (error) {
    const failure = typed(error);
    const { code, message } = failure;
    log("error", { ...subject(event), code, message, durationMs: Date.now() - started });
    throw failure;
  }
}

function dispatch(event: unknown, environment: NodeJS.ProcessEnv): Promise<ActionResult> {
  const fields = asObject(event, "event");
  const { action, tenant, tf, retainUntil } = fields;
  const endpoint = readEndpoint(environment);
  // Input is read before anything connects.
  switch (action ?? asObject(tf, "tf")["action"]) {
    case "bootstrap":
      return asMaster(endpoint, variable(environment, "MASTER_SECRET_ARN"), (db) => bootstrap(db));
    case "create":
    case "update": {
      const input = parseTenant(tenant);
      return asProvisioner(endpoint, (db) => provision(db, input));
    }
    case "delete": {
      const input = parseIdentity(tenant);
      return asProvisioner(endpoint, (db) => archive(db, input, new Date()));
    }
    case "purge": {
      const input = parsePurge({ ...asObject(tenant, "tenant"), retainUntil });
      return asProvisioner(endpoint, (db) => purge(db, input, new Date()));
    }
    case "restore": {
      const { tenant: input, sourceHost, requestedAt } = parseRestore(fields, endpoint);
      return asProvisioner({ ...endpoint, host: sourceHost }, (source) =>
        asProvisioner(endpoint, (target) =>
          restore({ source, target, beside: (work) => asProvisioner(endpoint, work) }, input, requestedAt),
        ),
      );
    }
    default:
      throw invalid("action", action ?? tf, "bootstrap, create, update, delete, purge or restore");
  }
}

/** What a log line may say of an event: the tenant's id. */
function subject(event: unknown): { readonly tenant?: string } {
  const tenant = (event as { tenant?: { id?: unknown } } | null)?.tenant;
  return typeof tenant?.id === "string" ? { tenant: tenant.id } : {};
}

/** An error of PostgreSQL keeps its message; its detail, which quotes rows, stays behind. */
function typed(error: unknown): TenantDatabaseError {
  if (error instanceof TenantDatabaseError) {
    return error;
  }
  const { code, message } = error as { code?: unknown; message?: unknown };
  const state = typeof code === "string" ? `${code}: ` : "";
  return new TenantDatabaseError("DATABASE_FAILED", `${state}${String(message ?? error)}`);
}

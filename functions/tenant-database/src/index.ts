export { bootstrap, type BootstrapOptions } from "./actions/bootstrap";
export { archive } from "./actions/archive";
export { provision } from "./actions/provision";
export { purge } from "./actions/purge";
export { restore, type RestoreServers } from "./actions/restore";
export type { CopyDatabase, Database, Row } from "./database";
export { TenantDatabaseError, type TenantDatabaseErrorCode } from "./error";
export { assertIsolation } from "./isolation";
export { MONITOR_QUERIES, type MonitorQuery } from "./monitor";
export { quoteIdent, quoteLiteral, render } from "./quote";
export {
  type ActionResult,
  MONITOR,
  PROVISIONER,
  type PurgeInput,
  TENANT_GROUP,
  type TenantIdentity,
  type TenantInput,
} from "./tenant";
export { LATEST_VERSION, type SchemaVersion, VERSIONS } from "./versions";

import { tenant } from "./fixture";

/** Rows of a query as a superuser. */
type Rows = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** Everything that the actions leave behind for a tenant, its own names taken out, as one value to compare. */
export async function endState(rows: Rows, id: string): Promise<string> {
  const name = tenant(id).role;
  const all = await rows(`
    select 'role' as kind, to_jsonb(r) - 'oid' - 'rolpassword' as value from pg_roles r where rolname = '${name}'
    union all select 'member of', to_jsonb(g.rolname) from pg_auth_members m join pg_roles g on g.oid = m.roleid
      join pg_roles r on r.oid = m.member where r.rolname = '${name}'
    union all select 'schema', jsonb_build_array(nspname, nspacl::text) from pg_namespace where nspname like '%${name}%'
    union all select 'relation', jsonb_build_array(n.nspname, relname, relacl::text, relforcerowsecurity) from pg_class c
      join pg_namespace n on n.oid = relnamespace where nspname like '%${name}%'
    union all select 'record', to_jsonb(t) - 'updated_at' from platform.tenants t where tenant_id = '${id}'
    union all select 'version', to_jsonb(version) from platform.versions where tenant_id = '${id}'
    order by 1, 2`);
  return JSON.stringify(all).replaceAll(name, "NAME").replaceAll(id, "ID");
}

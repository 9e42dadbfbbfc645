-- One row: what is there of a tenant. Null where there is no role, schema or row.
select
  current_setting('server_version_num')::int as server_version,
  exists (select from pg_roles where rolname = 'rds_iam') as has_rds_iam,
  to_regclass('platform.tenants') is not null and exists (select from pg_roles where rolname = :'group') as bootstrapped,
  r.oid is not null as has_role,
  r.rolcanlogin as can_login,
  r.rolconnlimit as connection_limit,
  array_to_json(r.rolconfig) as settings,
  exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid
           where m.member = r.oid and g.rolname = :'group') as in_group,
  exists (select from pg_auth_members m join pg_roles g on g.oid = m.roleid
           where m.member = r.oid and g.rolname = 'rds_iam') as in_rds_iam,
  n.oid is not null as has_schema,
  pg_get_userbyid(n.nspowner) as schema_owner,
  has_schema_privilege(r.oid, n.oid, 'usage') and not exists (
    select from pg_class c
     where c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v')
       and not (has_table_privilege(r.oid, c.oid, 'select') and (c.relkind = 'v' or
                has_table_privilege(r.oid, c.oid, 'insert') and has_table_privilege(r.oid, c.oid, 'update') and
                has_table_privilege(r.oid, c.oid, 'delete')))
  ) as has_grants
from (select) as one
left join pg_roles r on r.rolname = :'role'
left join pg_namespace n on n.nspname = :'schema'

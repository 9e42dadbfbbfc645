-- One row: what bootstrap finds. `platform_version` is 0 before the first run.
select
  current_database() as database,
  current_user as master,
  current_setting('server_version_num')::int as server_version,
  (select rolsuper from pg_roles where rolname = current_user) as superuser,
  exists (select from pg_roles where rolname = 'rds_iam') as has_rds_iam,
  exists (
    select from pg_roles g where g.rolname = 'rds_superuser' and pg_has_role(current_user, g.oid, 'member')
  ) as rds_superuser,
  (select rolcreaterole and rolcanlogin and not (rolsuper or rolbypassrls or rolcreatedb or rolreplication)
     from pg_roles where rolname = :'provisioner') as provisioner_right,
  exists (select from pg_roles where rolname = :'provisioner') as has_provisioner,
  (select rolcanlogin and not (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication)
          and not exists (
            select from pg_auth_members m join pg_roles g on g.oid = m.roleid
             where m.member = r.oid and g.rolname not in ('rds_iam', 'pg_read_all_stats', 'pg_monitor')
          )
     from pg_roles r where r.rolname = :'monitor') as monitor_right,
  pg_has_role(current_user, 'pg_read_all_stats', 'member with admin option') as grants_statistics,
  (select count(distinct r.rolname) = 2
     from pg_auth_members m
      join pg_roles r on r.oid = m.member
      join pg_roles g on g.oid = m.roleid
     where g.rolname = 'rds_iam'
       and (r.rolname = :'provisioner' and m.admin_option or r.rolname = :'monitor')) as has_iam_members,
  coalesce(obj_description(to_regnamespace('platform'), 'pg_namespace'), '0') as platform_version,
  has_database_privilege('public', current_database(), 'connect') as public_connect,
  has_database_privilege('public', current_database(), 'temporary') as public_temporary,
  has_schema_privilege('public', 'public', 'create') as public_create,
  exists (select from pg_event_trigger where evtname = 'taskflow_row_security' and evtenabled <> 'D') as has_event_trigger

-- Every way in which the catalog could let another role at a tenant's data, one row each; none where all is well.
with subject as (
  select n.oid, n.nspname, n.nspowner, n.nspacl from pg_namespace n where n.nspname in (:'schema', 'shared')
),
relation as materialized (
  select c.*, s.nspname, format('%I.%I', s.nspname, c.relname) as title
    from pg_class c join subject s on s.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
),
allowed as (
  select oid, rolname from pg_roles where rolname in (:'role', :'group', :'provisioner')
),
policy as materialized (
  select p.polname, p.polroles, c.title, c.nspname, pg_get_expr(p.polqual, p.polrelid) as qual,
         pg_get_expr(p.polwithcheck, p.polrelid) as with_check
    from relation c join pg_policy p on p.polrelid = c.oid
),
login as (select * from pg_roles where rolname = :'role')
select format('%s must have row level security enabled and forced', title) as violation
  from relation where relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)
union all
select format('%s has no policy', title)
  from relation c where relkind in ('r', 'p') and not exists (select from pg_policy p where p.polrelid = c.oid)
union all
select format('policy %I on %s applies to other roles', polname, title)
  from policy c
 where exists (select from unnest(polroles) as r (oid)
                where r.oid not in (select a.oid from allowed a
                                     where a.rolname <> :'group' or c.nspname = 'shared'))
union all
select format('policy %I on %s does not depend on the login role', polname, title)
  from policy
 where polroles <> array(select a.oid from allowed a where a.rolname = :'provisioner')
   and (coalesce(qual, 'CURRENT_USER') !~ 'CURRENT_USER' or coalesce(with_check, 'CURRENT_USER') !~ 'CURRENT_USER')
union all
select format('%s is owned by %I', title, pg_get_userbyid(relowner))
  from relation where pg_get_userbyid(relowner) <> :'provisioner'
union all
select format('schema %I is owned by %I', nspname, pg_get_userbyid(nspowner))
  from subject where pg_get_userbyid(nspowner) <> :'provisioner'
union all
select format('view %s must be security_invoker', title)
  from relation where relkind = 'v' and not coalesce(reloptions && array['security_invoker=true', 'security_invoker=on'], false)
union all
select format('%s is a materialized view or foreign table, which policies do not cover', title)
  from relation where relkind in ('m', 'f')
union all
select format('function %s runs as its owner', p.oid::regprocedure)
  from pg_proc p join subject s on s.oid = p.pronamespace where p.prosecdef
union all
select format('index %I must lead with tenant_id', i.indexrelid::regclass)
  from pg_index i join relation c on c.oid = i.indrelid
 where i.indisunique
   and (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = i.indkey[0]) is distinct from 'tenant_id'
union all
select format('foreign key %I on %s must lead with tenant_id', k.conname, c.title)
  from pg_constraint k join relation c on c.oid = k.conrelid
 where k.contype = 'f'
   and (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = k.conkey[1]) is distinct from 'tenant_id'
union all
select format('%s on %s is granted to %s', x.privilege_type, c.title, coalesce(quote_ident(r.rolname), 'PUBLIC'))
  from relation c cross join aclexplode(c.relacl) x left join pg_roles r on r.oid = x.grantee
 where x.grantee <> c.relowner
   and (x.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE') or x.is_grantable
     or r.rolname is distinct from case c.nspname when 'shared' then :'group' else :'role' end)
union all
select format('%s on schema %I is granted to %s', x.privilege_type, s.nspname, coalesce(quote_ident(r.rolname), 'PUBLIC'))
  from subject s cross join aclexplode(s.nspacl) x left join pg_roles r on r.oid = x.grantee
 where x.grantee <> s.nspowner
   and (x.privilege_type <> 'USAGE' or x.is_grantable
     or r.rolname is distinct from case s.nspname when 'shared' then :'group' else :'role' end)
union all
select format('role %I must have neither SUPERUSER, BYPASSRLS, CREATEDB, CREATEROLE nor REPLICATION', rolname)
  from login where rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication
union all
select format('role %I must not be a member of %I', l.rolname, g.rolname)
  from login l join pg_auth_members m on m.member = l.oid join pg_roles g on g.oid = m.roleid
 where g.rolname not in (:'group', 'rds_iam') or m.admin_option
union all
select format('role %I must not be a member of %I', g.rolname, l.rolname)
  from login l join pg_auth_members m on m.roleid = l.oid join pg_roles g on g.oid = m.member
 where g.rolname <> :'provisioner'
union all
select format('PUBLIC has %s on the database', upper(p))
  from unnest(array['connect', 'temporary']) as p where has_database_privilege('public', current_database(), p)
order by 1

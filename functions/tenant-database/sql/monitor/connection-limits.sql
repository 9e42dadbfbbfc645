-- CONNECTION LIMIT of each tenant's login role.
select t.tenant_id as tenant, r.rolconnlimit as count
  from platform.tenants t
  join pg_roles r on r.rolname = t.role
 where t.state in ('active', 'suspended')
 order by t.tenant_id

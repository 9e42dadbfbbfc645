-- The platform's row of a tenant, none before the first provision. A query of its own: planning it fails on a database
-- that was never bootstrapped.
select
  t.tier, t.state, t.schema, t.schema_version,
  to_regnamespace(quote_ident(t.schema)) is not null as has_own_schema,
  coalesce((select max(v.version) from platform.versions v where v.tenant_id = t.tenant_id), 0) as version
from platform.tenants t where t.tenant_id = :'id'

insert into platform.tenants (tenant_id, role, schema, tier, state, schema_version)
values (:'id', :'role', :'schema', :'tier', :'state', :schema_version)
on conflict (tenant_id) do update
  set schema = excluded.schema, tier = excluded.tier, state = excluded.state, schema_version = excluded.schema_version,
      archived_on = null, retain_until = null, updated_at = now();
insert into shared.tenant_directory (tenant_id, role, tier) values (:'id', :'role', :'tier')
on conflict (tenant_id) do update set tier = excluded.tier;

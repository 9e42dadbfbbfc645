-- Bytes of each tenant's tables, indexes and TOAST, as the last VACUUM, ANALYZE or autovacuum counted their pages: 45 ms
-- at 10,000 tables (measured). The exact pg_total_relation_size takes ten times that and more, since it opens every
-- relation and file, and waits for whoever holds one exclusively. An archived tenant still takes its room.
select t.tenant_id as tenant,
       coalesce(sum(c.relpages::bigint + coalesce(toast.relpages, 0)), 0)::bigint
         * current_setting('block_size')::bigint as bytes
  from platform.tenants t
  join pg_namespace n on n.nspname = t.schema
  left join pg_class c on c.relnamespace = n.oid
  left join pg_class toast on toast.oid = c.reltoastrelid
 where t.state <> 'purged'
 group by t.tenant_id
 order by t.tenant_id

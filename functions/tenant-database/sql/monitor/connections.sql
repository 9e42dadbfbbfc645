-- Sessions of each tenant by state. A row for every state, zero or not, so that a series neither comes nor goes with a
-- session; what is neither idle nor waiting for its client counts as active.
select t.tenant_id as tenant, s.state, count(a.pid) as count
  from platform.tenants t
 cross join unnest(array['active', 'idle', 'idle_in_transaction']) as s (state)
  left join pg_stat_activity a
    on a.usename = t.role
   and s.state = case
         when a.state = 'idle' then 'idle'
         when a.state like 'idle in transaction%' then 'idle_in_transaction'
         else 'active'
       end
 where t.state in ('active', 'suspended')
 group by t.tenant_id, s.state
 order by t.tenant_id, s.state

-- The rows stay as a tombstone: the id is not given again, and usage and audit events keep what they refer to.
update platform.tenants
   set state = 'purged', retain_until = :'retain_until', purged_on = :'today', updated_at = now()
 where tenant_id = :'id';

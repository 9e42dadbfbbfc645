update platform.tenants
   set state = 'archived', schema = :'archived_schema', archived_on = :'today', updated_at = now()
 where tenant_id = :'id';

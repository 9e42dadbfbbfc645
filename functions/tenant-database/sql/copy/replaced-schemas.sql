-- Schemas that a restore has put aside.
select nspname as schema from pg_namespace n
 where obj_description(n.oid, 'pg_namespace') = :'mark' and pg_get_userbyid(n.nspowner) = :'provisioner'
 order by nspname

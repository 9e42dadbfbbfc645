-- Tables that hold rows. `whole`: the provisioner reads every row, so that no policy hides what a count would miss too.
select c.relname as name,
       (select string_agg(quote_ident(a.attname), ', ' order by a.attname)
          from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
       exists (select from pg_policy p
                where p.polrelid = c.oid and p.polpermissive and p.polcmd in ('*', 'r')
                  and r.oid = any (p.polroles) and pg_get_expr(p.polqual, p.polrelid) = 'true')
         and not exists (select from pg_policy p where p.polrelid = c.oid and not p.polpermissive) as whole
  from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join pg_roles r
 where n.nspname = :'schema' and c.relkind = 'r' and r.rolname = :'provisioner'
 order by c.relname

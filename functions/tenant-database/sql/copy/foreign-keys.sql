-- Taken off for the load and set again after it: tables come in any order, and all rows are checked at once.
select format('alter table %I.%I drop constraint %I;', n.nspname, c.relname, k.conname) as drop,
       format('alter table %I.%I add constraint %I %s;', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) as add
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = :'schema' and k.contype = 'f' and k.conparentid = 0
 order by c.relname, k.conname

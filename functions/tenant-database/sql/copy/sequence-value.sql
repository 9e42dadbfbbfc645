select setval(format('%I.%I', :'schema', :'name')::regclass, :'value'::bigint);

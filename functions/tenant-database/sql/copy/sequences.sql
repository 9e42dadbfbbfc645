select sequencename as name, last_value::text as value from pg_sequences where schemaname = :'schema' and last_value is not null

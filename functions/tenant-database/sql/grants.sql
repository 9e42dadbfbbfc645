-- Never TRUNCATE, REFERENCES or TRIGGER: row-level security does not hold for them. Keys are uuids: no sequences.
grant usage on schema :"schema" to :"role";
grant select, insert, update, delete on all tables in schema :"schema" to :"role";

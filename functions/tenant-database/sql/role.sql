-- NOINHERIT: what the role may do comes from the one membership granted WITH INHERIT (group-member.sql) and from grants to
-- itself. rds_iam is a mark for pg_hba.conf only. LOGIN comes last, once the schema is whole.
create role :"role" nologin noinherit nosuperuser nobypassrls nocreatedb nocreaterole noreplication;

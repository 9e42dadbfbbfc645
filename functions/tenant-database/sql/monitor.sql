-- Runs as the provisioner: a role that the master created would make it an indirect member of rds_iam.
create role :"monitor" login noinherit connection limit 3 nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
alter role :"monitor" set statement_timeout = '10s';
alter role :"monitor" set default_transaction_read_only = on;
grant usage on schema platform to :"monitor";
grant select on platform.tenants to :"monitor";

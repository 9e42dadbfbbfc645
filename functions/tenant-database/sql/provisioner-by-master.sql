-- RDS's master is no superuser. From PostgreSQL 16 on whoever creates a role becomes a member of it with ADMIN, which it
-- cannot revoke: the master would be an indirect member of rds_iam through the provisioner, pg_hba.conf's `+rds_iam`
-- would match it, and its password be refused. So a role of this transaction creates the provisioner, lends it to the
-- master for the schemas, and is dropped with its memberships (provisioner-return.sql).
create role taskflow_bootstrap nologin createrole;
grant taskflow_bootstrap to :"master" with set true, inherit false;
set local role taskflow_bootstrap;
create role :"provisioner" login createrole nosuperuser nobypassrls nocreatedb noreplication;
grant :"provisioner" to :"master" with set true, inherit false;
set local role none;

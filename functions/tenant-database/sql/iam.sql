-- ADMIN, to grant it to tenants' roles. The provisioner is also an indirect member through every role that it creates;
-- that shuts nobody out, since it logs in by IAM alone and has no password.
grant rds_iam to :"provisioner" with admin option;
grant rds_iam to :"monitor";

grant rds_iam to :"role";

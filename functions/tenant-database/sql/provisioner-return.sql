set local role taskflow_bootstrap;
revoke :"provisioner" from :"master";
set local role none;
drop role taskflow_bootstrap;

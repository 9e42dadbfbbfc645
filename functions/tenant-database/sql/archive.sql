alter default privileges in schema :"schema" revoke select, insert, update, delete on tables from :"role";
revoke all on all tables in schema :"schema" from :"role";
revoke all on schema :"schema" from :"role";
alter schema :"schema" rename to :"archived_schema";

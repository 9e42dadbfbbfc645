alter schema :"archived_schema" rename to :"schema";
alter default privileges in schema :"schema" grant select, insert, update, delete on tables to :"role";

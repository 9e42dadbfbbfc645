create schema :"schema";
alter default privileges in schema :"schema" grant select, insert, update, delete on tables to :"role";

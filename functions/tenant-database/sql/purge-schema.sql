drop schema :"archived_schema" cascade;

comment on schema :"archived_schema" is :'mark';
-- What the restored schema has not seen yet is applied to it next.
delete from platform.versions where tenant_id = :'id' and version > :version;

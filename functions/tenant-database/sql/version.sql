insert into platform.versions (tenant_id, version, name) values (:'id', :version, :'name');

create role :"provisioner" login createrole nosuperuser nobypassrls nocreatedb noreplication;

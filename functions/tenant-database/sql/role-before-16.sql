-- Before PostgreSQL 16 inheritance is the role's, not the membership's; NOINHERIT would lose the group's CONNECT.
create role :"role" nologin inherit nosuperuser nobypassrls nocreatedb nocreaterole noreplication;

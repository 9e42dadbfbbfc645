-- Tells servers apart: one that was restored from another's backup has the same system identifier.
select pg_postmaster_start_time()::text as started, inet_server_addr()::text as address, inet_server_port() as port

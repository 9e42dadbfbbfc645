-- After the commit: until then a new session could still log in. Other databases of the server as well. Waits up to five
-- seconds for each to be gone.
select pg_terminate_backend(pid, 5000) as ended from pg_stat_activity where usename = :'role' and pid <> pg_backend_pid()

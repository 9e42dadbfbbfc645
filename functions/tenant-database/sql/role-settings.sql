-- On the role, so that no pooled connection ever needs SET: RDS Proxy would pin it.
alter role :"role" reset all;
alter role :"role" set search_path = :"schema";
alter role :"role" set statement_timeout = :statement_timeout;
alter role :"role" set lock_timeout = :lock_timeout;
alter role :"role" set idle_in_transaction_session_timeout = :idle_timeout;

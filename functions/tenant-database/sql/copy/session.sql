-- Values are copied and compared as text: the same text on both servers, whatever their settings and their roles'.
set local search_path = pg_catalog;
set local datestyle = 'ISO, YMD';
set local intervalstyle = 'postgres';
set local timezone = 'UTC';
set local extra_float_digits = 1;
set local bytea_output = 'hex';
set local jit = off;
-- A table takes as long as it is large, and one server waits for the other.
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;

begin;
set local search_path = pg_catalog;
-- With hundreds of tenants the planner overrates the catalog queries, and compiling one takes longer than running it.
set local jit = off;
set local statement_timeout = '5min';
-- Data definition waits for tenants' transactions at most this long: better to fail and be repeated than to queue every
-- statement of the tenant behind a waiting lock. Before the advisory lock, whose key a tenant can guess and hold.
set local lock_timeout = '10s';
select pg_advisory_xact_lock(hashtextextended(:'subject', 0));

-- Runs as the provisioner, which owns all of this and is the one migrator.
-- The group is what CONNECT and the shared tables are granted to: a grant to each of 500 roles would rewrite the same
-- rows of pg_database and pg_class, and concurrent runs would fail with "tuple concurrently updated".
create role :"group" nologin nocreatedb nocreaterole nobypassrls;

-- Not per schema: only the global default can take from PUBLIC what PostgreSQL gives it by itself.
alter default privileges for role :"provisioner" revoke execute on functions from public;

create schema platform;

create table platform.tenants (
  tenant_id text primary key,
  role name not null unique,
  schema name not null unique,
  tier text not null,
  state text not null check (state in ('active', 'suspended', 'archived', 'purged')),
  schema_version integer not null,
  archived_on date,
  retain_until date,
  purged_on date,
  updated_at timestamptz not null default now()
);

create table platform.versions (
  tenant_id text not null references platform.tenants,
  version integer not null,
  name text not null,
  applied_at timestamptz not null default now(),
  primary key (tenant_id, version)
);

create schema shared;
grant usage on schema shared to :"group";

-- What a tenant may know of itself, and what turns its login role into its id.
create table shared.tenant_directory (
  tenant_id text primary key,
  role name not null,
  tier text not null,
  unique (tenant_id, role)
);

create table shared.usage_events (
  tenant_id text not null references shared.tenant_directory,
  event_id uuid not null default gen_random_uuid(),
  kind text not null,
  quantity bigint not null check (quantity >= 0),
  occurred_at timestamptz not null default now(),
  primary key (tenant_id, event_id)
);

create table shared.audit_events (
  tenant_id text not null references shared.tenant_directory,
  event_id uuid not null default gen_random_uuid(),
  actor text not null,
  action text not null,
  subject text not null,
  occurred_at timestamptz not null default now(),
  primary key (tenant_id, event_id)
);

alter table shared.tenant_directory enable row level security, force row level security;
alter table shared.usage_events enable row level security, force row level security;
alter table shared.audit_events enable row level security, force row level security;

-- The key of every policy is the login role, which no client can set. Both names must agree: a session that came in as
-- one role and acts as another is nobody here.
create policy own_row on shared.tenant_directory for select to :"group"
  using (role = current_user and role = session_user);
create policy own_rows on shared.usage_events to :"group"
  using (tenant_id = (select d.tenant_id from shared.tenant_directory d where d.role = current_user))
  with check (tenant_id = (select d.tenant_id from shared.tenant_directory d where d.role = current_user));
create policy own_rows on shared.audit_events to :"group"
  using (tenant_id = (select d.tenant_id from shared.tenant_directory d where d.role = current_user))
  with check (tenant_id = (select d.tenant_id from shared.tenant_directory d where d.role = current_user));

create policy migrator on shared.tenant_directory to :"provisioner" using (true) with check (true);
create policy migrator on shared.usage_events to :"provisioner" using (true) with check (true);
create policy migrator on shared.audit_events to :"provisioner" using (true) with check (true);

-- Events are written once: nobody corrects usage or an audit trail afterwards.
grant select on shared.tenant_directory to :"group";
grant select, insert on shared.usage_events, shared.audit_events to :"group";

create function platform.protect_tables() returns event_trigger
language plpgsql set search_path = pg_catalog as $$
declare
  command record;
begin
  for command in
    select distinct d.object_identity, c.relrowsecurity and c.relforcerowsecurity as protected
      from pg_event_trigger_ddl_commands() d
      join pg_class c on c.oid = d.objid and d.classid = 'pg_class'::regclass
      join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and (n.nspname = 'shared' or n.nspname like 'tenant\_%')
  loop
    if command.protected then
      continue;
    elsif tg_tag = 'ALTER TABLE' then
      raise exception 'table % must keep row level security enabled and forced', command.object_identity
        using errcode = 'insufficient_privilege';
    else
      -- A new table cannot have it yet. Without a policy it then shows no row, to its owner either.
      execute format('alter table %s enable row level security, force row level security', command.object_identity);
    end if;
  end loop;
end
$$;

comment on schema platform is '2';

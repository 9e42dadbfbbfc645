-- Users, projects and tasks of one tenant. `tenant_id` leads every key although the schema is one tenant's: a row that
-- came to the wrong schema in a restore or a merge is refused, and shows to nobody.
create table :"schema".users (
  tenant_id text not null default :'id' check (tenant_id = :'id'),
  user_id uuid not null default gen_random_uuid(),
  email text not null,
  display_name text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id),
  unique (tenant_id, email)
);

create table :"schema".projects (
  tenant_id text not null default :'id' check (tenant_id = :'id'),
  project_id uuid not null default gen_random_uuid(),
  name text not null,
  owner_id uuid not null,
  archived boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (tenant_id, project_id),
  unique (tenant_id, name),
  foreign key (tenant_id, owner_id) references :"schema".users
);

create table :"schema".tasks (
  tenant_id text not null default :'id' check (tenant_id = :'id'),
  task_id uuid not null default gen_random_uuid(),
  project_id uuid not null,
  assignee_id uuid,
  title text not null,
  state text not null default 'open' check (state in ('open', 'in_progress', 'done')),
  due_on date,
  created_at timestamptz not null default now(),
  primary key (tenant_id, task_id),
  foreign key (tenant_id, project_id) references :"schema".projects on delete cascade,
  foreign key (tenant_id, assignee_id) references :"schema".users
);
create index on :"schema".projects (tenant_id, owner_id);
create index on :"schema".tasks (tenant_id, project_id, state);
create index on :"schema".tasks (tenant_id, assignee_id);

alter table :"schema".users enable row level security, force row level security;
alter table :"schema".projects enable row level security, force row level security;
alter table :"schema".tasks enable row level security, force row level security;

create policy tenant_rows on :"schema".users to :"role"
  using (current_user = :'role' and tenant_id = :'id') with check (current_user = :'role' and tenant_id = :'id');
create policy tenant_rows on :"schema".projects to :"role"
  using (current_user = :'role' and tenant_id = :'id') with check (current_user = :'role' and tenant_id = :'id');
create policy tenant_rows on :"schema".tasks to :"role"
  using (current_user = :'role' and tenant_id = :'id') with check (current_user = :'role' and tenant_id = :'id');

-- For later versions that move data: FORCE holds for the owner too.
create policy migrator on :"schema".users to :"provisioner" using (true) with check (true);
create policy migrator on :"schema".projects to :"provisioner" using (true) with check (true);
create policy migrator on :"schema".tasks to :"provisioner" using (true) with check (true);

create view :"schema".project_progress with (security_invoker = true) as
  select p.tenant_id, p.project_id, p.name, count(t.task_id) as tasks, count(t.task_id) filter (where t.state = 'done') as done
    from :"schema".projects p
    left join :"schema".tasks t on t.tenant_id = p.tenant_id and t.project_id = p.project_id
   group by p.tenant_id, p.project_id, p.name;

alter table :"schema".:"table" force row level security;

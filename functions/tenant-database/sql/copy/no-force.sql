-- COPY FROM is refused where policies apply, to the owner too.
alter table :"schema".:"table" no force row level security;

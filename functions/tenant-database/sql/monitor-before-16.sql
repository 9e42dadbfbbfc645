-- Before PostgreSQL 16 inheritance is the role's, not the membership's; NOINHERIT would lose the statistics.
alter role :"monitor" inherit;

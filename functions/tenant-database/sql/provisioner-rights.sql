grant connect, create on database :"database" to :"provisioner";
-- Ends sessions of a tenant that is suspended or archived. ADMIN on the tenant's role does not suffice for that.
grant pg_signal_backend to :"provisioner";

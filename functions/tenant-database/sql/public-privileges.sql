revoke connect, temporary on database :"database" from public;
revoke create on schema public from public;

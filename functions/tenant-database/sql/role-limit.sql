alter role :"role" connection limit :connection_limit;

alter role :"role" login;

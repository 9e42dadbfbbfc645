alter role :"role" nologin;

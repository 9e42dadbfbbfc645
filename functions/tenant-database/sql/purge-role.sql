drop role :"role";

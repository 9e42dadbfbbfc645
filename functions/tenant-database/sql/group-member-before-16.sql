grant :"group" to :"role";

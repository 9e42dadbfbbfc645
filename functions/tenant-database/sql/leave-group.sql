revoke :"group" from :"role";

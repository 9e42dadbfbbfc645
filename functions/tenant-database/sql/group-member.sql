grant :"group" to :"role" with inherit true, set false;

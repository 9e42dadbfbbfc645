grant connect on database :"database" to :"group", :"monitor";

"""What a disclosure says outside its standard tables: who, projects, claims, holdings, terms."""

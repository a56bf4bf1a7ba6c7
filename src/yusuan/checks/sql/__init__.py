"""Rules about amounts of tables, as SQL over one document or a country's worth of packages."""

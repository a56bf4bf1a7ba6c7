"""PDF files: the characters and lines that a page prints, its tables, and what page breaks did to them."""

"""The RDF face of a package: CSV on the Web metadata, TriG, Turtle and a SPARQL store."""

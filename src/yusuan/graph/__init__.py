"""The RDF face of a package: CSV on the Web metadata, N-Quads, Turtle and a SPARQL store."""

from yusuan.graph.csvw import csv_metadata
from yusuan.graph.triples import quads
from yusuan.graph.write import write_graph

__all__ = ["csv_metadata", "quads", "write_graph"]

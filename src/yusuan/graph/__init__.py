"""The RDF face of a package: CSV on the Web metadata, TriG, Turtle and a SPARQL store."""

from yusuan.graph.csvw import csv_metadata
from yusuan.graph.trig import trig
from yusuan.graph.write import write_graph

__all__ = ["csv_metadata", "trig", "write_graph"]

"""The graph of a package without its statements: SPARQL translated to SQL over the rows.

This module alone is light: the engine is loaded where a query is answered.
"""

__all__ = ["ROWS"]

ROWS = "graph/rows.duckdb"
"""The file of the rows, below the folder of a package."""

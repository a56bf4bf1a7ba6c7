"""A CSVW processor of its own for checking ours: it knows the standards, not yusuan.

Both modes of https://www.w3.org/TR/csv2rdf/ with the metadata, dialects, datatypes and formats of
the recommendations it builds on. It is written for being checked against them, not for speed.
"""

"""Package in, one SQLite file out, exact to the fen, and beside it the index that searches it."""

from yusuan.database.search import SEARCH, write_search
from yusuan.database.sqlite import reading, write_database

__all__ = ["SEARCH", "reading", "write_database", "write_search"]

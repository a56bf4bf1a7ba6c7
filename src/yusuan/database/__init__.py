"""Package in, one SQLite file out, exact to the fen."""

from yusuan.database.sqlite import write_database

__all__ = ["write_database"]

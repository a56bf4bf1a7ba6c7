"""SQL of strangers over the SQLite file of a package, each statement in a process with limits."""

from yusuan.sql.functions import add_functions
from yusuan.sql.pool import (
    Answer,
    BadSql,
    SqlCrashed,
    SqlError,
    SqlLimits,
    SqlPool,
    SqlTimedOut,
    SqlTooLarge,
    SqlUnavailable,
)

__all__ = [
    "Answer", "BadSql", "SqlCrashed", "SqlError", "SqlLimits", "SqlPool", "SqlTimedOut",
    "SqlTooLarge", "SqlUnavailable", "add_functions",
]  # fmt: skip

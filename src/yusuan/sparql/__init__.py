"""Read-only SPARQL 1.1 over an Oxigraph store on disk, safe to offer to strangers.

A query passes a lexical `guard`, then runs in a `pool` of worker processes that can be killed;
`protocol` puts HTTP around that, with `negotiate` choosing formats.
"""

from .errors import (
    BadQuery,
    Busy,
    NotAcceptable,
    Refused,
    SparqlError,
    TimedOut,
    TooLarge,
    WorkerCrashed,
)
from .negotiate import Choice, ResultFormat, choose
from .pool import QueryPool, Result
from .protocol import Request, Response, handle

__all__ = [
    "BadQuery",
    "Busy",
    "Choice",
    "NotAcceptable",
    "QueryPool",
    "Refused",
    "Request",
    "Response",
    "Result",
    "ResultFormat",
    "SparqlError",
    "TimedOut",
    "TooLarge",
    "WorkerCrashed",
    "choose",
    "handle",
]

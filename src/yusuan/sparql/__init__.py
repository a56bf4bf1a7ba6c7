"""Read-only SPARQL 1.1 over an Oxigraph store on disk, safe to offer to strangers.

A query passes a lexical `guard`, then runs in a `pool` of worker processes that can be killed;
`protocol` puts HTTP around that, with `negotiate` choosing formats.
"""

from .errors import (
    BadQuery,
    NotAcceptable,
    QueryRefused,
    QueryTooLarge,
    QueryTooSlow,
    ServiceBusy,
    SparqlError,
    WorkerCrashed,
)
from .negotiate import Choice, ResultFormat, choose
from .pool import QueryPool, Result
from .protocol import Request, Response, handle

__all__ = [
    "BadQuery",
    "Choice",
    "NotAcceptable",
    "QueryPool",
    "QueryRefused",
    "QueryTooLarge",
    "QueryTooSlow",
    "Request",
    "Response",
    "Result",
    "ResultFormat",
    "ServiceBusy",
    "SparqlError",
    "WorkerCrashed",
    "choose",
    "handle",
]

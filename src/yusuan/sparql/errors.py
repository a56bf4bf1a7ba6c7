"""What can go wrong with a query: one exception class for each HTTP status we answer with.

Every message is a plain sentence that says what was wrong and, where there is one, what to do
about it; it is safe to show to whoever sent the query.
"""

from typing import ClassVar


class SparqlError(Exception):
    """Base class: `status` is the HTTP status, `str(error)` the sentence to show."""

    status: ClassVar[int] = 500


class BadQuery(SparqlError):
    """The request is not a SPARQL 1.1 query we can read (syntax, length, nesting, bad IRI)."""

    status = 400


class QueryRefused(SparqlError):
    """The query is well-formed but asks for something never allowed here (update, SERVICE)."""

    status = 403


class NotAcceptable(SparqlError):
    """No format the client accepts can hold this kind of result."""

    status = 406


class QueryTooLarge(SparqlError):
    """The query needs more memory, or its result more bytes, than allowed.

    422 rather than 413 (which speaks about the request body) or 5xx (which invites a retry):
    the request was understood, and only a different query will succeed.
    """

    status = 422


class QueryTooSlow(SparqlError):
    """The query ran longer than allowed and was stopped.

    503 rather than 504, which is for gateways waiting on another server.
    """

    status = 503


class ServiceBusy(SparqlError):
    """All workers were occupied for the whole waiting time; the same query may succeed later."""

    status = 503


class WorkerCrashed(SparqlError):
    """The query engine failed or died on this query; other queries are not affected."""

    status = 500

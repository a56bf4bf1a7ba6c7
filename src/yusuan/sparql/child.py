"""What a worker does that parses and runs queries.

It may be killed at any moment and may crash on a hostile query; it holds the store read-only and
nothing else.
"""

import io
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from yusuan.workers.messages import Message, TaskRefused

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

__all__ = ["start"]


class _Sink(io.BytesIO):
    """Collects what the engine writes, up to a limit (so a huge result stops early)."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: "Buffer", /) -> int:
        if self.tell() + memoryview(data).nbytes > self._limit:
            raise TaskRefused("result")
        return super().write(data)


def start(store: str, max_bytes: int) -> Callable[[Mapping[str, Any], bytes], Message]:
    """What runs queries over the store in a directory; a result may have ``max_bytes``.

    Raises OSError or ValueError when the store cannot be opened.
    """
    opened = ox.Store.read_only(store)
    return lambda task, _: answer(opened, task, max_bytes)


_UNKNOWN_FUNCTION = re.compile(r"custom function (<[^<>]*>) is not supported")
"""What the engine says of functions (SPARQL 1.1 Query, section 17.6) that it does not have."""


def answer(store: ox.Store, task: Mapping[str, Any], max_bytes: int) -> Message:
    """The kind of a result and its serialisation; the task is a ``pool.Task``.

    Raises TaskRefused: syntax or value with the reason, format with the kind, or result.
    """
    try:
        return _run(store, task, max_bytes)
    except SyntaxError as error:
        raise TaskRefused("syntax", error.msg or "it cannot be parsed") from None
    except ValueError as error:
        raise TaskRefused("value", str(error)) from None
    except RuntimeError as error:
        if unknown := _UNKNOWN_FUNCTION.search(str(error)):
            raise TaskRefused("value", f"there is no function {unknown[1]}") from None
        raise


def _run(store: ox.Store, task: Mapping[str, Any], max_bytes: int) -> Message:
    dataset: dict[str, Any] = {"base_iri": task["base"]}
    if task["dataset"] is None:
        dataset["use_default_graph_as_union"] = task["union"]
    else:
        dataset["default_graph"] = [ox.NamedNode(iri) for iri in task["dataset"][0]]
        dataset["named_graphs"] = [ox.NamedNode(iri) for iri in task["dataset"][1]]
    found = store.query(task["query"], **dataset)
    sink = _Sink(max_bytes)
    if isinstance(found, ox.QueryTriples):
        if task["graph"] is None:
            raise TaskRefused("format", "graph")
        graph_format = ox.RdfFormat.from_media_type(task["graph"])
        found.serialize(sink, format=graph_format)
        return {"kind": "graph"}, sink.getvalue()
    kind = "solutions" if isinstance(found, ox.QuerySolutions) else "boolean"
    if task["results"] is None:
        raise TaskRefused("format", kind)
    result_format = ox.QueryResultsFormat.from_media_type(task["results"])
    found.serialize(sink, format=result_format)
    return {"kind": kind}, sink.getvalue()

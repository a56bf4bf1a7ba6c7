"""What a worker does that parses and runs queries.

It may be killed at any moment and may crash on a hostile query; it holds the store and the rows
read-only and nothing else. A query that can be is answered from the rows, in SQL; the others by the
store.
"""

import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from yusuan.workers.messages import Message, TaskRefused

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

    from yusuan.virtual_graph.answers import RowsEngine
    from yusuan.virtual_graph.patterns import Dataset

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


def start(
    store: str, max_bytes: int, rows: str = "", memory: int = 0
) -> Callable[[Mapping[str, Any], bytes], Message]:
    """What runs queries over the store in a directory; a result may have ``max_bytes``.

    ``rows`` is the file of the same package's rows, and ``memory`` what it may take, in bytes; without
    it the store answers all. Raises OSError or ValueError when one of
    them cannot be opened.
    """
    opened = ox.Store.read_only(store)
    if not rows:
        return lambda task, _: answer(opened, task, max_bytes)
    from yusuan.virtual_graph.answers import RowsEngine  # not what a store alone needs

    engine = RowsEngine(Path(rows), memory // 2)
    return lambda task, _: answer(opened, task, max_bytes, engine)


_UNKNOWN_FUNCTION = re.compile(r"custom function (<[^<>]*>) is not supported")
"""What the engine says of functions (SPARQL 1.1 Query, section 17.6) that it does not have."""


def answer(
    store: ox.Store, task: Mapping[str, Any], max_bytes: int, engine: "RowsEngine | None" = None
) -> Message:
    """The kind of a result and its serialisation, and what answered it; the task is a ``pool.Task``.

    Raises TaskRefused: syntax or value with the reason, format with the kind, or result.
    """
    try:
        if task["explain"]:
            return _explained(engine, task)
        found = _from_rows(engine, task, max_bytes) if engine else None
        return found or _run(store, task, max_bytes)
    except SyntaxError as error:
        raise TaskRefused("syntax", error.msg or "it cannot be parsed") from None
    except ValueError as error:
        raise TaskRefused("value", str(error)) from None
    except RuntimeError as error:
        if unknown := _UNKNOWN_FUNCTION.search(str(error)):
            raise TaskRefused("value", f"there is no function {unknown[1]}") from None
        raise


def _explained(engine: "RowsEngine | None", task: Mapping[str, Any]) -> Message:
    """The SQL that answers a query, or why the store does."""
    from yusuan.virtual_graph.relations import NotTranslated

    ox.Store().query(task["query"], base_iri=task["base"])
    try:
        if engine is None:
            raise NotTranslated("there is no file of rows")
        found = engine.translation(task["query"], _dataset(task), task["base"])
    except NotTranslated as reason:
        return {"kind": "explained", "engine": "store"}, f"-- store: {reason}\n".encode()
    sql = ";\n\n".join(selection.sql for selection in found.selections)
    nothing = "-- no row can match\n" if not sql and not found.described else ""
    return {"kind": "explained", "engine": "rows"}, f"-- rows\n{nothing}{sql}\n".encode()


def _dataset(task: Mapping[str, Any]) -> "Dataset":
    from yusuan.virtual_graph.patterns import Dataset

    given = task["dataset"]
    if given is None:
        return Dataset(unnamed_only=not task["union"])
    return Dataset(tuple(given[0]), tuple(given[1]), of_request=True)


def _from_rows(engine: "RowsEngine", task: Mapping[str, Any], max_bytes: int) -> Message | None:
    """The answer from the rows; None when the query is not one that SQL answers exactly."""
    from yusuan.virtual_graph.relations import NotTranslated

    ox.Store().query(task["query"], base_iri=task["base"])  # decides what is SPARQL, and raises
    try:
        found = engine.answer(task["query"], _dataset(task), task["base"])
    except NotTranslated:
        return None
    media_type = task["graph" if found.kind == "graph" else "results"]
    if media_type is None:
        raise TaskRefused("format", found.kind)
    sink = _Sink(max_bytes)
    try:
        found.write(sink, media_type)
    except NotTranslated:
        return None
    return {"kind": found.kind, "engine": "rows"}, sink.getvalue()


def _run(store: ox.Store, task: Mapping[str, Any], max_bytes: int) -> Message:
    dataset: dict[str, Any] = {"base_iri": task["base"]}
    if task["dataset"] is None:
        dataset["use_default_graph_as_union"] = task["union"]
    else:
        dataset["default_graph"] = [ox.NamedNode(iri) for iri in task["dataset"][0]]
        dataset["named_graphs"] = [ox.NamedNode(iri) for iri in task["dataset"][1]]
    found = store.query(task["entailed"], **dataset)
    sink = _Sink(max_bytes)
    if isinstance(found, ox.QueryTriples):
        if task["graph"] is None:
            raise TaskRefused("format", "graph")
        graph_format = ox.RdfFormat.from_media_type(task["graph"])
        found.serialize(sink, format=graph_format)
        return {"kind": "graph", "engine": "store"}, sink.getvalue()
    kind = "solutions" if isinstance(found, ox.QuerySolutions) else "boolean"
    if task["results"] is None:
        raise TaskRefused("format", kind)
    result_format = ox.QueryResultsFormat.from_media_type(task["results"])
    found.serialize(sink, format=result_format)
    return {"kind": kind, "engine": "store"}, sink.getvalue()

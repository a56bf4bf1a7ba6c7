"""The process that parses and runs queries: `python -m yusuan.sparql.child FD STORE MEMORY BYTES`.

It may be killed at any moment and may crash on a hostile query; it holds the store read-only and
nothing else. Over the connection FD it first sends a ready message, then answers each task (JSON)
with one message: a JSON header, a newline, and for a success the serialised result.
"""

import io
import sys
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from yusuan.process.sandbox import forbid_sockets, limit_memory
from yusuan.process.worker import Reply, answer_tasks, send_reply

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


class _Full(Exception):
    """The result has outgrown its limit."""


class _Sink(io.BytesIO):
    """Collects what the engine writes, up to a limit (so a huge result stops early)."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: "Buffer", /) -> int:
        if self.tell() + memoryview(data).nbytes > self._limit:
            raise _Full
        return super().write(data)


def main() -> None:
    fd, path, memory, max_bytes = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    connection = Connection(int(fd))
    try:
        store = ox.Store.read_only(path)
    except (OSError, ValueError) as error:
        send_reply(connection, ({"error": "store", "message": str(error)}, b""))
        return
    limit_memory(memory)
    forbid_sockets()
    answer_tasks(connection, lambda task: answer(store, task, max_bytes))


def answer(store: ox.Store, task: dict[str, Any], max_bytes: int) -> tuple[Reply, bool]:
    """Run one task; False when the process should not be used again."""
    try:
        return _run(store, task, max_bytes), True
    except SyntaxError as error:
        return _error("syntax", error.msg or "it cannot be parsed"), True
    except _Full:
        return _error("result"), True
    except MemoryError:
        return _error("memory"), False
    except ValueError as error:
        return _error("value", str(error)), True
    except BaseException as error:  # the engine's panics are not Exceptions
        return _error("engine", type(error).__name__), False


def _run(store: ox.Store, task: dict[str, Any], max_bytes: int) -> Reply:
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
            return _error("format", "graph")
        graph_format = ox.RdfFormat.from_media_type(task["graph"])
        found.serialize(sink, format=graph_format)
        return {"kind": "graph"}, sink.getvalue()
    kind = "solutions" if isinstance(found, ox.QuerySolutions) else "boolean"
    if task["results"] is None:
        return _error("format", kind)
    result_format = ox.QueryResultsFormat.from_media_type(task["results"])
    found.serialize(sink, format=result_format)
    return {"kind": kind}, sink.getvalue()


def _error(name: str, message: str = "") -> Reply:
    return {"error": name, "message": message}, b""


if __name__ == "__main__":
    main()

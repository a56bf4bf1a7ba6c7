"""How ``graph/budget.trig`` is laid out, so that it can be taken apart without a parser.

Each statement ends its line. What is in a named graph stands between a line that opens it and a
line ``}``; no literal has a line of its own, so such a line is never part of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

__all__ = ["in_graph", "runs"]

_CHUNK = 4_000_000
"""Bytes of a file that are read together."""
_OPEN = b"\nGRAPH "
_CLOSE = b"\n}\n"
_END = b" .\n"


def in_graph(text: bytes, graph: bytes) -> bytes:
    """Whole statements in a named graph, or as they are where there is none."""
    return b"GRAPH %b {\n%b}\n" % (graph, text) if graph and text else text


def runs(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """The name of a graph and whole statements in it, or nothing and some that are in none.

    Raises ValueError for a file that ends before a graph or a statement does.
    """
    text = b"\n"
    while chunk := stream.read(_CHUNK) + stream.readline():
        text += chunk
        done = 1
        while (start := text.find(_OPEN, done - 1) + 1) > 0:
            if start > done:
                yield b"", text[done:start]
            done = start
            if (end := text.find(_CLOSE, start)) < 0:
                break  # the rest of the graph is still to be read
            first = text.index(b"\n", start) + 1
            yield text[start + len(_OPEN) - 1 : first - 3], text[first : end + 1]
            done = end + len(_CLOSE)
        else:
            if (last := text.rfind(_END, done)) >= 0:
                yield b"", text[done : last + len(_END)]
                done = last + len(_END)
        text = b"\n" + text[done:]
    if text != b"\n":
        raise ValueError("it ends in the middle of a graph or a statement")

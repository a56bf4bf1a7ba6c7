"""Values of SQLite as JSON: blobs, which JSON lacks, as an object with their base 64."""

from __future__ import annotations

import base64
from typing import Any

__all__ = ["Value", "packed", "unpacked"]

Value = str | int | float | bytes | None


def packed(value: Value) -> Any:
    """
    >>> packed(b"a"), packed("a")
    ({'blob': 'YQ=='}, 'a')
    """
    return {"blob": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def unpacked(value: Any) -> Value:
    """
    >>> unpacked({"blob": "YQ=="}), unpacked(1.5)
    (b'a', 1.5)
    """
    result: Value = base64.b64decode(value["blob"]) if isinstance(value, dict) else value
    return result

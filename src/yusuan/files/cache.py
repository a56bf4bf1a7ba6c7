"""What takes longer to make of installed files than to read back, kept in the user's cache folder.

Nothing depends on it: what is missing, of another key or broken is made anew, and where the folder
cannot be written nothing is kept.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["cache_folder", "cached"]


def cached(name: str, key: str, make: Callable[[], Any]) -> Any:
    """The value kept under a name if it was kept for this key (one line), else what ``make`` gives.

    That is kept if it comes back from JSON as it was. Raises what ``make`` raises.
    """
    with contextlib.suppress(OSError, RuntimeError, ValueError):
        found, _, text = (cache_folder() / f"{name}.json").read_text("utf-8").partition("\n")
        if found == key:
            return json.loads(text)
    value = make()
    with contextlib.suppress(OSError, RuntimeError, TypeError, ValueError):
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if json.loads(text) == value:
            _write(cache_folder() / f"{name}.json", f"{key}\n{text}")
    return value


def cache_folder() -> Path:
    """Where ``cached`` keeps things; it need not exist. Raises RuntimeError for a user without a home."""
    if home := os.environ.get("XDG_CACHE_HOME"):
        return Path(home, "yusuan")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "yusuan"
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local, "yusuan", "cache")
    return Path.home() / ".cache" / "yusuan"


def _write(file: Path, text: str) -> None:
    """Write a file that others may be reading or writing."""
    file.parent.mkdir(0o700, parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=file.parent, prefix=f"{file.stem}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(partial).replace(file)
    except OSError:
        Path(partial).unlink(missing_ok=True)
        raise

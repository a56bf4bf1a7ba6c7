"""The process that reads one document again and writes the table around a cell as HTML.

The parsers meet files of strangers, so they get a process with limits. Asked with JSON as the
only argument; see ``drawing``.
"""

from __future__ import annotations

import contextlib
import json
import signal
import sys
from pathlib import Path
from typing import Any

from yusuan.model.errors import YusuanError
from yusuan.show.page_child import REFUSED
from yusuan.show.table import table_page
from yusuan.sources import read_document

MEMORY = 6 * 2**30
"""Bytes of address space; a child that parses a sheet has a limit of its own."""


def _main() -> int:
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows has no limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Leaving by an exception ends the processes that read parts of the document.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(REFUSED))
    asked: dict[str, Any] = json.loads(sys.argv[1])
    try:
        page = table_page(read_document(Path(asked["source"])), asked["fact"], asked["file"])
    except (YusuanError, MemoryError) as error:
        print(" ".join(str(error).split()) or type(error).__name__, file=sys.stderr)
        return REFUSED
    sys.stdout.buffer.write(page.encode())
    return 0


if __name__ == "__main__":
    sys.exit(_main())

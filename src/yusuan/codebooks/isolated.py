"""Read a codebook in a process of its own: a damaged file may hang or crash its parser."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

from yusuan.codebooks.read import codebook
from yusuan.codebooks.records import Codebook
from yusuan.model.errors import YusuanError
from yusuan.process import Child
from yusuan.process.sandbox import forbid_network, limit_memory
from yusuan.process.serialization import BadReply, RecordCodec
from yusuan.sources import limits, read_document

__all__ = ["read_codebook"]


def read_codebook(path: Path, list_id: str, year: int) -> Codebook:
    """Read one list of one year from a file.

    Raises YusuanError when the file cannot be read, holds no such list, or takes more time or
    memory than a list can need. Where connections cannot be handed to a child (Windows), it is
    read in this process, without limits.
    """
    if sys.platform == "win32":
        return codebook(read_document(path), list_id, year)
    try:
        child = Child("yusuan.codebooks.isolated")
    except OSError as error:
        raise YusuanError(f"no process can be started to read {path}: {error}") from error
    try:
        child.send(json.dumps([os.fsdecode(path), list_id, year]).encode())
        message = child.receive(time.monotonic() + limits.SECONDS)
        reply = RecordCodec(Codebook).decode(message, object)
    except TimeoutError:
        raise YusuanError(
            f"{path}: not read within {limits.SECONDS:g} seconds; save the pages that matter in a "
            "new file"
        ) from None
    except BadReply as error:
        raise YusuanError(
            f"{path}: could not be read because of a mistake in yusuan ({error}); please report it "
            "together with this file"
        ) from error
    except (EOFError, OSError) as error:
        status, _ = child.last_words()
        raise YusuanError(
            f"{path}: ended the process that read it (status {status}); it is damaged or too "
            "large. Open it in its program, save it in a new file and try again"
        ) from error
    finally:
        child.kill()
    if isinstance(reply, Codebook):
        return reply
    raise YusuanError(str(reply))


def _main() -> None:
    connection = Connection(int(sys.argv[1]))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    forbid_network()
    limit_memory(limits.MEMORY)
    path, list_id, year = json.loads(connection.recv_bytes())
    connection.send_bytes(RecordCodec(Codebook).encode(answer(Path(path), list_id, year)))


def answer(path: Path, list_id: str, year: int) -> Codebook | str:
    """The codebook, or why there is none."""
    try:
        return codebook(read_document(path), list_id, year)
    except YusuanError as error:
        return str(error)
    except MemoryError:
        return f"{path}: needs more than {limits.MEMORY // limits.MB} MB of memory to read"


if __name__ == "__main__":
    _main()

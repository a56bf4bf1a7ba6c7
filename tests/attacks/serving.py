"""A server of a package in a process of its own, watched from outside."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.serve.conftest import free_port

__all__ = ["Served", "served"]


@dataclass(frozen=True)
class Served:
    """A running ``yusuan serve``; ``log`` is what it writes, output and errors together."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def logged(self) -> int:
        """Bytes written into its log."""
        return self.log.stat().st_size

    def peak(self) -> int:
        """The most memory the server process itself ever had resident (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) << 10 if found else 0


@contextlib.contextmanager
def served(package: Path, files: int | None = None) -> Iterator[Served]:
    """A server of a package folder; ``files``: how many it may have open."""
    port = free_port()
    command = [sys.executable, "-m", "yusuan", "serve", str(package), "--port", str(port)]
    if files is not None:
        command = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh", *command]
    with tempfile.NamedTemporaryFile(prefix="served-", suffix=".log") as log:
        process = subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        server = Served(f"http://127.0.0.1:{port}", process, Path(log.name))
        try:
            deadline = time.monotonic() + 60
            while True:
                try:
                    httpx.get(server.url, timeout=10)
                    break
                except httpx.TransportError:
                    if time.monotonic() > deadline or process.poll() is not None:
                        raise
                    time.sleep(0.2)
            yield server
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

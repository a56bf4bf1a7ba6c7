"""One child process that runs a module of ours, seen from the parent.

A fresh interpreter is started rather than forked: the parent may be a server with threads,
and a fork of one may inherit locks held for ever. Nor is it multiprocessing's: that would
run the main module of whoever called us once more.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

__all__ = ["Child"]

_LAST_WORDS = 4000
_FAREWELL_SECONDS = 0.5
"""Time to stop what it started itself; one that is stuck in native code does not hear."""


class Child:
    """Not thread-safe, but for ``interrupt``. Messages are bytes, each received whole."""

    def __init__(self, module: str, *arguments: str, files: Sequence[int] = ()) -> None:
        """Start ``python -m module FD arguments…``; FD is the connection to us. It inherits the
        open ``files`` under their numbers.

        The child has our module search path and a session of its own, so that Ctrl-C reaches
        only us. Raises OSError when no process can be started.
        """
        self.connection, theirs = multiprocessing.Pipe()
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115, lives as long as self
        search_path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
        try:
            self.process = subprocess.Popen(
                # -P: the folder it starts in holds no modules of ours.
                [sys.executable, "-P", "-m", module, str(theirs.fileno()), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                pass_fds=(theirs.fileno(), *files),
                env={**os.environ, "PYTHONPATH": search_path, "RUST_BACKTRACE": "0"},
                start_new_session=True,
            )
        except OSError:
            self.connection.close()
            self._stderr.close()
            raise
        finally:
            theirs.close()
        self._killed = False

    def send(self, message: bytes) -> None:
        """Hand over a message. Raises OSError when the child is gone."""
        # Both sides write at the same place of the file: what it says next stands alone.
        self._stderr.seek(0)
        self._stderr.truncate()
        self.connection.send_bytes(message)

    def receive(self, deadline: float) -> bytes:
        """The next message. Raises TimeoutError after ``deadline`` (of time.monotonic), and
        EOFError or OSError when the child is gone."""
        if not self.connection.poll(max(0.0, deadline - time.monotonic())):
            raise TimeoutError
        return self.connection.recv_bytes()

    def lives(self) -> bool:
        return not self._killed and self.process.poll() is None

    def last_words(self) -> tuple[int, bytes]:
        """The exit status (negative: the signal) and the end of what a dead child complained."""
        try:
            status = self.process.wait(_FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()  # it closed the connection, but lives
            status = self.process.wait()
        self._stderr.seek(max(0, self._stderr.seek(0, os.SEEK_END) - _LAST_WORDS))
        return status, self._stderr.read()

    def kill(self) -> None:
        """End the process, at the latest after half a second; calling it again does nothing."""
        if self._killed:
            return
        self._killed = True
        self.process.terminate()
        try:
            self.process.wait(_FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        finally:
            self.connection.close()
            self._stderr.close()

    def interrupt(self) -> None:
        """Like kill, but from another thread: ``receive`` there then raises EOFError."""
        self.process.kill()

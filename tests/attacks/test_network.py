"""Processes that read documents have no network, and LibreOffice follows nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.attacks.victim import Listener
from yusuan.sources.legacy import read_legacy_text

PROBE = """
import socket, subprocess, sys
from yusuan.workers.system import forbid_network
forbid_network()
def tried(*kind):
    try:
        socket.socket(*kind).close()
        return "made"
    except OSError:
        return "refused"
print(tried(socket.AF_INET, socket.SOCK_STREAM), tried(socket.AF_INET6, socket.SOCK_DGRAM),
      tried(socket.AF_UNIX, socket.SOCK_STREAM))
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])))
except OSError:
    print("no connection")
child = "import socket; socket.create_connection(('127.0.0.1', int(__import__('sys').argv[1])))"
print(subprocess.run([sys.executable, "-c", child, sys.argv[1]], capture_output=True).returncode)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="filters of system calls are Linux's")
def test_a_reading_process_and_what_it_starts_make_no_connection() -> None:
    with Listener() as listener:
        done = subprocess.run(
            [sys.executable, "-c", PROBE, str(listener.port)], capture_output=True, text=True
        )
        assert done.stdout.split() == ["refused", "refused", "made", "no", "connection", "1"]
        assert listener.connections == 0


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_old_document_with_a_linked_picture_is_read_without_fetching_it() -> None:
    with Listener() as listener:
        address = f"http://127.0.0.1:{listener.port}/x.png"
        text = (
            r"{\rtf1\ansi budget {\field{\*\fldinst INCLUDEPICTURE "
            rf'"{address}" \\d}}{{\fldrslt }}}} of a department\par}}'
        )
        read_legacy_text(text.encode(), "a.doc")
        assert listener.connections == 0

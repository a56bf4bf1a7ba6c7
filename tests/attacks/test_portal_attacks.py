"""A CKAN that fails, in small; ``python -m tests.attacks.portal`` tries every fault."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from pathlib import Path

import pytest

from tests.attacks import portal
from tests.attacks.victim import victim
from yusuan import Package, YusuanError
from yusuan.portals.ckan_client import RemotePortal


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Package, Package]:
    """A package, and what it becomes."""
    folder = tmp_path_factory.mktemp("portal")
    before = portal.with_terms(victim(folder))
    return before, portal.changed(before, folder / "changed")


@pytest.mark.parametrize("point", portal.IN_SMALL, ids=str)
def test_a_portal_that_fails_does_no_harm(
    states: tuple[Package, Package], point: portal.Point, tmp_path: Path
) -> None:
    assert list(portal.mistakes(*states, point, tmp_path)) == []


RIGHT = b"HTTP/1.1 200 OK\r\n"
TRICKLES: dict[str, tuple[bytes, bytes]] = {
    "the status": (RIGHT[:-2], b"K"),
    "heads": (RIGHT, b"X: y\r\n"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body": (RIGHT + b"Content-Length: 90000\r\n\r\n", b" "),
    "a body without a length": (RIGHT + b"\r\n", b" "),
    "a chunk": (RIGHT + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n", b" "),
    "the size of a chunk": (RIGHT + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
}
"""What a portal answers at once, and what it sends then, again and again."""


@pytest.mark.parametrize(("begin", "piece"), TRICKLES.values(), ids=TRICKLES)
def test_an_answer_does_not_trickle_for_ever(begin: bytes, piece: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def trickle() -> None:
            line, _ = listener.accept()
            with line, contextlib.suppress(OSError):
                line.recv(1 << 16)
                line.sendall(begin)
                while True:
                    line.sendall(piece)
                    time.sleep(0.02)

        threading.Thread(target=trickle, daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        portal = RemotePortal(url, "token", (1, 0.15))
        with pytest.raises(YusuanError, match="its answer does not end; nothing more was done"):
            portal.call("status_show")


def test_the_faults_are_many() -> None:
    assert len(portal.points()) > 500

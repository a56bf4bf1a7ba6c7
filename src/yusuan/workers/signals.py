"""Being told to end: a signal as an exception, so that what was begun is cleaned up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["cleaning_up", "undisturbed"]

_ENDING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # fmt: skip
_depth = [0]
_waiting: list[int] = []


@contextmanager
def cleaning_up() -> Iterator[None]:
    """Within, SIGTERM and SIGHUP raise SystemExit instead of ending the process on the spot.

    Nothing changes where the program has a handler of its own, nor outside the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = {number: _end for number in _ENDING if signal.getsignal(number) is signal.SIG_DFL}
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        taken[signal.SIGINT] = _end
    before = {number: signal.signal(number, handler) for number, handler in taken.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Within, a signal waits until the end: for the moment between making a file and knowing it."""
    _depth[0] += 1
    try:
        yield
    finally:
        _depth[0] -= 1
        if _waiting and not _depth[0] and threading.current_thread() is threading.main_thread():
            _leave(_waiting.pop())


def _end(number: int, frame: FrameType | None) -> None:
    if _depth[0]:
        _waiting.append(number)
    else:
        _leave(number)


def _leave(number: int) -> None:
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    signal.signal(number, signal.SIG_IGN)  # a second one must not disturb the cleaning up
    raise SystemExit(128 + number)

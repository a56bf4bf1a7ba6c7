"""Being told to end: a signal as an exception, so that what was begun is cleaned up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Ended", "cleaning_up", "undisturbed"]

_ENDING = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # fmt: skip
_told: list[int] = []
"""Signals that came within the outermost ``cleaning_up``."""
_depth = [0]
_waiting: list[int] = []


class Ended(SystemExit):
    """The process was told to end by a signal; the exit status is 128 and its number."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.signal = signal.Signals(number).name


@contextmanager
def cleaning_up() -> Iterator[None]:
    """Within, SIGTERM and SIGHUP raise ``Ended`` instead of ending the process on the spot.

    Whatever a library makes of that exception (DuckDB turns it into one of its own), it leaves
    as what it was. Nothing changes where the program has a handler of its own, nor outside the
    main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = {number: _end for number in _ENDING if signal.getsignal(number) is signal.SIG_DFL}
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        taken[signal.SIGINT] = _end
    before = {number: signal.signal(number, handler) for number, handler in taken.items()}
    if taken:
        _told.clear()
    try:
        yield
    except Exception as error:
        if _told:
            raise _ending(_told[-1]) from error
        raise
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
    _told.append(number)
    if number != signal.SIGINT:
        signal.signal(number, signal.SIG_IGN)  # a second one must not disturb the cleaning up
    raise _ending(number)


def _ending(number: int) -> BaseException:
    return KeyboardInterrupt() if number == signal.SIGINT else Ended(number)

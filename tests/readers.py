"""Reader processes that all tests of a worker share: a new one takes a second to learn the words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import pytest

from yusuan import pipeline
from yusuan.process import Child
from yusuan.reading import Readers

__all__ = ["shared_readers"]


@contextmanager
def shared_readers() -> Iterator[None]:
    """Documents are read in processes as ever, which the next test takes over when idle.

    A test that changes what a process takes over as it starts, as words or lists of its own,
    starts its own.
    """
    usual = _surroundings()
    idle: list[Child] = []

    class Shared(Readers):
        def __enter__(self) -> Readers:
            if _surroundings() == usual:
                self._idle, idle[:] = idle[:], []
            return self

        def __exit__(
            self,
            kind: type[BaseException] | None,
            error: BaseException | None,
            trace: TracebackType | None,
        ) -> None:
            if error is None and _surroundings() == usual:
                idle.extend(self._idle)
                self._idle = []
            self.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "Readers", Shared)
        yield
    for child in idle:
        child.kill()


def _surroundings() -> tuple[Path, dict[str, str]]:
    changing = "PYTEST_CURRENT_TEST"
    return Path.cwd(), {name: os.environ[name] for name in os.environ if name != changing}

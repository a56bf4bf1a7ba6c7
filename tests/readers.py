"""Reader processes that all tests of a worker share: a new one takes a second to learn the words.

Documents that no test changes, the sample and the corpus, are read once in a run of the tests.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import pytest

from yusuan import checking
from yusuan.reading import Read, Readers
from yusuan.sources import limits
from yusuan.workers.pool import WorkerPool

__all__ = ["shared_readers"]


@contextmanager
def shared_readers(kept: Path, lasting: Sequence[Path]) -> Iterator[None]:
    """Documents are read in processes as ever, which the next test takes over when idle.

    What was read in the folders ``lasting`` is kept in the folder ``kept``, for all workers of
    the run. A test that changes what a process takes over as it starts, as words or lists of its
    own, starts its own and reads anew.
    """
    usual = _surroundings()
    idle: list[WorkerPool] = []

    class Shared(Readers):
        def __enter__(self) -> Readers:
            if _surroundings() == usual and self._memory == limits.MEMORY and idle:
                self._pool.close()
                self._pool = idle.pop()
            return self

        def __exit__(
            self,
            kind: type[BaseException] | None,
            error: BaseException | None,
            trace: TracebackType | None,
        ) -> None:
            if error is None and _surroundings() == usual and not self._pool.busy and not idle:
                idle.append(self._pool)
            else:
                self.close()

        def read(self, paths: Sequence[Path]) -> Iterator[Read]:
            files = [kept / _name(path) if _lasts(path) else None for path in paths]
            known = [file is not None and file.exists() for file in files]
            anew = super().read(
                [path for path, found in zip(paths, known, strict=True) if not found]
            )
            for file, found in zip(files, known, strict=True):
                if file is not None and found:
                    yield pickle.loads(file.read_bytes())
                    continue
                result = next(anew)
                if file is not None and result.kind == "read":
                    partial = file.with_name(f"{file.name}.{os.getpid()}")
                    partial.write_bytes(pickle.dumps(result))
                    partial.replace(file)
                yield result

    def _lasts(path: Path) -> bool:
        return _surroundings() == usual and any(path.is_relative_to(folder) for folder in lasting)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "Readers", Shared)
        yield
    for pool in idle:
        pool.close()


def _name(path: Path) -> str:
    """A name for what is read of a file: it depends on path and content."""
    return hashlib.sha256(f"{path}\n".encode() + path.read_bytes()).hexdigest()


def _surroundings() -> tuple[Path, dict[str, str]]:
    changing = "PYTEST_CURRENT_TEST"
    return Path.cwd(), {name: os.environ[name] for name in os.environ if name != changing}

"""Files and folders that are whole or not there, whatever ends the process that writes them.

What is written stands beside its target under a name of ours (``.yusuan-…``) until it is whole, and
takes the place of the target in one step of the kernel: an exchange, where there was something
before. What a killed process leaves is swept when the next one writes into the same folder: each
holds a lock on what it makes, which the kernel releases with its death.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from yusuan.files.resolve import without_links
from yusuan.model.errors import YusuanError
from yusuan.workers import system
from yusuan.workers.signals import cleaning_up, undisturbed

__all__ = [
    "named",
    "scratch_folder",
    "settle",
    "sole_writer",
    "sweep",
    "whole_file",
    "whole_folder",
    "whole_set",
]

_PREFIX = ".yusuan-"
_COMMITTED = ".committed"
"""Files that are whole, on their way to their places."""
_ABANDONED_SECONDS = 24 * 3600
_BEFORE = ".before"
"""What stood at a target, while the file system cannot exchange two names in one step."""


@contextmanager
def whole_folder(target: Path, mode: int | None = None) -> Iterator[Path]:
    """A new folder to write into, which takes the target's place when the block succeeds.

    What stood there goes only when the new one stands. Raises YusuanError naming the file when
    something cannot be written, as on a full disk; then the target is what it was. ``mode`` is
    what the process's mask leaves of 0777, unless given.
    """
    target = without_links(target)
    with cleaning_up(), _beside(target) as made:
        if mode is None:
            mask = os.umask(0)
            os.umask(mask)
            mode = 0o777 & ~mask
        made.chmod(mode)
        with _telling(made, target):
            yield made
            with undisturbed():
                _replace(made, target)


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A path to write a file at, which takes the target's place when the block succeeds.

    Raises YusuanError as ``whole_folder`` does.
    """
    target = target.absolute()
    with cleaning_up(), _beside(target, False) as around, _telling(around / target.name, target):
        made = around / target.name
        yield made
        with undisturbed():
            made.replace(target)


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """A new folder in ``parent``, else where temporary files are, that only its owner can read, gone
    at the end with all it holds.

    What a killed process left there is gone as well. Raises YusuanError where none can be made.
    """
    parent = Path(tempfile.gettempdir()) if parent is None else parent.absolute()
    with cleaning_up(), _beside(parent / "scratch") as made:
        yield made


@contextmanager
def whole_set(root: Path) -> Iterator[Path]:
    """A folder to write files into at their paths below ``root``: all take their places, or none.

    Once all are written, one rename commits them; whoever is killed after it has them put in place
    by the next reader, who calls ``settle``. Raises YusuanError as ``whole_folder`` does.
    """
    root = root.absolute()
    with cleaning_up(), _beside(root / "files") as made, _telling(made, root):
        yield made
        with undisturbed():
            settle(root)
            made.rename(root / _COMMITTED)
            settle(root)


def settle(root: Path) -> None:
    """Put in place what a process had committed below ``root`` before it was killed."""
    if not os.path.isdir(f"{root}{os.sep}{_COMMITTED}"):  # noqa: PTH112, this is asked a lot
        return
    committed = root / _COMMITTED
    for path in sorted(committed.rglob("*")):
        if path.is_file():
            target = root / path.relative_to(committed)
            target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):  # another reader was faster
                path.replace(target)
    shutil.rmtree(committed, ignore_errors=True)


@contextmanager
def sole_writer(target: Path, reading: bool = False) -> Iterator[Callable[[], None]]:
    """Within, no other process that asks here writes a folder; with ``reading`` others may read it
    as well, and it need not be there.

    What is given is to be called before the folder is replaced: it raises YusuanError where that is
    not the one that was there (on a system without locks, or where there was none yet). Raises
    YusuanError where another process is at work.
    """
    with contextlib.ExitStack() as locks:
        while True:
            before = _identity(target)
            if before is None or not _locked(target, reading, locks):
                break
            if _identity(target) == before:  # or it was replaced before the lock was ours
                break
            locks.close()

        def unchanged() -> None:
            if _identity(target) != before:
                raise YusuanError(
                    f"{target}: another process has written it meanwhile, and that stays; "
                    "run this again"
                )

        yield unchanged


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _locked(folder: Path, reading: bool, locks: contextlib.ExitStack) -> bool:
    """Hold the lock on a folder until the stack is closed; False where nothing can be locked."""
    try:
        handle = system.opened_to_lock(folder)
    except OSError:
        return False
    if handle is None:
        return False
    locks.callback(os.close, handle)
    ours = system.locked(handle, reading)
    if ours is False:
        raise YusuanError(
            f"{folder}: another process is writing it; wait until that has ended, then run this again"
        )
    if ours:
        locks.callback(system.unlocked, handle)
    return bool(ours)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Within, an error of the system that names no file (a full disk) is raised as an OSError that
    names this one, and so is one of SQLite or of the graph's store, which has words but no number."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise _numbered(error, "No space left", path) from error
        if error.filename is None:
            error.filename = str(path)
        raise
    except sqlite3.OperationalError as error:
        raise _numbered(error, "full", path) from error


def _numbered(error: Exception, full: str, path: Path) -> OSError:
    """An error as the system would raise it; ``full`` are its words for a full disk."""
    if full in str(error):
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
    return OSError(errno.EIO, str(error), str(path))


def sweep(folder: Path) -> None:
    """Remove what killed processes left in a folder, and put back what they were replacing.

    What a running process is making is locked, and stays; where nothing can be locked, what was made
    less than a day ago stays.
    """
    try:
        found = [path for path in folder.iterdir() if path.name.startswith(_PREFIX)]
    except OSError:
        return
    for path in found:
        with contextlib.suppress(OSError), _lock(path) as ours:
            if ours is False or not os.path.lexists(path):
                continue
            name = path.name.removeprefix(_PREFIX)
            target = folder / name[: -len(_BEFORE) - 9] if name.endswith(_BEFORE) else None
            if target is not None and not os.path.lexists(target):
                path.rename(target)
            elif ours is None and time.time() - path.stat().st_mtime < _ABANDONED_SECONDS:
                continue
            elif path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()


@contextmanager
def _beside(target: Path, folders: bool = True) -> Iterator[Path]:
    """A new folder beside a target, locked, that is gone at the end whatever it then holds.

    The ``folders`` that the target is to lie in are made, unless not wanted.
    """
    made, lock = None, contextlib.ExitStack()
    try:  # from the first, for a signal that waits meanwhile is raised where `undisturbed` ends
        try:
            if folders:
                target.parent.mkdir(parents=True, exist_ok=True)
            sweep(target.parent)
            with undisturbed():
                while made is None:  # a sweep of another process may come before our lock
                    lock.close()
                    prefix = f"{_PREFIX}{target.name[:100]}-"
                    new = Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))
                    if lock.enter_context(_lock(new)) is not False and new.is_dir():
                        made = new
        except OSError as error:
            raise YusuanError(f"{target}: cannot be written: {error.strerror or error}") from error
        yield made
    finally:
        with undisturbed():
            if made is not None:
                shutil.rmtree(made, ignore_errors=True)
            lock.close()


@contextmanager
def _lock(path: Path) -> Iterator[bool | None]:
    """Whether the lock on a file or folder is ours; None where nothing can be locked."""
    handle = system.opened_to_lock(path, links=False)
    if handle is None:
        yield None
        return
    try:
        yield system.locked(handle)
    finally:
        os.close(handle)


@contextmanager
def _telling(made: Path, target: Path) -> Iterator[None]:
    """Errors of the system as a sentence that names the file where it would have stood."""
    try:
        yield
    except OSError as error:
        concerned = error.filename2 or error.filename  # of a copy, the one that is written
        name = os.fsdecode(concerned) if concerned else str(target)
        shown = name.replace(str(made), str(target))
        raise YusuanError(
            f"{shown}: cannot be written: {error.strerror or error}; nothing was changed"
        ) from error


def _replace(made: Path, target: Path) -> None:
    """Put the made folder in the target's place; afterwards ``made`` is what stood there."""
    if not os.path.lexists(target):
        made.rename(target)
        return
    if system.exchanged(made, target):
        return
    # Two steps. Killed between them, the next run finds the old folder by its name.
    before = made.with_name(made.name + _BEFORE)
    target.rename(before)
    try:
        made.rename(target)
    except BaseException:
        before.rename(target)
        raise
    shutil.rmtree(before, ignore_errors=True)

"""Putting a finished folder in its place: all of it or none of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yusuan.model.errors import YusuanError

__all__ = ["replaced"]

_MARKERS = ("datapackage.json", "dataset.jsonld")


@contextmanager
def replaced(out: Path, package: Path) -> Iterator[Path]:
    """A new folder to write into, which takes the place of ``out`` when the block succeeds.

    Raises YusuanError when ``out`` holds anything but an earlier publication, or overlaps
    the package. When the block fails ``out`` stays as it was.
    """
    out = out.resolve()
    _check(out, package.resolve())
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise YusuanError(f"{out}: cannot be written: {error.strerror}") from error
    try:
        # mkdtemp is private to its maker; a web server has to be able to read the result.
        mask = os.umask(0)
        os.umask(mask)
        staging.chmod(0o777 & ~mask)
        yield staging
        _exchange(staging, out)
    except OSError as error:
        raise YusuanError(f"{out}: cannot be written: {error}; nothing was changed") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _check(out: Path, package: Path) -> None:
    if out.is_relative_to(package) or package.is_relative_to(out):
        raise YusuanError(
            f"{out}: the site and the package {package} overlap; choose another folder"
        )
    if not out.exists():
        return
    if not out.is_dir():
        raise YusuanError(f"{out}: is a file; choose a folder")
    if any(out.iterdir()) and not all((out / marker).is_file() for marker in _MARKERS):
        raise YusuanError(
            f"{out}: not empty, and not a site that yusuan published "
            f"({' and '.join(_MARKERS)} are not both there); choose an empty folder"
        )


def _exchange(staging: Path, out: Path) -> None:
    if not out.exists():
        staging.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    out.rename(old / "site")
    try:
        staging.rename(out)
    except OSError:
        (old / "site").rename(out)
        raise
    finally:
        # Only once a site is in place again may the other copy go.
        if out.exists():
            shutil.rmtree(old, ignore_errors=True)

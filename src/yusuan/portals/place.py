"""Putting a finished folder in its place: all of it or none of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yusuan.files.atomic import whole_folder
from yusuan.files.resolve import without_links
from yusuan.model.errors import YusuanError

__all__ = ["replaced"]

_MARKERS = ("datapackage.json", "dataset.jsonld")


@contextmanager
def replaced(out: Path, package: Path) -> Iterator[Path]:
    """A new folder to write into, which takes the place of ``out`` when the block succeeds.

    Raises YusuanError when ``out`` holds anything but an earlier publication, or overlaps
    the package. When the block fails ``out`` stays as it was.
    """
    out = without_links(out)
    _check(out, package.resolve())
    with whole_folder(out) as folder:
        yield folder


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

"""The whole way from documents to a package with its database and graph, in one place."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from yusuan.checking import CheckedSources, Progress, check_sources
from yusuan.checks import check
from yusuan.corrections import (
    AppliedPatches,
    Patch,
    compared,
    corrected_contents,
    corrections_of,
    read_patch,
)  # fmt: skip
from yusuan.database import write_database
from yusuan.files.atomic import whole_folder
from yusuan.files.resolve import inside, without_links
from yusuan.graph import write_graph
from yusuan.model.errors import YusuanError
from yusuan.package import Package, open_package, write_package
from yusuan.package.descriptor import SETTINGS, publication
from yusuan.package.join import join_settings, write_joined
from yusuan.workers.signals import cleaning_up

__all__ = ["CheckedSources", "build", "check_sources", "link"]

DATABASE = "budget.db"


def build(
    sources: str | Path | Sequence[str | Path],
    output: str | Path | None = None,
    *,
    base: str | None = None,
    licence: str | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
    warn: Callable[[str], None] | None = None,
    patches: Sequence[str | Path] = (),
    applied: Callable[[AppliedPatches], None] | None = None,
) -> Package:
    """Build one package of all the disclosures given: files or folders.

    Without ``output`` the package lives in a temporary folder as long as the returned
    object. ``base`` is the prefix of every IRI. A file that cannot be read is left out and
    reported to ``warn``. ``patches`` are files of ``yusuan check --propose`` that reviewers
    have filled in: what they accept is in ``corrections``, beside what is published, and
    ``applied`` is told.

    Raises YusuanError when nothing could be built, ``output`` holds something else than
    a package, or a patch does not fit; then ``output`` is untouched.
    """
    settings = publication(base, licence)
    target = without_links(Path(output)) if output is not None else None
    if target is not None:
        _may_replace(target)
    signed = [read_patch(Path(path)) for path in patches]  # mistakes are told before the long part
    checked = check_sources(sources, jobs=jobs, progress=progress)
    for message in (*checked.skipped, *checked.repeated):
        (warn or _ignore)(message)
    result = _corrected(signed, checked) if signed else None
    if result:
        checked.contents.corrections = list(result.corrections)
    with _replacing(target) as folder:
        write_package(checked.contents, checked.findings, folder, settings)
        _complete(folder)
    if applied and result:
        applied(result)
    return _opened(folder, target)


def link(
    folders: Sequence[str | Path],
    output: str | Path | None = None,
    *,
    base: str | None = None,
    licence: str | None = None,
    warn: Callable[[str], None] | None = None,
) -> Package:
    """Join built packages into one and link what they hold; no source is read again.

    Without ``output`` the package lives as long as the returned object. ``warn`` is told of
    documents that are in several packages: they count once.

    Raises YusuanError when a folder holds no package, ``output`` is one of them or holds
    something else, or the packages do not fit together; then ``output`` is untouched.
    """
    packages = [open_package(folder) for folder in dict.fromkeys(Path(f) for f in folders)]
    if not packages:
        raise YusuanError("nothing to join: no package was given")
    target = without_links(Path(output)) if output is not None else None
    if target is not None:
        _may_replace(target)
        if any(package.folder.resolve() == target for package in packages):
            raise YusuanError(f"{output}: one of the packages to join; give another folder")
    settings = join_settings(packages, base, licence)
    with _replacing(target) as folder:
        for message in write_joined(packages, folder, settings):
            (warn or _ignore)(message)
        _complete(folder)
    return _opened(folder, target)


def _complete(folder: Path) -> None:
    """The database and the graph of the package that was just written."""
    package = open_package(folder)
    write_database(package, folder / DATABASE)
    write_graph(package, folder)


def _corrected(patches: Sequence[Patch], checked: CheckedSources) -> AppliedPatches:
    """What the patches say, with the errors that would be left if the numbers were corrected."""
    result = corrections_of(patches, checked.contents, checked.findings)
    corrected = checked.findings
    if result.corrections:
        corrected = check(corrected_contents(checked.contents, result.corrections))
    return compared(result, checked.findings, corrected)


def _ignore(message: str) -> None:
    return None


_OURS = frozenset(
    {"datapackage.json", "csv-metadata.json", "data", "source", "graph", DATABASE, SETTINGS}
)


def _may_replace(target: Path) -> None:
    """Refuse to replace what is not a package of ours, or holds something else as well."""
    if not target.exists():
        return
    if not target.is_dir():
        raise YusuanError(f"{target}: a file is in the way; give a folder for the package")
    entries = {path.name for path in target.iterdir()}
    foreign = sorted(entries - _OURS)
    if entries and entries != {"source"} and not foreign:
        open_package(target)  # says so when it is a package of another program
    if foreign:
        raise YusuanError(
            f"{target}: this folder also holds {', '.join(foreign[:5])}, which yusuan did not "
            "write; give an empty or new folder, so that nothing of yours is lost"
        )


@contextmanager
def _replacing(target: Path | None) -> Iterator[Path]:
    """A new folder that takes the target's place when all went well, and vanishes otherwise."""
    if target is not None:
        with whole_folder(target, 0o755) as folder:
            yield folder
            if (target / SETTINGS).exists():
                shutil.copyfile(inside(target, SETTINGS), folder / SETTINGS)
        return
    with cleaning_up():
        folder = Path(tempfile.mkdtemp(prefix="yusuan-"))
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _opened(folder: Path, target: Path | None) -> Package:
    if target is not None:
        return open_package(target)
    package = open_package(folder)
    weakref.finalize(package, shutil.rmtree, folder, ignore_errors=True)
    return package

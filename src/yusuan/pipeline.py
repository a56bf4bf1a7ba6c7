"""The whole way from documents to a package with its database and graph, in one place."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from yusuan.checking import CheckedSources, Progress, check_sources
from yusuan.checks import check
from yusuan.corrections import (
    AppliedPatches,
    Patch,
    carried_patches,
    compared,
    corrected_contents,
    corrections_of,
    read_patch,
)  # fmt: skip
from yusuan.database import SEARCH, write_database, write_search
from yusuan.facts import in_order
from yusuan.files.atomic import scratch_folder, sole_writer, whole_folder
from yusuan.files.resolve import inside, without_links
from yusuan.graph.write import write_graph
from yusuan.model.errors import YusuanError
from yusuan.model.records import DocumentRecord, Unrecognised
from yusuan.model.text import day, printable
from yusuan.package import Package, open_package, write_package
from yusuan.package.descriptor import DESCRIPTOR, SETTINGS, publication
from yusuan.package.join import join_settings, write_joined
from yusuan.package.read import records
from yusuan.reading import KeptReadings
from yusuan.sources import find_sources
from yusuan.sources.files import read_file, shown_name
from yusuan.sources.manifest import COLUMNS, Provenance, official_address, provenance_of
from yusuan.virtual_graph import ROWS
from yusuan.workers.signals import cleaning_up

__all__ = ["CheckedSources", "build", "check_sources", "link", "update"]

DATABASE = "budget.db"


@dataclass(frozen=True, slots=True)
class _Given:
    """What a package is made of: files, where each is from, patches, and, where it is updated, the
    entries of files that gave nothing before."""

    paths: Sequence[Path]
    provenance: Mapping[Path, Provenance]
    patches: Sequence[Patch]
    unread: Sequence[Unrecognised] = ()
    held: Mapping[Path, DocumentRecord] = field(default_factory=dict)
    """Documents of the package that is updated; none of them may be lost."""


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
    source_url: str | None = None,
    available: str | None = None,
    replaces: Sequence[str] = (),
    kept: KeptReadings | None = None,
) -> Package:
    """Build one package of all the disclosures given: files or folders, in the order of their names.

    Without ``output`` the package lives in a temporary folder as long as the returned
    object. ``base`` is the prefix of every IRI. A file that cannot be read is left out and
    reported to ``warn``. ``patches`` are files of ``yusuan check --propose`` that reviewers
    have filled in: what they accept is in ``corrections``, beside what is published, and
    ``applied`` is told. Where files are from is said by the manifest of their folder
    (``sources.csv``), or by ``source_url``, ``available`` (a date) and ``replaces`` (names of files)
    for a single one. What the last runs read of the same
    files is not read again; it is kept in the user's cache folder, or in ``kept``.

    Raises YusuanError when nothing could be built, ``output`` holds something else than
    a package, a manifest is wrong, or a patch does not fit; then ``output`` is untouched.
    """
    settings = publication(base, licence)
    target = without_links(Path(output)) if output is not None else None
    if target is not None:
        _may_replace(target)
    signed = [read_patch(Path(path)) for path in patches]  # mistakes are told before the long part
    paths, provenance = _found(sources, source_url, available, replaces)
    given = _Given(paths, provenance, signed)
    with _sole_writer(target) as unchanged:
        return _made(
            given, target, settings, jobs, progress, warn or _ignore, applied, unchanged, kept
        )


def update(
    package: str | Path,
    sources: str | Path | Sequence[str | Path],
    output: str | Path | None = None,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    warn: Callable[[str], None] | None = None,
    patches: Sequence[str | Path] = (),
    applied: Callable[[AppliedPatches], None] | None = None,
    source_url: str | None = None,
    available: str | None = None,
    replaces: Sequence[str] = (),
) -> Package:
    """A package with more disclosures: further years, other departments, corrected reissues.

    It takes the place of ``package``, or is written to ``output``. The result is that of building
    all documents anew, byte for byte; those of the package are read again only where what was
    read of them is no longer kept. A document whose tables are printed anew stays, and does not
    count (``revisions``); which is the later one is said by ``yusuan.facts.revisions``. What a
    manifest says of a document takes the place of what the package says, and that is told. Signed corrections stay; ``warn`` is told of those whose document was
    superseded, and of those that no longer fit, which are left out.

    Raises YusuanError as ``build``, and where ``package`` is none or lacks its sources; then
    nothing has changed.
    """
    root = without_links(Path(package))
    target = without_links(Path(output)) if output is not None else root
    tell = warn or _ignore
    others = nullcontext() if target == root else sole_writer(root, reading=True)
    with _sole_writer(target) as unchanged, others:
        earlier = open_package(root)
        _may_replace(target)
        signed = [read_patch(Path(path)) for path in patches]
        paths, provenance = _found(sources, source_url, available, replaces)
        with scratch_folder() as scratch:
            held = earlier.named_sources(scratch)
            given = _with_further(earlier, held, paths, provenance, signed, tell)

            def told(message: str) -> None:
                for path, record in held.items():
                    message = message.replace(str(path), record.file)
                tell(message)

            settings = join_settings([earlier])
            made = _made(given, target, settings, jobs, progress, told, applied, unchanged)
    _tell_superseded(made, tell)
    return made


def _with_further(
    earlier: Package,
    held: Mapping[Path, DocumentRecord],
    paths: Sequence[Path],
    provenance: Mapping[Path, Provenance],
    signed: Sequence[Patch],
    tell: Callable[[str], None],
) -> _Given:
    """What a package is made of, with further files and patches."""
    old = {(record.sha256, record.file) for record in held.values()}
    # one that is given again under another name counts under the first of its names, as in a build
    fresh = [path for path in paths if (_digest(path), _name(path)) not in old]
    given = [(path, said, _digest(path)) for path, said in provenance.items()]
    stated: dict[Path, Provenance] = {}
    for path, record in held.items():
        said = Provenance()
        for other, of_other, digest in given:
            if digest == record.sha256:
                said = said.and_also(of_other, _name(other))
        before = Provenance.of(record)
        stated[path] = replace(before.but(said), place="")
        changed = [name for name in COLUMNS if name != "replaces"
                   and None not in (getattr(before, name), getattr(said, name))
                   and getattr(before, name) != getattr(said, name)]  # fmt: skip
        for name in changed:
            tell(f"{record.file}: {name} was {getattr(before, name)}, is {getattr(said, name)} now")
    digests = {record.sha256 for record in held.values()}
    names = {path.name for path in (*held, *paths)}
    return _Given(
        [*held, *fresh],
        {**{path: said for path, said, digest in given if digest not in digests}, **stated},
        [*_carried(earlier), *signed],
        [each for each in records(earlier, "unrecognised", Unrecognised)
         if each.document is None and each.file not in names],
        held,
    )  # fmt: skip


def _found(
    sources: str | Path | Sequence[str | Path],
    source_url: str | None,
    available: str | None,
    replaces: Sequence[str],
) -> tuple[list[Path], dict[Path, Provenance]]:
    """The files among the sources, and where they are from."""
    targets = [Path(path) for path in ([sources] if isinstance(sources, (str, Path)) else sources)]
    paths = find_sources(targets)
    provenance = provenance_of(targets, paths)
    if source_url is None and available is None and not replaces:
        return paths, provenance
    option = (
        "--source-url" if source_url is not None else "--available" if available else "--replaces"
    )
    if len(paths) != 1:
        raise YusuanError(
            f"{option} is about one file, but {len(paths)} are given; write a manifest "
            "(sources.csv) beside them"
        )
    try:
        address = official_address(source_url) if source_url is not None else None
    except ValueError as error:
        raise YusuanError(f"--source-url {printable((source_url or '')[:200])}: {error}") from None
    dated = day(available) if available is not None else None
    if available is not None and dated is None:
        raise YusuanError(f"--available {printable(available)[:200]}; write it like 2026-03-01")
    said = Provenance(address, dated, None, tuple(replaces), option)
    provenance[paths[0]] = provenance.get(paths[0], Provenance()).but(said)
    return paths, provenance


@cleaning_up()
def _made(
    given: _Given,
    target: Path | None,
    settings: Mapping[str, Any],
    jobs: int,
    progress: Progress | None,
    warn: Callable[[str], None],
    applied: Callable[[AppliedPatches], None] | None,
    unchanged: Callable[[], None],
    kept: KeptReadings | None = None,
) -> Package:
    """The package of what is given; the order of files is that of their names, so that it does
    not depend on where they lie or when they were added."""
    paths = sorted(given.paths, key=lambda path: (_name(path), _digest(path)))
    checked = check_sources(
        paths,
        jobs=jobs,
        progress=progress,
        kept=kept or KeptReadings(),
        provenance=given.provenance,
    )
    for message in (*checked.skipped, *checked.repeated, *checked.misnamed):
        warn(message)
    contents = checked.contents
    known = {record.sha256 for record in contents.documents}
    if lost := [record.file for record in given.held.values() if record.sha256 not in known]:
        raise YusuanError(
            f"{printable(', '.join(lost[:5]))}: in the package, but nothing is read of it now; if "
            "the package was built with --schemas, give the same folder"
        )
    if given.unread:
        contents.unrecognised = in_order([*given.unread, *contents.unrecognised])
    result = _corrected(given.patches, checked) if given.patches else None
    if result:
        contents.corrections = list(result.corrections)
        for message in result.left_out:
            warn(message)
    with _replacing(target) as folder:
        write_package(contents, checked.findings, folder, settings)
        _complete(folder)
        unchanged()
    if applied and result:
        applied(result)
    return _opened(folder, target)


def _name(path: Path) -> str:
    """The name of a file as a package has it."""
    return printable(shown_name(path))


def _digest(path: Path) -> str:
    """The SHA-256 of a file, or nothing where it cannot be read: reading says so."""
    try:
        return hashlib.sha256(read_file(path)).hexdigest()
    except YusuanError:
        return ""


def _carried(package: Package) -> list[Patch]:
    """The signed corrections of a package, as the patches they came from."""
    documents = {
        record.document: record for record in records(package, "documents", DocumentRecord)
    }
    rows = (
        {
            **row,
            "file": documents[row["document"]].file,
            "sha256": documents[row["document"]].sha256,
        }
        for row in package.rows("corrections")
    )
    return carried_patches(package.file("data/corrections.csv"), rows)


def _tell_superseded(package: Package, tell: Callable[[str], None]) -> None:
    """Tell of corrections whose document another has superseded, as a whole or in part."""
    files = {row["document"]: row["file"] for row in package.rows("documents")}
    by = {row["document"]: row["superseded_by"] for row in package.rows("revisions")}
    tables = [
        (f"{row['document']}-{row['table']}-", row["superseded_by"])
        for row in package.rows("table-revisions")
    ]
    for row in package.rows("corrections"):
        of_table = (newer for start, newer in tables if row["fact"].startswith(start))
        if newer := next(of_table, None) or by.get(row["document"]):
            tell(
                f"{row['correction']}: a correction of {files[row['document']]}, which "
                f"{files[newer]} supersedes; look whether {files[newer]} needs it too"
            )


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
    with _sole_writer(target) as unchanged, _replacing(target) as folder:
        for message in write_joined(packages, folder, settings):
            (warn or _ignore)(message)
        _complete(folder)
        unchanged()
    return _opened(folder, target)


def _complete(folder: Path) -> None:
    """The database and the graph of the package that was just written."""
    from yusuan.virtual_graph.rows import (
        write_rows,
    )  # a database of its own, which check has no use for

    package = open_package(folder)
    write_database(package, folder / DATABASE)
    write_search(folder / DATABASE, folder / SEARCH)
    write_graph(package, folder)
    write_rows(package, folder / ROWS)


def _corrected(patches: Sequence[Patch], checked: CheckedSources) -> AppliedPatches:
    """What the patches say, with the errors that would be left if the numbers were corrected."""
    result = corrections_of(patches, checked.contents, checked.findings)
    corrected = checked.findings
    if result.corrections:
        corrected = check(corrected_contents(checked.contents, result.corrections))
    return compared(result, checked.findings, corrected)


def _sole_writer(target: Path | None) -> AbstractContextManager[Callable[[], None]]:
    return sole_writer(target) if target is not None else nullcontext(lambda: None)


def _ignore(message: str) -> None:
    return None


_OURS = frozenset((
    "datapackage.json", "csv-metadata.json", "data", "source", "graph", DATABASE, SEARCH, SETTINGS,
))  # fmt: skip


def _may_replace(target: Path) -> None:
    """Refuse to write into a package, or to replace what is none of ours or holds something else
    as well."""
    for above in target.parents:
        if (above / DESCRIPTOR).is_file():
            raise YusuanError(
                f"{target}: lies within the package {above}; give a folder outside it, since a "
                "package is replaced whole"
            )
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

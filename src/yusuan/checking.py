"""From documents to what is wrong with them: read, compiled, linked and checked; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from yusuan.files.spool import Spool
from yusuan.model.errors import TakesTooLong, YusuanError
from yusuan.model.findings import Finding
from yusuan.model.records import DocumentRecord, Unrecognised
from yusuan.narrative.disclosure import Disclosure
from yusuan.reading import KeptReadings, Read, Readers
from yusuan.schema import catalogue
from yusuan.sources import find_sources
from yusuan.sources.changes import SourceChanges
from yusuan.sources.files import shown_name
from yusuan.sources.manifest import COLUMNS, Provenance, provenance_of
from yusuan.workers.signals import cleaning_up

if TYPE_CHECKING:
    from yusuan.facts import PackageContents

__all__ = ["CheckedSources", "Progress", "check_sources", "watch_sources"]

Progress = Callable[[Iterable[Read], int], Iterable[Read]]


@dataclass(frozen=True, slots=True)
class CheckedSources:
    """What was read and found.

    ``skipped`` are the messages of files that could not be read, ``repeated`` of those that
    were given twice. The former are in ``contents.unrecognised`` too. ``misnamed`` are those of
    files that are said to be replaced, and are not there or of another budget. ``paths`` are the
    files by the id of their document.
    """

    contents: PackageContents
    findings: Sequence[Finding]
    skipped: tuple[str, ...]
    repeated: tuple[str, ...] = ()
    misnamed: tuple[str, ...] = ()
    paths: Mapping[str, Path] = field(default_factory=dict)


@cleaning_up()
def check_sources(
    sources: str | Path | Sequence[str | Path],
    *,
    jobs: int = 1,
    progress: Progress | None = None,
    kept: KeptReadings | None = None,
    provenance: Mapping[Path, Provenance] | None = None,
) -> CheckedSources:
    """Read and check disclosures without writing anything; what is in ``kept`` is not read again.

    Where files are from is said by ``provenance``, else by the manifests beside them. Raises
    YusuanError when none of them could be read, or a manifest is wrong.
    """
    given = [sources] if isinstance(sources, (str, Path)) else sources
    catalogue()  # a mistake in the user's own words is told before anything is read
    targets = [Path(path) for path in given]
    paths = find_sources(targets)
    if provenance is None:
        provenance = provenance_of(targets, paths)
    suffixes = [path.suffix for path in paths]
    with Readers(min(jobs, len(paths)), suffixes=suffixes, kept=kept) as readers:
        found = _read(readers, paths, progress or _plain)
    return _checked(found, provenance)


def watch_sources(
    targets: Iterable[Path], seconds: float = 0.5
) -> Iterator[tuple[Path, CheckedSources | YusuanError]]:
    """Check each file below the targets by itself, and again whenever it has changed, for ever: the
    file with what was found, or why it could not be read.

    Looks every so many ``seconds``. Raises YusuanError for a target that is not there, or where no
    reader can be started.
    """
    changes = SourceChanges(targets)
    catalogue()
    with cleaning_up(), Readers(suffixes=changes.suffixes) as readers:
        while True:
            for path in changes.look():
                try:
                    yield path, _checked(_read(readers, [path], _plain), {})
                except YusuanError as error:
                    yield path, error
            sleep(seconds)


@dataclass(slots=True)
class _Documents:
    """Documents that were read, and what could not be."""

    disclosures: Spool[Disclosure] = field(default_factory=Spool)
    paths: dict[str, list[Path]] = field(default_factory=dict)
    """The files of each document, that it is read of first."""
    skipped: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    unread: list[Unrecognised] = field(default_factory=list)

    def leave_out(self, error: TakesTooLong) -> None:
        """Go on as if a document could not be read."""
        from yusuan.facts import unrecognised_file

        del self.disclosures[error.document]
        path = self.paths.pop(error.document)[0]
        self.skipped.append(str(error))
        self.unread.append(unrecognised_file(path.name, self.skipped[-1]))


def _read(readers: Readers, paths: Sequence[Path], progress: Progress) -> _Documents:
    begun = readers.read(paths)
    # Loaded while the first document is read.
    from yusuan.checks import load_rules
    from yusuan.facts import unrecognised_file

    load_rules()  # a mistake in the user's own rules is told before the long part
    found = _Documents()
    for result in progress(begun, len(paths)):
        if result.disclosure is None:
            found.skipped.append(result.error or str(result.path))
            found.unread.append(unrecognised_file(result.path.name, found.skipped[-1]))
            continue
        document = result.disclosure.document
        if document.id in found.disclosures:
            known = found.disclosures[document.id].document
            found.repeated.append(f"{result.path}: the same file as {known.file}")
            found.paths[document.id].append(result.path)
        else:
            found.disclosures[document.id] = result.disclosure
            found.paths[document.id] = [result.path]
    return found


def _checked(found: _Documents, provenance: Mapping[Path, Provenance]) -> CheckedSources:
    """What is found, without the documents that take too long. Raises YusuanError where there is
    nothing to check."""
    while True:
        try:
            return _checked_together(found, provenance)
        except TakesTooLong as error:
            found.leave_out(error)


def _checked_together(found: _Documents, provenance: Mapping[Path, Provenance]) -> CheckedSources:
    """Raises TakesTooLong, and YusuanError where there is nothing to check."""
    from yusuan.checks import check
    from yusuan.facts import compile_contents, in_order, replaced_documents
    from yusuan.linking import find_links, linking_input

    if not found.disclosures:
        raise YusuanError(
            "\n".join(found.skipped) or "nothing to read: no file or folder was given"
        )
    contents = compile_contents(found.disclosures)
    # Kept, since the contents are compiled anew without a document that takes too long.
    found.skipped += contents.orphans
    found.unread += [each for each in contents.unrecognised if each.document is None]
    if not contents.documents:
        raise YusuanError("\n".join(found.skipped))
    names = {key: [shown_name(path) for path in paths] for key, paths in found.paths.items()}
    contents.documents, misnamed = replaced_documents(
        [
            _with_provenance(each, found.paths[each.document], provenance)
            for each in contents.documents
        ],
        names,
    )
    linked = find_links(linking_input(contents))
    contents.links, contents.organisation_changes = linked.links, linked.changes
    contents.organisation_names, contents.links_to_review = linked.names, linked.review
    of_documents = [each for each in contents.unrecognised if each.document is not None]
    contents.unrecognised = in_order([*found.unread, *of_documents])
    findings = check(contents)
    return CheckedSources(
        contents, findings, tuple(found.skipped), tuple(found.repeated), tuple(misnamed),
        {document: paths[0] for document, paths in found.paths.items()},
    )  # fmt: skip


def _with_provenance(
    record: DocumentRecord, paths: Sequence[Path], provenance: Mapping[Path, Provenance]
) -> DocumentRecord:
    """A document with what is stated of its files. Raises YusuanError where two manifests
    contradict each other."""
    said = Provenance()
    for path in paths:
        said = said.and_also(provenance.get(path, said), record.file)
    return replace(record, **{name: getattr(said, name) for name in COLUMNS})


def _plain(results: Iterable[Read], total: int) -> Iterable[Read]:
    return results

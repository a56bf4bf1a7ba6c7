"""From documents to what is wrong with them: read, compiled, linked and checked; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from yusuan.files.spool import Spool
from yusuan.model.errors import YusuanError
from yusuan.model.findings import Finding
from yusuan.model.keys import with_unique_keys
from yusuan.model.records import Unrecognised
from yusuan.narrative.disclosure import Disclosure
from yusuan.reading import Read, Readers
from yusuan.schema import catalogue
from yusuan.sources import find_sources
from yusuan.workers.signals import cleaning_up

if TYPE_CHECKING:
    from yusuan.facts import PackageContents

__all__ = ["CheckedSources", "Progress", "check_sources"]

Progress = Callable[[Iterable[Read], int], Iterable[Read]]


@dataclass(frozen=True, slots=True)
class CheckedSources:
    """What was read and found.

    ``skipped`` are the messages of files that could not be read, ``repeated`` of those that
    were given twice. The former are in ``contents.unrecognised`` too. ``paths`` are the files
    by the id of their document.
    """

    contents: PackageContents
    findings: Sequence[Finding]
    skipped: tuple[str, ...]
    repeated: tuple[str, ...] = ()
    paths: Mapping[str, Path] = field(default_factory=dict)


def check_sources(
    sources: str | Path | Sequence[str | Path],
    *,
    jobs: int = 1,
    progress: Progress | None = None,
) -> CheckedSources:
    """Read and check disclosures without writing anything.

    Raises YusuanError when none of them could be read.
    """
    given = [sources] if isinstance(sources, (str, Path)) else sources
    catalogue()  # a mistake in the user's own words is told before anything is read
    paths = find_sources([Path(path) for path in given])
    disclosures: Spool[Disclosure] = Spool()
    skipped: list[str] = []
    repeated: list[str] = []
    unread: list[Unrecognised] = []
    read: dict[str, Path] = {}
    suffixes = [path.suffix for path in paths]
    with cleaning_up(), Readers(min(jobs, len(paths)), suffixes=suffixes) as readers:
        begun = readers.read(paths)
        # Loaded while the first document is read.
        from yusuan.checks import check, load_rules
        from yusuan.facts import compile_contents, unrecognised_file
        from yusuan.linking import find_links, linking_input

        load_rules()  # a mistake in the user's own rules is told before the long part
        for result in (progress or _plain)(begun, len(paths)):
            if result.disclosure is None:
                skipped.append(result.error or str(result.path))
                unread.append(unrecognised_file(result.path.name, skipped[-1]))
                continue
            document = result.disclosure.document
            if document.id in disclosures:
                known = disclosures[document.id].document
                repeated.append(f"{result.path}: the same file as {known.file}")
            else:
                disclosures[document.id] = result.disclosure
                read[document.id] = result.path
    if not disclosures:
        raise YusuanError("\n".join(skipped) or "nothing to read: no file or folder was given")
    contents = compile_contents(disclosures)
    skipped += contents.orphans
    if not contents.documents:
        raise YusuanError("\n".join(skipped))
    linked = find_links(linking_input(contents))
    contents.links, contents.organisation_changes = linked.links, linked.changes
    contents.organisation_names, contents.links_to_review = linked.names, linked.review
    contents.unrecognised = with_unique_keys([*unread, *contents.unrecognised], "entry")
    return CheckedSources(contents, check(contents), tuple(skipped), tuple(repeated), read)


def _plain(results: Iterable[Read], total: int) -> Iterable[Read]:
    return results

"""What was not recognised, as records: of one document, or a file that could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from yusuan.model.document import Document, Note, Paragraph
from yusuan.model.keys import with_own_keys, with_unique_keys
from yusuan.model.records import Unrecognised
from yusuan.narrative.disclosure import Disclosure
from yusuan.narrative.quantities import quantities, unread_sentences
from yusuan.schema.messages import message
from yusuan.schema.slugs import slug
from yusuan.tables.records import UnrecognisedPart
from yusuan.tables.undetected import undetected_tables
from yusuan.tables.unrecognised import shortened, unrecognised_table

__all__ = ["in_order", "unrecognised_file", "unrecognised_in"]


def unrecognised_in(disclosure: Disclosure) -> list[Unrecognised]:
    """Everything a document prints that no step read: unread parts first, then as printed."""
    source = disclosure.document
    parts = [
        *(part for table in disclosure.tables for part in table.unrecognised),
        *(unrecognised_table(other) for other in disclosure.unrecognised),
        *(part for part in undetected_tables(source) if not _is_noted(part, source)),
        *_unread_in_text(disclosure),
        *_of_other_bodies(disclosure),
        *_unseen_in_text(source),
    ]
    parts.sort(key=lambda part: (part.position.page or 0, part.position.line, part.cell or ""))
    entries = [
        *(_of_note(note, source) for note in source.notes),
        *(_of_part(part, source) for part in parts),
    ]
    return with_own_keys(entries, "entry", lambda entry: entry.reason_zh)


def _is_noted(part: UnrecognisedPart, source: Document) -> bool:
    """Whether a note of the reader tells of a table that it left as lines of text."""
    return any(
        note.scope == "table" and note.page == part.position.page
        and shortened(note.printed) == part.printed and (note.line or 0) <= part.position.line
        for note in source.notes
    )  # fmt: skip


def _unread_in_text(disclosure: Disclosure) -> Iterator[UnrecognisedPart]:
    """Sentences with a number that is read in no way or in two: nothing was claimed of it."""
    for passage in disclosure.passages:
        if passage.is_in("glossary") or passage.is_in("contents"):
            continue
        for at, words, count in unread_sentences(passage.text):
            yield UnrecognisedPart(
                scope="row", position=passage.position_at(at), cell=None, printed=shortened(words),
                rows=1, columns=1, numbers=count, nearest=None,
                reason=message("sentence-unreadable"),
                advice=message("write-number-right"),
            )  # fmt: skip


def _of_other_bodies(disclosure: Disclosure) -> Iterator[UnrecognisedPart]:
    """The text below the title of another body, a part for each passage that states a number."""
    for passage in disclosure.of_others:
        if count := sum(1 for _ in quantities(passage.text)):
            yield UnrecognisedPart(
                scope="row", position=passage.position, cell=None, printed=shortened(passage.text),
                rows=1, columns=1, numbers=count, nearest=None,
                reason=message("text-of-other-body"), advice=message("give-own-document"),
            )  # fmt: skip


def _unseen_in_text(source: Document) -> Iterator[UnrecognisedPart]:
    """Lines of text that hold numbers which a reader of the page does not see as part of them."""
    for block in source.blocks:
        if not isinstance(block, Paragraph):
            continue
        unseen = [
            run for run in block.undisplayed
            if (run.hidden or run.struck) and any(char.isdigit() for char in run.text)
        ]  # fmt: skip
        if not unseen:
            continue
        struck = all(run.struck for run in unseen)
        yield UnrecognisedPart(
            scope="row", position=block.position, cell=None,
            printed=shortened(" ".join(run.text.strip() for run in unseen)),
            rows=1, columns=1, numbers=len(unseen), nearest=None,
            reason=message("text-struck-out" if struck else "text-not-visible"),
            advice=message("decide-whether-published"),
        )  # fmt: skip


def unrecognised_file(file: str, why: str) -> Unrecognised:
    """A file that gave no data; ``told`` says why, and may begin with the path given."""
    first = why.partition("\n")[0]  # hints on its tables, which are entries themselves
    reason = first.rpartition(f"{file}: ")[2] or first
    reason_zh, reason_en = message("nothing-taken", reason=reason)
    advice_zh, advice_en = message("put-right-and-run")
    return Unrecognised(
        entry=f"file-{slug(file)}",
        scope="file",
        file=file,
        printed=file,
        reason_zh=reason_zh,
        reason_en=reason_en,
        advice_zh=advice_zh,
        advice_en=advice_en,
    )


def _of_note(note: Note, source: Document) -> Unrecognised:
    return Unrecognised(
        entry=f"{source.id}-{note.scope}-{slug(note.printed)}",
        scope=note.scope,
        file=source.file,
        document=source.id,
        page=note.page,
        line=note.line,
        printed=note.printed,
        reason_zh=note.reason[0],
        reason_en=note.reason[1],
        advice_zh=note.advice[0],
        advice_en=note.advice[1],
    )


def _of_part(part: UnrecognisedPart, source: Document) -> Unrecognised:
    return Unrecognised(
        entry=f"{source.id}-{part.scope}-{slug(part.printed)}",
        scope=part.scope,
        file=source.file,
        document=source.id,
        page=part.position.page,
        line=part.position.line,
        cell=part.cell,
        printed=part.printed,
        rows=part.rows,
        columns=part.columns,
        numbers=part.numbers,
        nearest=part.nearest,
        reason_zh=part.reason[0],
        reason_en=part.reason[1],
        advice_zh=part.advice[0],
        advice_en=part.advice[1],
    )


def in_order(entries: Iterable[Unrecognised]) -> list[Unrecognised]:
    """Entries under unique keys: first those of files that gave no document, by their names."""
    entries = list(entries)
    whole = [each for each in entries if each.document is None]
    rest = [each for each in entries if each.document is not None]
    return with_unique_keys([*sorted(whole, key=lambda each: each.file), *rest], "entry")

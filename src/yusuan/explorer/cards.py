"""Findings as HTML, one below the other and those of a document together, each with the numbers that it
rests on: parts of the printed tables and sentences, what they are to it marked, and pictures of the pages
where the site draws them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup

from yusuan.explorer.rendering import Addresses, escaped, in_language, value_text
from yusuan.explorer.views import (
    EvidenceMark,
    FindingEvidence,
    Language,
    SentenceExcerpt,
    TableExcerpt,
    ViewCell,
    ViewRow,
    ViewTable,
    word,
)

__all__ = ["cards_html"]

_OF_DOCUMENT = ("department", "fiscal_year", "phase", "document")
_NUMBERS = ("printed", "expected", "proposed")


def cards_html(
    table: ViewTable, language: Language, addresses: Addresses, *, skip: int = 0
) -> Markup:
    """The rows of a table of findings, from row ``skip`` on, as far as a page shows them."""
    places = {column.name: place for place, column in enumerate(table.columns)}
    shown = table.rows[skip : skip + table.page_rows]
    cards = _FindingCards(table, places, language, addresses)
    return Markup(
        "".join(
            cards.document(rows[0]) + "".join(map(cards.card, rows))
            for _, each in groupby(shown, lambda row: row.cells[places["document"]])
            for rows in [list(each)]
        )
    )


class _FindingCards:
    def __init__(
        self, table: ViewTable, places: dict[str, int], language: Language, addresses: Addresses
    ) -> None:
        self._places, self._language, self._addresses = places, language, addresses
        self._titles = {
            column.name: escaped(in_language(column.titles, language)) for column in table.columns
        }

    def _said(self, name: str, **values: object) -> str:
        return escaped(in_language(word(name, **values), self._language))

    def _linked(self, cell: ViewCell) -> str:
        shown = escaped(value_text(cell, "text", self._language))
        href = None if cell.path is None else self._addresses.page(cell.path)
        return shown if href is None else f'<a href="{escaped(href)}">{shown}</a>'

    def document(self, row: ViewRow) -> str:
        """Whose findings follow."""
        parts = " ".join(self._linked(row.cells[self._places[name]]) for name in _OF_DOCUMENT)
        return f'<h3 class="of-document">{parts}</h3>\n'

    def card(self, row: ViewRow) -> str:
        message, verdict = row.cells[self._places["message"]], row.cells[self._places["verdict"]]
        kind = row.css or ""
        source = "".join(self._source(row.evidence)) if row.evidence else ""
        key = f' id="finding-{escaped(row.evidence.finding)}"' if row.evidence else ""
        shown = escaped(value_text(verdict, "text", self._language))
        return (
            f'<article class="finding {kind}"{key}><div class="told">'
            f'<p class="said"><span class="badge verdict-{kind}">{shown}</span> {self._linked(message)}</p>'
            f"{self._numbers(row)}{self._place(row)}</div>\n"
            f'<div class="rests-on">{source}</div></article>\n'
        )

    def _numbers(self, row: ViewRow) -> str:
        """What is printed and what it should be."""
        unit = escaped(value_text(row.cells[self._places["unit"]], "text", self._language))
        shown = {
            name: escaped(value_text(row.cells[self._places[name]], "text", self._language))
            for name in _NUMBERS
        }
        if shown["expected"] == shown["proposed"]:
            shown["expected"] = ""
        listed = "".join(
            f"<div><dt>{self._titles[name]}</dt><dd>{text} {unit}</dd></div>"
            for name, text in shown.items()
            if text
        )
        return f'<dl class="numbers">{listed}</dl>' if listed else ""

    def _place(self, row: ViewRow) -> str:
        cell = row.cells[self._places["page"]]
        where = _where(cell.page, cell.line)
        return f'<p class="where">{self._at(cell, where)}</p>' if where else ""

    def _at(self, cell: ViewCell, where: tuple[str, dict[str, int]]) -> str:
        text = self._said(where[0], **where[1])
        href = self._addresses.printed_at(cell)
        return f'<a href="{escaped(href)}">{text}</a>' if href else text

    def _source(self, evidence: FindingEvidence) -> Iterator[str]:
        """Pictures of pages, and below them the same as tables and sentences."""
        words = self._said("cell-picture")
        pictures = [
            f'<a class="page" href="{escaped(address)}"><img loading="lazy" src="{escaped(address)}" '
            f'alt="{words} {number}"></a>'
            for number, document in enumerate(evidence.pictures, start=1)
            if (address := self._addresses.evidence(evidence.finding, number, document)) is not None
        ]
        yield from pictures
        for each in evidence.excerpts:
            yield self._sentence(each) if isinstance(each, SentenceExcerpt) else self._table(each)
        roles = list(dict.fromkeys(_roles(evidence)))
        if len(roles) > 1 or "candidate" in roles:
            listed = "".join(
                f'<span><i class="{role}"></i> {self._said(f"mark-{role}")}</span>'
                for role in roles
            )
            yield f'<p class="legend">{listed}</p>'
        elif not evidence.excerpts and not pictures:
            yield f'<p class="note">{self._said("no-place")}</p>'

    def _caption(self, title: str, excerpt: TableExcerpt | SentenceExcerpt) -> str:
        line = excerpt.line if isinstance(excerpt, SentenceExcerpt) else None
        where = _where(excerpt.page, line)
        cell = ViewCell(None, document=excerpt.document, page=excerpt.page, line=line)
        at = self._at(cell, where) if where else ""
        return f"<figcaption>{' · '.join(filter(None, (title, at)))}</figcaption>"

    def _table(self, excerpt: TableExcerpt) -> str:
        title = escaped(in_language(excerpt.titles, self._language))
        head = "".join(
            f'<th scope="col"{_RIGHT if column.format == "printed" else ""}>'
            f"{escaped(in_language(column.titles, self._language))}</th>"
            for column in excerpt.columns
        )
        rows = []
        for number, row in enumerate(excerpt.rows):
            cells = "".join(
                self._cell(
                    escaped(value_text(cell, "text", self._language)),
                    column.format == "printed",
                    excerpt.marks.get((number, place)),
                )
                for place, (cell, column) in enumerate(zip(row, excerpt.columns, strict=True))
            )
            gap = ' class="gap"' if number in excerpt.gaps else ""
            rows.append(f"<tr{gap}>{cells}</tr>")
        return (
            f'<figure>{self._caption(title, excerpt)}<div class="table-wrapper" tabindex="0" role="region" '
            f'aria-label="{title}"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
            "</div></figure>\n"
        )

    def _cell(self, text: str, number: bool, mark: EvidenceMark | None) -> str:
        if mark is None:
            return f"<td{_RIGHT if number else ''}>{text}</td>"
        css = f"{mark.role}{' number' if number else ''}"
        return f'<td class="{css}">{self._marked(text, mark)}</td>'

    def _marked(self, text: str, mark: EvidenceMark) -> str:
        """A marked number, which leads to its own page, and what is proposed for it."""
        href = mark.path and self._addresses.page(mark.path)
        words = self._said(f"mark-{mark.role}")
        text = f'<a href="{escaped(href)}" title="{words}">{text}</a>' if href else text
        proposed = f"→ {escaped(mark.proposed)}" if mark.proposed else ""
        told = ") ".join(filter(None, (str(mark.number or ""), proposed)))
        return f'{text} <b class="tip">{told}</b>' if told else text

    def _sentence(self, excerpt: SentenceExcerpt) -> str:
        text = "".join(
            f'<mark class="{mark.role}">{self._marked(escaped(part), mark)}</mark>'
            if mark
            else escaped(part)
            for part, mark in excerpt.pieces
        )
        title = self._said("narrative")
        return f"<figure>{self._caption(title, excerpt)}<blockquote>{text}</blockquote></figure>\n"


_RIGHT = ' class="number"'


def _where(page: int | None, line: int | None) -> tuple[str, dict[str, int]] | None:
    """The words that say where something is printed, as far as that is known."""
    if page and line:
        return "page-and-line", {"page": page, "line": line}
    if page:
        return "page-only", {"page": page}
    return ("line-only", {"line": line}) if line else None


def _roles(evidence: FindingEvidence) -> Iterator[str]:
    for each in evidence.excerpts:
        if isinstance(each, SentenceExcerpt):
            yield from (mark.role for _, mark in each.pieces if mark)
        else:
            yield from (mark.role for mark in each.marks.values())

"""Word documents (DOCX): paragraphs and tables of the body in order, as a printed page shows them.

A position is the running number of the paragraph or table row, from 1, blank paragraphs
included, tables inside cells not; Word lays out pages only when it prints, so there are none.
A run looks as its own properties say, else as the styles of its characters and its paragraph
say, each with those it is based on (ISO/IEC 29500-1, 17.7.2 and 17.7.3).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from lxml import etree

from yusuan.model.document import Block, Note, Position, Run, displayed, merged
from yusuan.model.errors import YusuanError
from yusuan.schema.messages import message
from yusuan.sources import limits
from yusuan.sources.blocks import (
    Reading,
    SourceCell,
    SourceRow,
    check_area,
    check_width,
    table_blocks,
    text_paragraphs,
    within_limits,
)
from yusuan.sources.containers import chunks, open_zip, transitional

__all__ = ["read_docx"]


def read_docx(content: bytes, file: str) -> Reading:
    """Read the body; headers, footers, footnotes and deleted text are left out.

    A Strict document (ISO/IEC 29500-1) is read like the usual, Transitional one (29500-4).

    Raises YusuanError when the file is damaged or no Word document.
    """
    with open_zip(content, file) as container:
        _refuse_endless(container, file)
    from docx import Document  # slow to load

    try:
        document = Document(io.BytesIO(transitional(content, file)))
        reader = _Body(file, _DocumentStyles(document.styles.element))
        blocks = tuple(within_limits(reader.blocks(document.element.body), file))
    except (YusuanError, MemoryError):
        raise
    # python-docx meets broken packages with whatever its parts raise.
    except Exception as error:
        raise YusuanError(
            f"{file}: damaged, or no Word document; open it in Word, save it as DOCX and try again"
        ) from error
    return Reading(blocks, reader.line, notes=tuple(reader.notes))


_PARAGRAPH = re.compile(rb"<(?:\w+:)?p[ />]")
_CELL = re.compile(rb"<(?:\w+:)?tc[ >]")
_RUN_BEGINS = re.compile(rb"<(?:\w+:)?r[ >]")


def _refuse_endless(container: zipfile.ZipFile, file: str) -> None:
    """Raise YusuanError for more paragraphs, cells or runs than are read, before they are taken
    apart."""
    paragraphs = cells = runs = 0
    for name in container.namelist():
        if name.startswith("word/") and name.endswith(".xml"):
            for piece in chunks(container, name, file):
                paragraphs += len(_PARAGRAPH.findall(piece))
                cells += len(_CELL.findall(piece))
                runs += len(_RUN_BEGINS.findall(piece))
    for count, most, what in (
        (paragraphs, limits.WORD_PARAGRAPHS, "paragraphs, those of cells and blank ones included"),
        (cells, limits.CELLS, "cells of tables"),
        (runs, limits.WORD_RUNS, "runs of text"),
    ):
        if count > most:
            raise YusuanError(
                f"{file}: {count:,} {what}; at most {most:,} are read. Save the pages that matter in "
                "a new file"
            )


class _Body:
    """Walks the body and counts its paragraphs and rows."""

    def __init__(self, file: str, styles: _DocumentStyles) -> None:
        self.file = file
        self.styles = styles
        self.line = 0
        self.notes: list[Note] = []

    def blocks(self, parent: etree._Element) -> Iterator[Block]:
        for element in _children(parent):
            if _tag(element) == "p":
                yield from self._paragraph(element)
            elif _tag(element) == "tbl":
                yield from self._table(element)
            elif _tag(element) == "altChunk":
                self.notes.append(_embedded(self.line))

    def _paragraph(self, element: etree._Element) -> Iterator[Block]:
        self.line += 1
        runs = _flat_runs(element, self.styles.run_style, _ground_of(element))
        text, undisplayed = displayed(merged(runs))
        yield from text_paragraphs(
            text, Position(self.line), self.styles.level(element), _words(undisplayed)
        )
        for box in _text_boxes(element):
            yield from self.blocks(box)

    def _box(self, cell: etree._Element, ground: str | None, span: int, unseen: Run) -> SourceCell:
        own = _ground_of(cell) or ground
        text, undisplayed = displayed(merged(_flat_runs(cell, self.styles.run_style, own)))
        cut = cell.find(f"{w('tcPr')}/{w('cellDel')}") is not None
        unseen = replace(unseen, struck=True) if cut else unseen
        if (unseen.hidden or unseen.struck) and text.strip():
            undisplayed = replace(unseen, text=text), *undisplayed
            return SourceCell("", 1, span, undisplayed=_words(undisplayed))
        pictured = not text.strip() and any(True for _ in cell.iter(*_PICTURE))
        doubt = message("amount-is-picture") if pictured else None
        return SourceCell(text.strip("\n"), 1, span, undisplayed=_words(undisplayed), doubt=doubt)

    def _table(self, table: etree._Element) -> Iterator[Block]:
        cells = [cell for row in _children(table) if _tag(row) == "tr" for cell in _cells(row)]
        printed = [cell for cell in cells if _flat_text(cell).strip()]
        if len(printed) == 1 and printed[0].find(f".//{w('tbl')}") is not None:
            yield from self.blocks(printed[0])  # a frame around a table is no table
            return
        rows = self._rows(table)
        check_area(rows, self.file)
        yield from table_blocks(rows, blank_rows_end=False)

    def _rows(self, table: etree._Element) -> list[SourceRow]:
        rows: list[SourceRow] = []
        above: dict[int, tuple[int, int]] = {}  # where a merged cell began, by its column
        style = table.find(f"{w('tblPr')}/{w('tblStyle')}")
        shaded = style is not None and self.styles.is_shaded(style.get(w("val"), ""))
        ground = "?" if shaded else _fill_of(table.find(f"{w('tblPr')}/{w('shd')}"))
        for row in (element for element in _children(table) if _tag(element) == "tr"):
            self.line += 1
            struck = row.find(f"{w('trPr')}/{w('del')}") is not None
            unseen = Run("", _is_on(row.find(f"{w('trPr')}/{w('hidden')}")), struck)
            boxes: dict[int, SourceCell] = {}
            column = _number(row, "trPr/gridBefore", 0)
            begun: dict[int, tuple[int, int]] = {}
            for cell in _cells(row):
                check_width(column, self.file, f"row {self.line}")
                span = max(1, _number(cell, "tcPr/gridSpan", 1))
                merge = cell.find("/".join(map(w, ("tcPr", "vMerge"))))
                continues = merge is not None and merge.get(w("val"), "continue") == "continue"
                if continues and column in above:
                    begun[column] = above[column]
                else:
                    if merge is not None:
                        begun[column] = (len(rows), column)
                    boxes[column] = self._box(cell, ground, span, unseen)
                column += span
            for place in begun.values():
                if place[0] < len(rows):
                    _extend(rows, place, len(rows) + 1 - place[0])
            above = begun
            rows.append(SourceRow(Position(self.line), boxes))
        return rows


def _embedded(line: int) -> Note:
    """A file of another format within the document (altChunk, ECMA-376 Part 1, 17.17.2.1)."""
    return Note(
        scope="member",
        printed=f"段落 {line}",
        reason=message("file-embedded"),
        advice=message("save-embedded-as-text"),
        line=line,
    )


def _extend(rows: list[SourceRow], place: tuple[int, int], rowspan: int) -> None:
    boxes = rows[place[0]].cells
    boxes[place[1]] = replace(boxes[place[1]], rowspan=rowspan)


def _words(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(replace(run, text=" ".join(run.text.split())) for run in runs) if runs else ()


def _is_on(switch: etree._Element | None) -> bool:
    return switch is not None and switch.get(w("val"), "1").lower() not in _OFF


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return (element for element in _children(row) if _tag(element) == "tc")


def _number(element: etree._Element, path: str, default: int) -> int:
    """The number a property states; properties of older files can hold anything."""
    found = element.find("/".join(map(w, path.split("/"))))
    text = found.get(w("val"), "") if found is not None else ""
    return int(text) if re.fullmatch(r"\d{1,6}", text) else default


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


# Content controls, tracked insertions and the like stand around what they hold.
_WRAPPERS = frozenset(("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_UNSEEN = frozenset(
    ("del", "moveFrom", "Fallback", "txbxContent", "pPr", "rPr", "sdtPr", "instrText")
)

_SCRIPTS = frozenset(("sup", "sub", "rt"))
"""Raised and lowered parts of formulas (ISO/IEC 29500-1, 22.1.2.112 and 22.1.2.117), and text set
above other text (17.3.3.24)."""

_DRAWS = re.compile(r"\s*(?:EQ|SYMBOL)\s.*\d", re.IGNORECASE | re.DOTALL)
"""A field that draws what its code says, with digits (ISO/IEC 29500-1, 17.16.5: EQ, SYMBOL)."""

_PICTURE = ("{*}blip", "{*}imagedata", "{*}OLEObject")
"""What shows a picture: of DrawingML, of VML, and of another program."""

_PICTURES = re.compile("wingdings|webdings|marlett", re.IGNORECASE)
"""Fonts without digits."""
_BREAKS = frozenset(("br", "cr"))
_NEAR = 15
"""Colours that differ by no more of 255 cannot be told apart."""

PLAIN = Run("")


@dataclass(frozen=True, slots=True)
class _RunStyle:
    """How a run of text looks: as a ``Run``, and in which colours (RRGGBB; None where nothing
    says so, ``?`` where nobody can tell)."""

    hidden: bool = False
    struck: bool = False
    raised: bool = False
    color: str | None = None
    ground: str | None = None

    def is_lost_on(self, ground: str | None) -> bool:
        """Whether the text is of the colour that it stands on; paper is white."""
        on = self.ground or ground or "FFFFFF"
        if self.color is None or on == "?":
            return False
        pairs = zip(bytes.fromhex(self.color), bytes.fromhex(on), strict=True)
        return all(abs(one - other) <= _NEAR for one, other in pairs)


_RunStyleOf = Callable[[etree._Element, etree._Element | None], _RunStyle]
"""How a run of a paragraph looks."""


def w(name: str) -> str:
    """A WordprocessingML name as lxml spells it."""
    return f"{{{_W}}}{name}"


def _tag(element: etree._Element) -> str:
    """The name of an element without its namespace; comments have none."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=1 << 12)
def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


_SHADING = {name: f"{w(f'{name}Pr')}/{w('shd')}" for name in ("p", "tc")}


def _children(parent: etree._Element) -> Iterator[etree._Element]:
    """The elements of a parent, those inside wrappers included."""
    for element in parent:
        if _tag(element) in _WRAPPERS:
            yield from _children(element)
        else:
            yield element


def _flat_text(element: etree._Element) -> str:
    """All text of a paragraph or cell as :func:`_flat_runs`, whatever it looks like."""
    pieces: list[Run] = []
    _collect(element, pieces, None, lambda run, paragraph: _RunStyle())
    return "".join(piece.text for piece in pieces).strip("\n")


def _flat_runs(
    element: etree._Element, style_of: _RunStyleOf, ground: str | None = None
) -> list[Run]:
    """The text of a paragraph or cell in runs of one look; paragraphs and lines end in a line
    feed, cells of an inner table in a blank. Text boxes and field codes are left out; what is
    marked as deleted (until somebody accepts it) is struck out.

    ``ground`` is the colour of the cell (RRGGBB), ``?`` where it is not known.
    """
    pieces: list[Run] = []
    _collect(element, pieces, element if _tag(element) == "p" else None, style_of, ground)
    return pieces


def _collect(
    element: etree._Element,
    pieces: list[Run],
    paragraph: etree._Element | None,
    style_of: _RunStyleOf,
    ground: str | None = None,
    inherited: Run = PLAIN,
) -> None:
    for child in element:
        name = _tag(child)
        if name == "t":
            pieces.append(
                Run(child.text or "", inherited.hidden, inherited.struck, inherited.raised)
            )
        elif name == "r":
            own = style_of(child, paragraph)
            run = Run("", own.hidden or inherited.hidden or own.is_lost_on(ground), own.struck,
                      own.raised or inherited.raised)  # fmt: skip
            _collect(child, pieces, paragraph, style_of, ground, run)
        elif name in ("del", "moveFrom"):  # moved away: it stands elsewhere
            deleted = "".join(text.text or "" for text in child.iter(w("delText"), w("t")))
            pieces.append(Run(deleted, struck=True))
        elif name in ("fldChar", "fldSimple") and _DRAWS.match(_field_code(child)):
            pieces.append(replace(inherited, text="\ufffd"))  # what it draws is no text of the file
        elif name == "sym":
            pieces.append(replace(inherited, text=_symbol(child)))
        elif name in _UNSEEN:
            continue
        elif name == "tab":
            pieces.append(Run("\t", inherited.hidden, inherited.struck, inherited.raised))
        elif name == "noBreakHyphen":
            pieces.append(Run("-", inherited.hidden, inherited.struck, inherited.raised))
        elif name in _BREAKS:
            pieces.append(Run("\n"))
        elif name in _SCRIPTS:
            _collect(child, pieces, paragraph, style_of, ground, replace(inherited, raised=True))
        elif name == "phant" and not _is_shown(child):
            _collect(child, pieces, paragraph, style_of, ground, replace(inherited, hidden=True))
        elif name == "den":  # of a fraction, below its bar
            pieces.append(replace(inherited, text="/"))
            _collect(child, pieces, paragraph, style_of, ground, inherited)
        elif name == "ddList":
            pieces.append(replace(inherited, text=_chosen(child)))
        else:
            within = child if name == "p" else paragraph
            _collect(child, pieces, within, style_of, _ground_of(child) or ground, inherited)
            if name == "p":
                pieces.append(Run("\n"))
            elif name == "tc":
                pieces.append(Run(" "))


def _is_shown(phantom: etree._Element) -> bool:
    """Whether a part of a formula that takes its place is seen (ISO/IEC 29500-1, 22.1.2.81)."""
    show = phantom.find("{*}phantPr/{*}show")
    return show is None or not _OFF.intersection(map(str, show.attrib.values()))


def _field_code(start: etree._Element) -> str:
    """The code of a field that begins here, which may stand in several runs (ISO/IEC 29500-1,
    17.16.18 and 17.16.19); blank where none begins."""
    if _tag(start) == "fldSimple" or start.get(w("fldCharType")) != "begin":
        return start.get(w("instr"), "")
    code: list[str] = []
    run = next(start.iterancestors(w("r")), None)
    for following in run.itersiblings() if run is not None else ():
        code += (text.text or "" for text in following.iter(w("instrText")))
        if next(following.iter(w("fldChar")), None) is not None:
            break
    return "".join(code)


def _symbol(sign: etree._Element) -> str:
    """A character of a font (ISO/IEC 29500-1, 17.3.3.30): a digit of Symbol, where it stands at its
    place in ASCII; what another font has at the place of a digit or sign is not known."""
    number, font = sign.get(w("char"), ""), sign.get(w("font"), "")
    place = int(number, 16) if re.fullmatch("[0-9A-Fa-f]{4}", number) else 0
    if not 0xF025 <= place <= 0xF039 or _PICTURES.match(font):
        return chr(place) if 0x20 < place < 0xD800 else ""
    return chr(place - 0xF000) if font.lower() == "symbol" else "\ufffd"


def _chosen(choices: etree._Element) -> str:
    """The entry that a drop-down form field shows (ISO/IEC 29500-1, 17.16.9): its result, else
    its default, else the first; blank where the text of the field stands behind it as well."""
    run = next(choices.iterancestors(w("r")), None)
    for following in run.itersiblings() if run is not None else ():
        kinds = [mark.get(w("fldCharType")) for mark in following.iter(w("fldChar"))]
        if any(text.text and text.text.strip() for text in following.iter(w("t"))):
            return ""
        if "end" in kinds:
            break
    entries = [entry.get(w("val"), "") for entry in choices.findall(w("listEntry"))]
    number = _value(choices.find(w("result"))) or _value(choices.find(w("default"))) or "0"
    known = number.isdecimal() and int(number[:6]) < len(entries)
    return entries[int(number[:6])] if known else ""


def _ground_of(element: etree._Element) -> str | None:
    """The colour that a paragraph or cell stands on by its own properties."""
    path = _SHADING.get(_tag(element))
    return _fill_of(element.find(path)) if path else None


def _fill_of(shading: etree._Element | None) -> str | None:
    """The colour that a shading paints (RRGGBB); None where it paints nothing."""
    if shading is None:
        return None
    if shading.get(w("val"), "clear") not in ("clear", "nil"):
        return "?"  # a pattern of two colours
    if shading.get(w("themeFill")):
        return "?"
    return _rgb(shading.get(w("fill")))


def _rgb(text: str | None) -> str | None:
    return text.upper() if text and re.fullmatch(r"[0-9A-Fa-f]{6}", text) else None


def _text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The contents of the text boxes anchored in a paragraph, each once, outermost only."""
    for element in paragraph:
        name = _tag(element)
        if name == "txbxContent":
            yield element
        elif name not in _UNSEEN:
            yield from _text_boxes(element)


T = TypeVar("T")

_NAME = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_OFF = frozenset(("0", "false", "off", "none"))

_RUN, _STYLE = w("rPr"), f"{w('pPr')}/{w('pStyle')}"

_DEEPEST = 20
"""Styles based on styles; Word allows no more than eleven."""

_SMALLEST = 2
"""Half points: text this small or smaller is not seen."""

_SHADES = {"black": "000000", "white": "FFFFFF", "yellow": "FFFF00", "darkBlue": "000080"}


@dataclass(frozen=True, slots=True)
class _RunProperties:
    """What one set of run properties says; None where it says nothing."""

    vanish: bool | None = None
    strike: bool | None = None
    double: bool | None = None
    raised: bool | None = None
    color: str | None = None
    shade: str | None = None
    size: int | None = None


class _DocumentStyles:
    """Heading level of each paragraph style, by its name or outline level; how runs look."""

    def __init__(self, styles: etree._Element) -> None:
        self._levels: dict[str, int] = {}
        self._said: dict[str, _RunProperties] = {}
        self._above: dict[str, str] = {}
        self._shaded: set[str] = set()
        self._default = ""
        self._plain: dict[str, _RunStyle] = {}
        """By style of the paragraph, how a run without properties of its own looks."""
        self._last: tuple[etree._Element | None, str] = None, ""
        """The paragraph asked for last, and its style: to find that goes through its runs."""
        defaults = styles.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}")
        self._defaults = _run_properties(defaults)
        for style in styles.iter(w("style")):
            name = style.find(w("name"))
            own = style.get(w("styleId"), "")
            self._said[own] = _run_properties(style.find(w("rPr")))
            self._above[own] = _value(style.find(w("basedOn"))) or ""
            if next(style.iter(w("shd")), None) is not None:
                self._shaded.add(own)
            if style.get(w("type")) == "paragraph" and style.get(w("default"), "0") not in _OFF:
                self._default = own
            level = _outline(style.find(w("pPr")))
            match = _NAME.match(name.get(w("val"), "") if name is not None else "")
            if match:
                level = int(match[1])
            if level:
                self._levels[own] = level

    def level(self, paragraph: etree._Element) -> int:
        """Heading level from 1, or 0 for body text."""
        properties = paragraph.find(w("pPr"))
        if properties is None:
            return 0
        named = self._levels.get(_value(properties.find(w("pStyle"))) or "", 0)
        return _outline(properties) or named

    def run_style(self, run: etree._Element, paragraph: etree._Element | None) -> _RunStyle:
        """How the text of a run looks; ``paragraph`` is the one it stands in."""
        properties = run.find(_RUN)
        if paragraph is not self._last[0]:
            style = paragraph.find(_STYLE) if paragraph is not None else None
            self._last = paragraph, _value(style) or ""
        named = self._last[1] or self._default
        if properties is not None:
            return self._resolved(
                _run_properties(properties), _value(properties.find(w("rStyle"))), named
            )
        if named not in self._plain:
            self._plain[named] = self._resolved(_RunProperties(), None, named)
        return self._plain[named]

    def _resolved(self, own: _RunProperties, character: str | None, paragraph: str) -> _RunStyle:
        chains = [
            [self._said[name] for name in self._chain(first)] for first in (character, paragraph)
        ]
        every = [own, *chains[0], *chains[1], self._defaults]
        size = _first([style_given.size for style_given in every])
        return _RunStyle(
            hidden=_toggled(own.vanish, [[s.vanish for s in chain] for chain in chains],
                            self._defaults.vanish) or (size is not None and size <= _SMALLEST),
            struck=_toggled(own.strike, [[s.strike for s in chain] for chain in chains],
                            self._defaults.strike)
            or bool(_first([style_given.double for style_given in every])),
            raised=bool(_first([style_given.raised for style_given in every])),
            color=_first([style_given.color for style_given in every]),
            ground=_first([style_given.shade for style_given in every]),
        )  # fmt: skip

    def is_shaded(self, style: str) -> bool:
        """Whether a style of tables, or one it is based on, paints a ground anywhere."""
        return any(name in self._shaded for name in self._chain(style))

    def _chain(self, name: str | None) -> Iterator[str]:
        """A style and those it is based on."""
        for _ in range(_DEEPEST):
            if not name or name not in self._said:
                return
            yield name
            name = self._above.get(name)


def _first(values: Sequence[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _toggled(own: bool | None, chains: list[list[bool | None]], default: bool | None) -> bool:
    """A property that styles toggle: two styles that set it cancel out."""
    if own is not None:
        return own
    if default:
        return True
    return sum(bool(_first(chain)) for chain in chains) % 2 == 1


def _run_properties(properties: etree._Element | None) -> _RunProperties:
    if properties is None:
        return _RunProperties()

    def switch(name: str) -> bool | None:
        found = properties.find(w(name))
        return _is_on(found) if found is not None else None

    align = _value(properties.find(w("vertAlign")))
    lifted = _value(properties.find(w("position"))) or ""
    up = float(lifted) > 0 if re.fullmatch(r"-?\d{1,4}", lifted) else None
    vanish = switch("vanish") or switch("specVanish")
    size = _value(properties.find(w("sz"))) or ""
    marker = _value(properties.find(w("highlight")))
    return _RunProperties(
        vanish=vanish if vanish else switch("vanish"),
        strike=switch("strike"),
        double=switch("dstrike"),
        raised=align in ("superscript", "subscript") if align and align != "baseline" else up,
        color=_rgb(_value(properties.find(w("color")))),
        shade=_SHADES.get(marker or "", "?")
        if marker and marker != "none"
        else _fill_of(properties.find(w("shd"))),
        size=int(size) if re.fullmatch(r"\d{1,4}", size) else None,
    )


def _value(element: etree._Element | None) -> str | None:
    return element.get(w("val")) if element is not None else None


def _outline(properties: etree._Element | None) -> int:
    """Level that an outline level (0 to 8) stands for; 9 and none are body text."""
    level = properties.find(w("outlineLvl")) if properties is not None else None
    text = level.get(w("val"), "") if level is not None else ""
    return int(text) + 1 if re.fullmatch(r"[0-8]", text) else 0

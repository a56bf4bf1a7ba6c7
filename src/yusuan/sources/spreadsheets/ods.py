"""OpenDocument spreadsheets (ODS): every sheet in one pass over ``content.xml``.

A cell holds what is shown in ``text:p`` and its value beside it (OpenDocument 1.3 Part 3, 9.1
and 19.385). Styles say what is hidden, struck out or raised (16, 20); changes that are
tracked, notes of cells and drawings are no part of a sheet.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from lxml import etree

from yusuan.model.document import Run
from yusuan.model.errors import YusuanError
from yusuan.sources import limits
from yusuan.sources.blocks import SourceCell
from yusuan.sources.containers import ZIP_ERRORS
from yusuan.sources.spreadsheets.cells import (
    CellStyle,
    Sheet,
    SheetCells,
    formula_cell,
    same_colour,
    text_cell,
    to_decimal,
    too_many_listed,
    too_many_sheets,
    unreadable,
    with_value,
)
from yusuan.sources.spreadsheets.conditional_format import (
    Condition,
    ConditionalFormat,
    applied,
    comparison,
    formula_test,
)
from yusuan.sources.spreadsheets.number_format import general

__all__ = ["read_ods"]

_NS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT, _STYLE = (_NS % name for name in ("table", "office", "text", "style"))
_DEFAULT = f"{_STYLE}default-style"
_FO = _NS % "xsl-fo-compatible"
_CONFIG = _NS % "config"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_FORMATTED = f"{_CALC}conditional-format"
_CELL, _COVERED = f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_ROW, _COLUMN, _SHEET = f"{_TABLE}table-row", f"{_TABLE}table-column", f"{_TABLE}table"
_GROUPS = (f"{_TABLE}table-row-group", f"{_TABLE}table-column-group")
_APART = (
    f"{_TABLE}tracked-changes", f"{_TABLE}shapes", f"{_OFFICE}annotation", f"{_OFFICE}forms",
    "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}frame",
)  # fmt: skip
"""Elements whose content is no part of the sheet, though it may look like one."""
_FOLLOWED = (
    *_APART, *_GROUPS, f"{_STYLE}style", _DEFAULT, _SHEET, _COLUMN, _ROW, _CELL,
    _COVERED, f"{_TABLE}table-source", _FORMATTED,
)  # fmt: skip
_LENGTH = re.compile(r"([\d.]{1,12})(cm|mm|in|pt|pc|px)")
_POINTS = {"cm": 28.35, "mm": 2.835, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}
_FLAT = 1.5
"""Points below which a row or column shows nothing."""
_MOST_COLUMNS = 16_384
_CONDITION = re.compile(r"(?:(not-)?between\((.+),(.+)\)|formula-is\((.+)\)|(!?=|[<>]=?)(.+))")
_ADDRESS = re.compile(r"\.\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?=:|\s|$)")
_WHITE = "FFFFFF"
_OPERATORS = {
    "=": "equal", "!=": "notEqual", "<": "lessThan", "<=": "lessThanOrEqual",
    ">": "greaterThan", ">=": "greaterThanOrEqual",
}  # fmt: skip
_STYLE_DEPTH = 20
_NUMBERS = frozenset(("float", "percentage", "currency"))


@dataclass(frozen=True, slots=True)
class _StatedStyle:
    """What a style states itself; None is left to the style above it."""

    parent: str | None = None
    struck: bool | None = None
    raised: bool | None = None
    ink: str | None = None
    paper: str | None = None
    shown: bool | None = None
    flat: bool | None = None


def read_ods(container: zipfile.ZipFile, file: str) -> list[Sheet]:
    """The sheets in order. Raises YusuanError when the file is damaged or exceeds a limit."""
    try:
        styles: dict[tuple[str, str], _StatedStyle] = {}
        if "styles.xml" in container.namelist():
            with container.open("styles.xml") as stream:
                for _, element in _parsed(stream, ("end",), f"{_STYLE}style", _DEFAULT):
                    _note_style(element, styles)
        zeros = _shows_zeros(container)
        with container.open("content.xml") as stream:
            return list(_ContentReader(file, styles, zeros).sheets(stream))
    except (etree.XMLSyntaxError, *ZIP_ERRORS) as error:
        if isinstance(error, YusuanError):
            raise
        locked = "password" in str(error)
        raise unreadable(file, "locked with a password" if locked else "damaged") from error


def _parsed(
    stream: object, events: tuple[str, ...], *tags: str
) -> Iterator[tuple[str, etree._Element]]:
    parser = etree.iterparse(
        stream, events=events, tag=tags or None, resolve_entities=False, load_dtd=False,  # type: ignore[call-overload]
        no_network=True, huge_tree=False,
    )  # fmt: skip
    yield from parser
    if parser.root is not None and parser.root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a document type")


def _note_style(element: etree._Element, styles: dict[tuple[str, str], _StatedStyle]) -> None:
    """Put down what a style states, by its family and name ("" for the default)."""
    found: dict[str, object] = {"parent": element.get(f"{_STYLE}parent-style-name")}
    for child in element:
        get = child.attrib.get
        line = get(f"{_STYLE}text-line-through-style") or get(f"{_STYLE}text-line-through-type")
        if line is not None:
            found["struck"] = line != "none"
        if (place := get(f"{_STYLE}text-position")) is not None:
            found["raised"] = place.startswith("super") or bool(re.match(r"[1-9]", place))
        if (ink := get(f"{_FO}color")) is not None:
            found["ink"] = _colour(ink)
        if (paper := get(f"{_FO}background-color")) is not None:
            found["paper"] = "FFFFFF" if paper == "transparent" else _colour(paper)
        if (display := get(f"{_TABLE}display")) is not None:
            found["shown"] = display != "false"
        length = get(f"{_STYLE}column-width") or get(f"{_STYLE}row-height")
        if length is not None and (match := _LENGTH.fullmatch(length)):
            found["flat"] = float(match[1]) * _POINTS[match[2]] < _FLAT
    family = element.get(f"{_STYLE}family", "")
    style = _StatedStyle(**found)  # type: ignore[arg-type]
    styles[family, element.get(f"{_STYLE}name", "")] = style
    if (name := element.get(f"{_STYLE}display-name")) is not None:  # conditions name it by that
        styles.setdefault((family, name), style)


def _colour(text: str) -> str | None:
    return text[1:].upper() if re.fullmatch(r"#[0-9A-Fa-f]{6}", text) else None


def _shows_zeros(container: zipfile.ZipFile) -> bool:
    """Whether the sheets show zeros, as the settings of the view say."""
    if "settings.xml" not in container.namelist():
        return True
    with container.open("settings.xml") as stream:
        for _, element in _parsed(stream, ("end",), f"{_CONFIG}config-item"):
            if element.get(f"{_CONFIG}name") == "ShowZeroValues":
                return element.text != "false"
    return True


class _ContentReader:
    def __init__(self, file: str, styles: dict[tuple[str, str], _StatedStyle], zeros: bool) -> None:
        self._file = file
        self._styles = styles
        self._zeros = zeros
        self._looks: dict[str, CellStyle] = {}
        self._listed = 0

    def sheets(self, stream: object) -> Iterator[Sheet]:
        """The sheets of the content, in order. Raises YusuanError where there are too many."""
        apart = count = 0
        state: _SheetReader | None = None
        for event, element in _parsed(stream, ("start", "end"), *_FOLLOWED):
            tag = element.tag
            inner = tag == _SHEET and state is not None and state.element is not element
            if inner or tag in _APART:
                apart += 1 if event == "start" else -1
                if event == "end":
                    element.clear()
            elif apart:
                continue
            elif tag == f"{_STYLE}style" or tag == _DEFAULT:
                if event == "end":
                    _note_style(element, self._styles)
                    element.clear()
            elif tag == _SHEET:
                if state is None:
                    state = _SheetReader(element, self)
                elif event == "end":
                    if not state.linked:
                        count += 1
                        if count > limits.SHEETS:
                            raise too_many_sheets(self._file, count)
                        yield state.sheet()
                    state = None
                    element.clear()
            elif state is not None:
                state.take(event, element)

    def style(self, family: str, name: str | None) -> _StatedStyle:
        """What a style comes to, with the styles above it."""
        found = _StatedStyle()
        for _ in range(_STYLE_DEPTH):
            one = self._styles.get((family, name or ""))
            if one is None:
                break
            found = _StatedStyle(
                *(getattr(one, part) if getattr(found, part) is None else getattr(found, part)
                  for part in _StatedStyle.__slots__)
            )  # fmt: skip
            if not name:
                break
            name = one.parent
            found = replace(found, parent=None)
        return found

    def cell_style(self, name: str | None) -> CellStyle:
        name = name or "Default"
        if name not in self._looks:
            style = self.style("table-cell", name)
            paper = style.paper or "FFFFFF"
            self._looks[name] = CellStyle(
                None, bool(style.struck), same_colour(style.ink, paper), paper
            )
        return self._looks[name]

    def listed(self, place: str) -> None:
        """One row or cell more. Raises YusuanError where there are too many of them."""
        self._listed += 1
        if self._listed > limits.LISTED:
            raise too_many_listed(place)

    @property
    def file(self) -> str:
        return self._file

    @property
    def zeros(self) -> bool:
        return self._zeros


class _SheetReader:
    """One ``table:table`` as it is read."""

    def __init__(self, element: etree._Element, content: _ContentReader) -> None:
        self.element = element
        self.linked = False
        """Whether it only keeps values of another file."""
        self._content = content
        self._name = element.get(f"{_TABLE}name", "")
        style = content.style("table", element.get(f"{_TABLE}style-name"))
        self._hidden = style.shown is False
        self._cells = SheetCells(f"{content.file}, sheet {self._name}")
        self._merges: list[tuple[int, int, int, int]] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._column_styles: list[tuple[int, str | None]] = []
        self._columns = 0
        self._flat: dict[tuple[str, str | None], bool] = {}
        self._folded = 0
        self._row = 0
        self._column = 0
        self._line: list[tuple[int, int, SourceCell]] = []
        self._rules: list[ConditionalFormat] = []
        self._papers: dict[tuple[int, int], str | None] = {}

    def take(self, event: str, element: etree._Element) -> None:
        """Follow one event within the table."""
        tag = element.tag
        if tag in (_CELL, _COVERED):
            if event == "end":
                self._content.listed(self._cells.place)
                self._take_cell(element)
        elif tag == _ROW and event == "start":
            self._column, self._line = 0, []
        elif tag == _ROW:
            self._content.listed(self._cells.place)
            self._end_row(element)
        elif tag in _GROUPS and element.get(f"{_TABLE}display") == "false":
            self._folded += 1 if event == "start" else -1
        elif tag == f"{_TABLE}table-source":
            self.linked = True
        elif tag == _COLUMN and event == "end":
            self._take_column(element)
        elif tag == _FORMATTED and event == "end":
            self._rules += self._conditions(element)
            element.clear()

    def sheet(self) -> Sheet:
        sheet = self._cells.sheet(
            self._name, self._merges, hidden=self._hidden,
            hidden_rows=frozenset(self._hidden_rows),
            hidden_columns=frozenset(self._hidden_columns),
        )  # fmt: skip
        return applied(sheet, self._rules, self._papers, self._cells.place)

    def _conditions(self, element: etree._Element) -> Iterator[ConditionalFormat]:
        """The conditional formats that matter; an extension of OpenDocument by LibreOffice."""
        written = element.get(f"{_CALC}target-range-address", "")
        areas = tuple(
            _area(one) for one in re.findall(r"[^\s']*(?:'[^']*'[^\s']*)*", written) if one
        )
        for condition in element:
            if condition.tag != f"{_CALC}condition":
                continue
            cell_style = self._content.style(
                "table-cell", condition.get(f"{_CALC}apply-style-name")
            )
            test = _test(condition.get(f"{_CALC}value", ""), written)
            rule = ConditionalFormat(
                areas, test, cell_style.ink, cell_style.paper, bool(cell_style.struck)
            )
            if rule.matters:
                yield rule

    def _out_of_sight(self, element: etree._Element, family: str) -> bool:
        if self._folded or element.get(f"{_TABLE}visibility", "visible") != "visible":
            return True
        key = family, element.get(f"{_TABLE}style-name")
        if key not in self._flat:
            self._flat[key] = bool(self._content.style(*key).flat)
        return self._flat[key]

    def _take_column(self, element: etree._Element) -> None:
        count = min(_count(element, "number-columns-repeated"), _MOST_COLUMNS)
        if self._out_of_sight(element, "table-column"):
            self._hidden_columns.update(range(self._columns, self._columns + count))
        self._columns += count
        default = element.get(f"{_TABLE}default-cell-style-name")
        self._column_styles.append((self._columns, default))
        element.clear()

    def _column_style(self, column: int) -> str | None:
        return next((name for end, name in self._column_styles if column < end), None)

    def _take_cell(self, element: etree._Element) -> None:
        count = _count(element, "number-columns-repeated")
        if len(element) or element.get(f"{_OFFICE}value-type") or element.get(f"{_TABLE}formula"):
            style = element.get(f"{_TABLE}style-name") or self._row_style(element)
            box = self._box(element, style or self._column_style(self._column))
            down = _count(element, "number-rows-spanned")
            across = _count(element, "number-columns-spanned")
            if down * across > 1 and element.tag == _CELL:
                self._merges.append(
                    (self._row, self._column, self._row + down - 1, self._column + across - 1)
                )
            if box is not None:
                self._line.append((self._column, count, box))
                paper = self._content.cell_style(style or self._column_style(self._column)).paper
                if paper != _WHITE:
                    self._papers[self._row, self._column] = paper
        self._column += count
        element.clear()

    def _row_style(self, element: etree._Element) -> str | None:
        parent = element.getparent()
        return parent.get(f"{_TABLE}default-cell-style-name") if parent is not None else None

    def _end_row(self, element: etree._Element) -> None:
        count = _count(element, "number-rows-repeated")
        if self._line:
            column, repeated, _ = self._line[-1]
            # Says so before a row or cell that is stated once fills the memory.
            self._cells.reach(self._row + count - 1, column + repeated - 1)
            out_of_sight = self._out_of_sight(element, "table-row")
            for row in range(self._row, self._row + count):
                for start, across, box in self._line:
                    for column in range(start, start + across):
                        self._cells.add(row, column, box)
                if out_of_sight:
                    self._hidden_rows.add(row)
        elif count < limits.CELLS and self._out_of_sight(element, "table-row"):
            self._hidden_rows.update(range(self._row, self._row + count))
        self._row += count
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]  # type: ignore[union-attr]

    def _box(self, element: etree._Element, style: str | None) -> SourceCell | None:
        """What a cell shows."""
        cell_style = self._content.cell_style(style)
        kind = element.get(f"{_OFFICE}value-type") or ""
        value = element.get(f"{_OFFICE}value")
        number: Decimal | None = None
        if kind in _NUMBERS and value is not None:
            number = to_decimal(value)
            if not number and not self._content.zeros:
                return None
        paragraphs = [child for child in element if child.tag == f"{_TEXT}p"]
        if not paragraphs:
            if number is not None:
                return text_cell(general(number), cell_style)
            written = next(
                (text for name in ("string", "date", "time", "boolean")
                 if (text := element.get(f"{_OFFICE}{name}-value"))), None,
            )  # fmt: skip
            if written is not None:
                return text_cell(written.upper() if kind == "boolean" else written, cell_style)
            formula = element.get(f"{_TABLE}formula")
            return formula_cell(formula.partition(":")[2]) if formula is not None else None
        runs: list[tuple[Run, str | None, bool]] = []
        for index, paragraph in enumerate(paragraphs):
            if index:
                runs.append((Run("\n"), None, False))
            self._runs(paragraph, _StatedStyle(), runs, 0)
        plain = not any(own or run.raised or ink for run, ink, own in runs)
        box = text_cell("".join(run.text for run, _, _ in runs) if plain else runs, cell_style)
        return box if number is None else with_value(box, number)

    def _runs(
        self, element: etree._Element, style: _StatedStyle, runs: list[tuple[Run, str | None, bool]],
        depth: int,
    ) -> None:  # fmt: skip
        """The text of a paragraph or span, each piece with the look of its styles."""

        def say(text: str | None) -> None:
            if text:
                run = Run(text, struck=bool(style.struck), raised=bool(style.raised))
                runs.append((run, style.ink, style.struck is not None))

        if depth > _STYLE_DEPTH:
            raise ValueError("spans nested too deep")
        say(element.text)
        for child in element:
            match child.tag:
                case str(tag) if tag == f"{_TEXT}span":
                    own = self._content.style("text", child.get(f"{_TEXT}style-name"))
                    self._runs(child, _over(own, style), runs, depth + 1)
                case str(tag) if tag == f"{_TEXT}s":
                    say(" " * min(int(child.get(f"{_TEXT}c", "1")), 1000))
                case str(tag) if tag in (f"{_TEXT}tab", f"{_TEXT}line-break"):
                    say("\n" if tag.endswith("break") else "\t")
                case str(tag) if tag not in _APART and tag != f"{_TEXT}note":
                    self._runs(child, style, runs, depth + 1)
                case str():
                    pass
                case _ if isinstance(child, etree._Entity):
                    raise ValueError("an entity")
            say(child.tail)


def _test(condition: str, target: str) -> Condition:
    """When a condition holds: =0, between(1,5), formula-is(...)."""
    match = _CONDITION.fullmatch(condition.strip())
    if match is None:
        return lambda _: None
    apart, low, high, formula, sign, than = match.groups()
    if low:
        return comparison("notBetween" if apart else "between", (low, high))
    if formula:
        cell = _ADDRESS.search(target)
        plain = re.sub(r"\[\.([$A-Za-z0-9]+)\]", r"\1", formula)
        return formula_test(plain, cell[1] + cell[2] if cell else "")
    return comparison(_OPERATORS[sign], (than,))


def _area(address: str) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of a range of cells, as 'Sheet 1'.A1:'Sheet 1'.C9."""
    corners = []
    for match in _ADDRESS.finditer(address):
        column = 0
        for letter in match[1].upper():
            column = column * 26 + ord(letter) - 64
        corners.append((int(match[2]) - 1, column - 1))
    if not corners:
        raise ValueError(f"{address[:40]} is no range")
    (top, left), (bottom, right) = corners[0], corners[-1]
    return top, left, bottom, right


def _over(own: _StatedStyle, above: _StatedStyle) -> _StatedStyle:
    return _StatedStyle(
        *(getattr(above, part) if getattr(own, part) is None else getattr(own, part)
          for part in _StatedStyle.__slots__)
    )  # fmt: skip


def _count(element: etree._Element, name: str) -> int:
    text = element.get(f"{_TABLE}{name}")
    if text is None:
        return 1
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(f"{text[:20]} is no count")
    return int(text)

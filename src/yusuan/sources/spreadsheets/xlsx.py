"""Workbooks of Office Open XML (XLSX, XLSM): every sheet in one pass over its XML.

The parts are those of ECMA-376 Part 1, 12.3; elements are matched by their local name, so
that the strict form of the standard is read as well. Nothing is held but the cells shown.
Colours are stated, indexed, or of a theme with a tint (18.3.1.15, 18.8.27).
"""

from __future__ import annotations

import colorsys
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lxml import etree

from yusuan.model.document import Run
from yusuan.model.errors import YusuanError
from yusuan.sources import limits
from yusuan.sources.blocks import SourceCell
from yusuan.sources.containers import ZIP_ERRORS
from yusuan.sources.spreadsheets.cells import (
    CellStyle,
    RichText,
    Sheet,
    SheetCells,
    formula_cell,
    number_cell,
    same_colour,
    text_cell,
    to_decimal,
    too_many_listed,
    too_many_sheets,
    unreadable,
)
from yusuan.sources.spreadsheets.conditional_format import (
    Condition,
    ConditionalFormat,
    applied,
    comparison,
    formula_test,
)
from yusuan.sources.spreadsheets.number_format import BUILT_IN, parse_format

__all__ = ["read_xlsx"]

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = frozenset(("1", "true", "on"))
_BLACK, _WHITE = "000000", "FFFFFF"
_FLAT_ROW = 1.5
"""Points of height below which a row shows nothing; the smallest print has five."""
_NARROW_COLUMN = 0.2
"""Signs of width below which a column shows nothing."""
_ROWS, _COLUMNS = 1_048_576, 16_384

_RGB = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")
_FIRST = ("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF")
_MORE = (
    "800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080", "9999FF",
    "993366", "FFFFCC", "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF", "000080", "FF00FF",
    "FFFF00", "00FFFF", "800080", "800000", "008080", "0000FF", "00CCFF", "CCFFFF", "CCFFCC",
    "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99", "3366FF", "33CCCC", "99CC00", "FFCC00",
    "FF9900", "FF6600", "666699", "969696", "003366", "339966", "003300", "333300", "993300",
    "993366", "333399", "333333",
)  # fmt: skip
_SYSTEM = {64: "000000", 65: "FFFFFF"}
"""Indexes for the ink and the paper of the system."""


def read_xlsx(container: zipfile.ZipFile, file: str) -> list[Sheet]:
    """The sheets of a workbook in order; those that hold no cells (charts) are empty.

    Raises YusuanError when it is damaged or exceeds a limit.
    """
    try:
        return _Workbook(container, file).sheets()
    except (etree.XMLSyntaxError, *ZIP_ERRORS) as error:
        if isinstance(error, YusuanError):
            raise
        locked = "password" in str(error)
        raise unreadable(file, "locked with a password" if locked else "damaged") from error


@dataclass(slots=True)
class _Formulas:
    """Formulas of the workbook that have a result other than 0, and the places of the zeros."""

    results: int = 0
    zeros: list[tuple[dict[int, SourceCell], int, str]] = field(default_factory=list)


class _Workbook:
    def __init__(self, container: zipfile.ZipFile, file: str) -> None:
        self._container = container
        self._file = file
        self._names = {name.lower(): name for name in reversed(container.namelist())}
        self._date1904 = False
        self._strings: list[str | RichText] = []
        self._cell_styles: list[CellStyle] = []
        self._changes: list[ConditionalFormat] = []
        self._formulas = _Formulas()
        self._listed = 0

    def sheets(self) -> list[Sheet]:
        """The sheets in the order of the workbook. Raises YusuanError where there are too many, and
        ValueError where the file is damaged."""
        main, relations = self._main()
        found: list[tuple[str, bool, str]] = []
        computed_later = False
        for kind, element in self._elements(main, "workbookPr", "sheet", "calcPr"):
            match kind:
                case "workbookPr":
                    self._date1904 = element.get("date1904", "") in _TRUE
                case "calcPr":
                    computed_later = element.get("fullCalcOnLoad", "") in _TRUE
                case _:
                    id_ = next((v for k, v in element.attrib.items() if str(k).endswith("}id")), "")
                    hidden = element.get("state", "visible") != "visible"
                    found.append((element.get("name", ""), hidden, str(id_)))
        if len(found) > limits.SHEETS:
            raise too_many_sheets(self._file, len(found))
        targets = dict(relations.values())
        palette = _Palette()
        if "theme" in targets and self._has(targets["theme"]):
            palette = _Palette(self._theme(targets["theme"]))
        if "styles" in targets:
            self._cell_styles = self._styles(targets["styles"], palette)
        if "sharedStrings" in targets:
            self._strings = list(self._shared(targets["sharedStrings"], palette))
        sheets = []
        for name, hidden, id_ in found:
            if id_ not in relations:
                raise ValueError(f"no part for sheet {name}")
            kind, target = relations[id_]
            sheets.append(
                self._sheet(name, hidden, target, palette) if kind == "worksheet"
                else Sheet(name, hidden=hidden)
            )  # fmt: skip
        if computed_later and not self._formulas.results:
            # Written by a library that puts 0 for every result, to be computed when opened.
            for row, column, formula in self._formulas.zeros:
                row[column] = formula_cell(formula)
        return sheets

    def _main(self) -> tuple[str, dict[str, tuple[str, str]]]:
        """The part of the workbook, and its relations: kind and part by identifier."""
        main = "xl/workbook.xml"
        if self._has("_rels/.rels"):
            for kind, target in self._relations("_rels/.rels", "").values():
                if kind == "officeDocument" and self._has(target):
                    main = target
        folder, name = posixpath.split(main)
        return main, self._relations(f"{folder}/_rels/{name}.rels", folder)

    def _relations(self, part: str, folder: str) -> dict[str, tuple[str, str]]:
        found = {}
        for _, element in self._elements(part, "Relationship"):
            if element.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))
            kind = element.get("Type", "").rsplit("/", 1)[-1]
            found[element.get("Id", "")] = (kind, target.lstrip("/"))
        return found

    def _has(self, part: str) -> bool:
        return part.lower() in self._names

    def _elements(
        self, part: str, *names: str, starts: str = ""
    ) -> Iterator[tuple[str, etree._Element]]:
        """The elements of the names given with their names, each when it ends, those that ``starts``
        names when they begin. What was given out is emptied."""
        with self._container.open(self._names[part.lower()]) as stream:
            events = etree.iterparse(
                stream, events=("start", "end") if starts else ("end",),
                tag=[f"{{*}}{name}" for name in names], resolve_entities=False, load_dtd=False,
                no_network=True, huge_tree=False,
            )  # fmt: skip
            for event, element in events:
                name = _local(element)
                if event == "start":
                    if name == starts:
                        yield name, element
                elif name == starts:
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]  # type: ignore[union-attr]
                else:
                    yield name, element
                    element.clear()
            if (
                events.root is not None
                and events.root.getroottree().docinfo.internalDTD is not None
            ):
                raise ValueError("a document type")

    def _theme(self, part: str) -> list[str]:
        """Colours of the theme in the order in which styles count them (18.8.3)."""
        by_name = {}
        for _, element in self._elements(part, "clrScheme"):
            for slot in element:
                for colour in slot:
                    by_name[_local(slot)] = str(colour.get("lastClr") or colour.get("val", ""))
        order = ("lt1", "dk1", "lt2", "dk2", *(f"accent{i}" for i in range(1, 7)), "hlink",
                 "folHlink")  # fmt: skip
        return [by_name.get(name, "") for name in order]

    def _styles(self, part: str, palette: _Palette) -> list[CellStyle]:
        """The looks that cells name by their place in cellXfs."""
        codes = dict(BUILT_IN)
        fonts: list[tuple[bool, str | None]] = []
        papers: list[str | None] = []
        formats: list[tuple[int, int, int]] = []
        names = ("numFmts", "fonts", "fills", "cellXfs", "dxfs", "indexedColors")
        for kind, element in self._elements(part, *names):
            match kind:
                case "numFmts":
                    for child in element:
                        codes[int(child.get("numFmtId", ""))] = child.get("formatCode", "")
                case "fonts":
                    fonts = [(_on(child, "strike"), _ink(child, palette)) for child in element]
                case "fills":
                    papers = [_paper(child, palette) for child in element]
                case "indexedColors":
                    palette.indexed = [child.get("rgb", "")[-6:] for child in element]
                case "dxfs":
                    self._changes = [_change(child, palette) for child in element]
                case _:
                    formats = [
                        (int(child.get("numFmtId", 0)), int(child.get("fontId", 0)),
                         int(child.get("fillId", 0)))
                        for child in element
                    ]  # fmt: skip
        looks = []
        for number, font, fill in formats:
            struck, ink = fonts[font] if 0 <= font < len(fonts) else (False, None)
            paper = papers[fill] if 0 <= fill < len(papers) else None
            form = parse_format(codes.get(number, "General"))
            looks.append(CellStyle(form, struck, same_colour(ink, paper), paper))
        return looks

    def _shared(self, part: str, palette: _Palette) -> Iterator[str | RichText]:
        for _, element in self._elements(part, "si"):
            yield _string(element, palette)

    def _sheet(self, name: str, hidden: bool, part: str, palette: _Palette) -> Sheet:
        cells = SheetCells(f"{self._file}, sheet {name}")
        merges: list[tuple[int, int, int, int]] = []
        hidden_rows: set[int] = set()
        hidden_columns: set[int] = set()
        rules: list[ConditionalFormat] = []
        papers: dict[tuple[int, int], str | None] = {}
        zeros = True
        row = column = -1
        names = ("sheetView", "col", "row", "c", "mergeCell", "conditionalFormatting")
        for kind, element in self._elements(part, *names, starts="row"):
            if kind == "c" or kind == "row":
                self._listed += 1
                if self._listed > limits.LISTED:
                    raise too_many_listed(cells.place)
            match kind:
                case "c":
                    reference = element.get("r")
                    if reference is None:
                        column += 1
                    else:
                        row, column = _place(reference)
                    cell_style = self._cell(cells, row, column, element, zeros, palette)
                    if cell_style is not None and cell_style.paper != _WHITE:
                        papers[row, column] = cell_style.paper
                case "conditionalFormatting":
                    rules += self._rules(element, palette)
                case "row":
                    row = int(element.get("r", row + 2)) - 1
                    column = -1
                    if not 0 <= row < _ROWS:
                        raise ValueError("a row beyond the sheet")
                    flat = element.get("ht") and float(element.get("ht", "")) < _FLAT_ROW
                    if element.get("hidden", "") in _TRUE or flat:
                        hidden_rows.add(row)
                case "col":
                    narrow = float(element.get("width") or 9) < _NARROW_COLUMN
                    if element.get("hidden", "") in _TRUE or narrow:
                        first, last = int(element.get("min", "")), int(element.get("max", ""))
                        hidden_columns.update(range(first - 1, min(last, _COLUMNS)))
                case "sheetView":
                    zeros = element.get("showZeros", "1") in _TRUE
                case "mergeCell":
                    merges.append(_range(element.get("ref", "")))
                    if len(merges) > limits.MERGED:
                        break
        sheet = cells.sheet(
            name, merges, hidden=hidden, hidden_rows=frozenset(hidden_rows),
            hidden_columns=frozenset(hidden_columns),
        )  # fmt: skip
        return applied(sheet, rules, papers, cells.place)

    def _rules(self, element: etree._Element, palette: _Palette) -> Iterator[ConditionalFormat]:
        """The rules of a ``conditionalFormatting`` that matter. Those of Excel 2010 (x14) hold their
        look and their ranges themselves. That one may be overruled by another is not weighed:
        what one of them hides is told."""
        ranges = element.get("sqref") or next(
            (_text(child) for child in element if _local(child) == "sqref"), ""
        )
        areas = tuple(_range(one) for one in ranges.split())
        first = ranges.partition(" ")[0].partition(":")[0]
        for rule in element:
            if _local(rule) != "cfRule":
                continue
            formulas = [_text(child) for child in rule if _local(child) in ("formula", "f")]
            change = ConditionalFormat((), _rule_test(rule, formulas, first))
            index = rule.get("dxfId", "")
            if index.isdecimal() and int(index) < len(self._changes):
                change = replace(self._changes[int(index)], test=change.test)
            for child in rule:
                if _local(child) == "dxf":
                    change = replace(_change(child, palette), test=change.test)
                elif _local(child) in ("dataBar", "iconSet"):
                    hides = child.get("showValue", "1") not in _TRUE
                    change = replace(change, hides=hides, test=lambda value: value is not None)
            if change.matters:
                yield replace(change, areas=areas)

    def _cell(
        self, cells: SheetCells, row: int, column: int, element: etree._Element, zeros: bool,
        palette: _Palette,
    ) -> CellStyle | None:  # fmt: skip
        """Add the cell of a ``c`` element, if it shows or hides anything; its look."""
        if not len(element):
            return None
        value: str | None = None
        formula: str | None = None
        inline: etree._Element | None = None
        for child in element:
            match _local(child):
                case "v":
                    value = _text(child)
                case "f":
                    formula = child.text or ""
                case "is":
                    inline = child
        kind = element.get("t", "n")
        if value is None and inline is None and formula is None:
            return None
        if formula is not None and not value and not (kind == "str" and value is not None):
            cells.add(row, column, formula_cell(formula))
            return None
        style = int(element.get("s", 0))
        cell_style = (
            self._cell_styles[style]
            if 0 <= style < len(self._cell_styles)
            else CellStyle(parse_format(""))
        )
        box: SourceCell | None
        if inline is not None and kind == "inlineStr":
            box = text_cell(_string(inline, palette), cell_style)
        elif not value:
            box = None
        elif kind == "n":
            number = to_decimal(value)
            box = number_cell(number, cell_style, date1904=self._date1904, zeros=zeros)
        elif kind == "s":
            box = text_cell(self._strings[_index(value)], cell_style)
        elif kind == "b":
            box = text_cell("TRUE" if value.strip() in _TRUE else "FALSE", _plain(cell_style))
        elif kind == "d":
            box = self._dated(value, cell_style)
        elif kind == "e":
            box = text_cell(value, _plain(cell_style))
        else:
            box = text_cell(_unescaped(value), cell_style)
        cells.add(row, column, box)
        if formula is not None and box is not None:
            if kind == "n" and not to_decimal(value or "0"):
                self._formulas.zeros.append((cells.rows[row], column, formula))
            else:
                self._formulas.results += 1
        return cell_style

    def _dated(self, value: str, cell_style: CellStyle) -> SourceCell | None:
        """A date stored as text in ISO 8601 (18.18.11)."""
        found = datetime.fromisoformat(value.strip())
        if cell_style.format is None or cell_style.format.is_general:
            return text_cell(value.strip(), cell_style)
        first = datetime(1904, 1, 1) if self._date1904 else datetime(1899, 12, 30)
        passed = found.replace(tzinfo=None) - first
        days = Decimal(passed.days) + Decimal(passed.seconds) / 86_400
        return number_cell(days, cell_style, date1904=self._date1904)


@lru_cache(maxsize=512)
def _local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _local(element: etree._Element) -> str:
    tag = element.tag
    return _local_name(tag) if isinstance(tag, str) else ""


def _on(font: etree._Element, name: str) -> bool:
    """Whether a font has a property; stated without a value it is on."""
    return any(
        _local(child) == name and child.get("val", "1") in _TRUE for child in font
    )  # fmt: skip


def _ink(font: etree._Element, palette: _Palette) -> str | None:
    return next(
        (palette.colour(dict(child.attrib)) for child in font if _local(child) == "color"), None
    )  # fmt: skip


def _paper(fill: etree._Element, palette: _Palette) -> str | None:
    """The colour of a fill: white where there is none, None for patterns and gradients."""
    for pattern in fill:
        kind = pattern.get("patternType", "none")
        if _local(pattern) != "patternFill" or kind not in ("none", "solid"):
            return None
        if kind == "none":
            return _WHITE
        return next(
            (palette.colour(dict(child.attrib)) for child in pattern if _local(child) == "fgColor"),
            None,
        )  # fmt: skip
    return "FFFFFF"


def _change(element: etree._Element, palette: _Palette) -> ConditionalFormat:
    """What a ``dxf`` changes; the fill of one has its colour in ``bgColor`` (18.3.1.10)."""
    ink = paper = form = None
    struck = False
    for part in element:
        match _local(part):
            case "font":
                struck, ink = _on(part, "strike"), _ink(part, palette)
            case "numFmt":
                form = parse_format(part.get("formatCode", ""))
            case "fill":
                paper = next(
                    (palette.colour(dict(colour.attrib)) for pattern in part for colour in pattern
                     if _local(colour) == "bgColor"), None,
                )  # fmt: skip
    return ConditionalFormat((), lambda _: None, ink, paper, struck, form)


def _rule_test(rule: etree._Element, formulas: list[str], first: str) -> Condition:
    """When a ``cfRule`` holds (18.3.1.10)."""
    match rule.get("type", ""):
        case "cellIs":
            return comparison(rule.get("operator", ""), formulas)
        case "expression" if len(formulas) == 1:
            return formula_test(formulas[0], first)
        case "containsBlanks" | "containsErrors":
            return lambda value: False if value is not None else None
    return lambda _: None


def _string(element: etree._Element, palette: _Palette) -> str | RichText:
    """A string item: plain, or runs where one has a look of its own. Readings of characters
    (``rPh``) are no part of it."""
    runs: list[tuple[Run, str | None, bool]] = []
    plain = True
    for child in element:
        name = _local(child)
        if name == "t":
            runs.append((Run(_unescaped(_text(child))), None, False))
        elif name == "r":
            struck = raised = own = False
            ink: str | None = None
            text = ""
            for part in child:
                if _local(part) == "rPr" and len(part):  # a whole font, black unless stated
                    own, struck = True, _on(part, "strike")
                    ink = _ink(part, palette) or _BLACK
                    raised = any(
                        _local(mark) == "vertAlign" and mark.get("val") == "superscript"
                        for mark in part
                    )
                elif _local(part) == "t":
                    text += _unescaped(_text(part))
            plain = plain and not own
            runs.append((Run(text, struck=struck, raised=raised), ink, own))
    return "".join(run.text for run, _, _ in runs) if plain else runs


def _text(element: etree._Element) -> str:
    if len(element):
        raise ValueError("an element within a text")
    return element.text or ""


def _unescaped(text: str) -> str:
    """Text with its ``_xHHHH_`` written as the signs they stand for (22.9.2.19)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _index(value: str) -> int:
    index = int(value)
    if index < 0:
        raise ValueError("a string before the first")
    return index


def _plain(cell_style: CellStyle) -> CellStyle:
    """The look for what no number format changes."""
    return CellStyle(None, cell_style.struck, cell_style.hidden, cell_style.paper)


def _place(reference: str) -> tuple[int, int]:
    """Row and column, from 0, of an address like C5."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"{reference[:20]} is no cell")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if column > _COLUMNS or not 1 <= row <= _ROWS:
        raise ValueError("a cell beyond the sheet")
    return row - 1, column - 1


def _range(reference: str) -> tuple[int, int, int, int]:
    """Top, left, bottom and right of a range, in whatever order it is written."""
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = _place(first), _place(last or first)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


class _Palette:
    """The colours that the styles of a workbook may name.

    ``theme`` are those of the theme in the order of ECMA-376 Part 1, 18.8.3; ``indexed`` those
    of the palette (18.8.27) where the workbook has one of its own.
    """

    def __init__(self, theme: Sequence[str] = ()) -> None:
        self.theme = theme
        self.indexed: Sequence[str] = (*_FIRST, *_FIRST, *_MORE)

    def colour(self, named: Mapping[Any, Any]) -> str | None:
        """The colour that the attributes of an element name (18.8.19), None if unsettled.

        >>> _Palette().colour({"rgb": "FF00ff00"}), _Palette().colour({"indexed": "9"})
        ('00FF00', 'FFFFFF')
        >>> _Palette(["FFFFFF"]).colour({"theme": "0", "tint": "-0.5"})
        '808080'
        """
        found = ""
        if "rgb" in named:
            found = str(named["rgb"])
        elif "theme" in named:
            found = _at(self.theme, int(named["theme"]))
        elif "indexed" in named:
            index = int(named["indexed"])
            found = _SYSTEM.get(index) or _at(self.indexed, index)
        match = _RGB.fullmatch(found)
        if match is None:
            return None
        return _tinted(match[1].upper(), float(named.get("tint", 0)))


def _at(colours: Sequence[str], index: int) -> str:
    return colours[index] if 0 <= index < len(colours) else ""


def _tinted(colour: str, tint: float) -> str:
    """A colour made darker (below 0) or lighter, by its luminance."""
    if not tint:
        return colour
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    mixed = colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), saturation)
    return "".join(f"{round(255 * channel):02X}" for channel in mixed)

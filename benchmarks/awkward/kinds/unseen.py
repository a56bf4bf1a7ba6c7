"""What stands in the file and no reader of the page sees, or is struck out, or raised."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from decimal import Decimal

from benchmarks.awkward.document import Line, Piece, Place, Stored
from benchmarks.awkward.kinds.kind import SHEETS, Scene, kind

WEB = ("html", "mht", "zip-html")
HIDDEN: dict[str, Sequence[str]] = {
    "docx": ("vanish", "white"),
    "html": ("display-none", "class-none", "attribute-hidden", "visibility", "white", "comment", "script"),
    "xlsx": ("white",), "ods": ("white",), "xls": ("white",),
    "pdf": ("mode3", "white", "alpha0", "clipped", "layer", "covered", "outside"),
    "md": ("comment",),
}  # fmt: skip
STRUCK: dict[str, Sequence[str]] = {
    "docx": ("strike", "dstrike", "deleted"), "html": ("del", "struck", "line-through"),
    "xlsx": ("strike",), "xls": ("strike",), "ods": ("strike",), "pdf": ("struck",), "md": ("struck",),
}  # fmt: skip
RAISED: dict[str, Sequence[str]] = {
    "docx": ("sup", "raised"), "html": ("sup", "small-sup"), "xlsx": ("sup",), "xls": ("sup",),
    "ods": ("sup",), "pdf": ("raised",), "md": ("sup",),
}  # fmt: skip


def _look(looks: dict[str, Sequence[str]], scene: Scene) -> str:
    name = "html" if scene.format in WEB else scene.format.removeprefix("zip-")
    return scene.rng.choice(looks[name])


def _other(scene: Scene) -> Decimal:
    """Another amount, in yuan."""
    return scene.rng.randint(2_000, 900_000) * Decimal(100)


def _said(scene: Scene, place: Place, *pieces: Piece) -> None:
    """Print these pieces: the amount is what it was."""
    place.write("", place.amount)
    place.pieces = list(pieces)


@kind("hidden-text-in-cell", 2, (*HIDDEN, "mht"))
def hidden_text(scene: Scene) -> None:
    """Another number, not seen, beside or under the one that is printed."""
    look = _look(HIDDEN, scene)
    for _, _, place in scene.some(3):
        text, other = place.text, scene.document.style.number(_other(scene))
        pieces = [Piece(text), Piece(other, look)]
        if look in ("covered", "mode3", "layer") or scene.rng.random() < 0.5:
            pieces.reverse()
        _said(scene, place, *pieces)


@kind("hidden-text-in-blank", 2, (*HIDDEN, "mht"))
def hidden_in_blank(scene: Scene) -> None:
    """A number that is not seen in a cell that is blank."""
    look = _look(HIDDEN, scene)
    blank = [
        place for line in scene.table.lines for column, place in enumerate(line.places)
        if scene.table.columns[column] and not place.text
    ]  # fmt: skip
    for place in scene.rng.sample(blank, min(len(blank), 2)):
        place.pieces = [Piece(scene.document.style.number(_other(scene)), look)]


@kind("struck-value", 2, (*STRUCK, "mht"))
def struck(scene: Scene) -> None:
    """The old number struck out, the new one behind it."""
    look = _look(STRUCK, scene)
    for _, _, place in scene.some(3):
        old = scene.document.style.number(_other(scene))
        _said(scene, place, Piece(old, look), Piece(place.text))


@kind("tracked-change", 2, ("docx",))
def tracked(scene: Scene) -> None:
    for _, _, place in scene.some(3):
        text, old = place.text, scene.document.style.number(_other(scene))
        kept = scene.rng.choice((0, len(text) - 1))
        pieces = [Piece(text[:kept]), Piece(old, "deleted"), Piece(text[kept:], "inserted")]
        place.write(text, place.amount)
        place.pieces = [Piece(p.text, p.look) for p in pieces if p.text]


@kind("raised-mark", 2, (*RAISED, "mht"))
def raised(scene: Scene) -> None:
    look = _look(RAISED, scene)
    for _, _, place in scene.some(4):
        mark = scene.rng.choice(("1", "2", "3", "[1]", "注1"))
        _said(scene, place, Piece(place.text), Piece(mark, look))


@kind(
    "raised-mark-in-label", 2, (*RAISED, "mht"), tables=("general", "basic", "expenditure", "fund")
)
def raised_label(scene: Scene) -> None:
    look = _look(RAISED, scene)
    for line in scene.rng.sample(scene.table.lines, 2):
        place = line.places[1]
        place.pieces = [*place.pieces, Piece(scene.rng.choice(("1", "2")), look)]


def _double(line: Line, scene: Scene, look: str) -> Line:
    """The same row once more with other amounts, that no reader takes for one."""
    made = deepcopy(line)
    made.look = look
    for place in made.places:
        if place.amount is not None:
            other = _other(scene)
            place.write(scene.document.style.number(other), other)
            place.stored = Stored(
                other / scene.document.style.unit, scene.document.style.sheet_format
            )
    return made


@kind("hidden-row", 2, (*SHEETS, *WEB, "docx"))
def hidden_row(scene: Scene) -> None:
    at = scene.rng.randrange(len(scene.table.lines))
    scene.table.lines.insert(at, _double(scene.table.lines[at], scene, "hidden"))


@kind("struck-row", 2, (*SHEETS, *WEB, "docx", "pdf"))
def struck_row(scene: Scene) -> None:
    at = scene.rng.randrange(len(scene.table.lines))
    scene.table.lines.insert(at, _double(scene.table.lines[at], scene, "strike"))


@kind("struck-cell", 2, (*SHEETS, *WEB, "docx", "pdf"))
def struck_cell(scene: Scene) -> None:
    """A number struck out with nothing in its place: the cell holds no amount."""
    for _, _, place in scene.some(2):
        place.colour, place.amount = "strike", None


@kind("white-column", 2, (*SHEETS, *WEB, "docx"))
def white_column(scene: Scene) -> None:
    """A column of a check, white on white, to the right of the table."""
    table = scene.table
    table.head = [[*row] for row in table.head]
    table.head[0] = [*table.head[0], type(table.head[0][0])("校验", 1, len(table.head))]
    table.columns = [*table.columns, ""]
    for line in table.lines:
        place = Place.of(str(scene.rng.randint(1, 900)))
        place.colour = "white"
        line.places.append(place)
        if line.labels:
            line.labels, line.direction = (*line.labels, ("", None)), (*line.direction, "")


@kind("helper-block", 2, ("xlsx", "xls", "ods"))
def helper(scene: Scene) -> None:
    """A block with sums and differences beside the table, under a heading of its own or none."""
    rows = [[Place.of("核对"), Place.of("差额")]] if scene.rng.random() < 0.6 else []
    for _ in scene.table.lines[1:4]:
        row = []
        for _ in range(2):
            place = Place.of(scene.document.style.number(_other(scene)))
            place.stored = Stored(Decimal(scene.rng.randint(1, 9000)) / 10, "0.00")
            row.append(place)
        rows.append(row)
    scene.table.undisplayed = rows


def _unseen_sheet(scene: Scene, mark: str) -> None:
    table = deepcopy(scene.table)
    table.lines = [_double(line, scene, "") for line in table.lines]
    table.marks = {mark}
    scene.document.unseen.append(table)


@kind("hidden-sheet", 2, (*SHEETS, "zip-xlsx"))
def hidden_sheet(scene: Scene) -> None:
    _unseen_sheet(scene, "hidden-sheet")


@kind("very-hidden-sheet", 2, ("xlsx", "xls"))
def very_hidden_sheet(scene: Scene) -> None:
    _unseen_sheet(scene, "very-hidden-sheet")


@kind("form-field", 2, (*WEB, "pdf"))
def fields(scene: Scene) -> None:
    """Amounts stand in the fields of a form."""
    chosen = scene.amounts() if scene.rng.random() < 0.5 else scene.some(4)
    for _, _, place in chosen:
        _said(scene, place, Piece(place.text, "field"))


@kind("seal-over-cell", 1, ("pdf",))
def seal(scene: Scene) -> None:
    """A seal's text lies over a cell of an amount."""
    _, _, place = scene.one()
    place.pieces = [
        *place.pieces,
        Piece(scene.rng.choice(("青石县财政局", "部门预算专用章")), "seal"),
    ]
    text, amount = place.pieces[0].text, place.amount
    place.pieces = [Piece(text), Piece(place.pieces[-1].text, "seal")]
    place.amount = amount


@kind("strict-open-xml", 2, ("docx",), alone=True)
def strict(scene: Scene) -> None:
    scene.document.marks.add("strict")

"""What spreadsheets show otherwise than they store, or do not show."""

from __future__ import annotations

from decimal import Decimal

from tests.benchmarks.awkward.document import Piece, Stored
from tests.benchmarks.awkward.kinds.kind import SHEETS, Scene, kind

XLS = ("xlsx", "xls")


@kind("format-scales", 2, XLS, unit=10_000)
def scales(scene: Scene) -> None:
    """0!.0000 and the like show 元 in 万元."""
    for _, _, place in scene.amounts():
        assert place.amount is not None
        value = place.amount / 10_000
        place.write(f"{value:.4f}", place.amount)
        place.stored = Stored(place.amount, "0!.0000")


@kind("format-rounds", 2, XLS)
def rounds(scene: Scene) -> None:
    """More decimals are stored than shown."""
    for _, _, place in scene.amounts():
        if place.stored:
            noise = Decimal(scene.rng.randint(1, 4)).scaleb(-scene.document.style.decimals - 1)
            place.stored = Stored(Decimal(place.stored.value) + noise, place.stored.format)


@kind("format-with-unit", 2, XLS)
def unit_in_format(scene: Scene) -> None:
    name = scene.document.style.unit_name
    for _, _, place in scene.amounts():
        if place.stored:
            shown, form = place.text, place.stored.format
            stored = Stored(place.stored.value, f'{form}"{name}"')
            place.write(shown + name, place.amount)
            place.stored = stored


@kind("error-cells", 2, XLS)
def errors(scene: Scene) -> None:
    """#REF! in amount cells: nobody can know the amount, which must be told."""
    for _, _, place in scene.some(3):
        error = scene.rng.choice(("#REF!", "#N/A", "#DIV/0!", "#VALUE!"))
        place.write(error, place.amount)
        place.stored = Stored(error, kind="error")


@kind("formula-without-result", 2, ("xlsx", "ods"))
def formulas(scene: Scene) -> None:
    for _, _, place in scene.some(5):
        stored = place.stored
        if stored:
            place.write("", place.amount)
            place.stored = Stored(f"{stored.value}+0", stored.format, "formula")


@kind("raised-digit-in-cell", 2, XLS)
def raised(scene: Scene) -> None:
    for _, _, place in scene.some(3):
        text = place.text
        place.write(text, place.amount)
        place.pieces = [Piece(text), Piece(str(scene.rng.randint(1, 9)), "sup")]


@kind("hidden-column", 2, SHEETS)
def hidden_column(scene: Scene) -> None:
    """The last amount column is hidden; no reader sees it."""
    columns = [c for c, name in enumerate(scene.table.columns) if name]
    scene.table.hidden_columns[columns[-1]] = scene.rng.choice(("hidden", "narrow"))

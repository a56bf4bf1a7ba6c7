"""What spreadsheets show otherwise than they store, or do not show."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from benchmarks.awkward.document import Head, Place, Stored
from benchmarks.awkward.kinds.kind import SHEETS, Scene, kind

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


@kind("format-negative-section", 2, XLS, negative=True)
def negative_section(scene: Scene) -> None:
    """Brackets, red, or a triangle for negative numbers, by the second section of the format."""
    form, shown = scene.rng.choice((
        ("#,##0.00_);[Red](#,##0.00)", "(%)"), ("#,##0.00;△#,##0.00", "△%"),
        ('0.00;"-"0.00', "-%"), ("#,##0.00;[Red]-#,##0.00", "-%"),
    ))  # fmt: skip
    for _, _, place in scene.amounts():
        if place.stored and place.amount is not None:
            value, comma = Decimal(place.stored.value), "," if "#,##0" in form else ""
            text = f"{abs(value):{comma}.2f}"
            stored = Stored(value, form)
            place.write(shown.replace("%", text) if value < 0 else text, place.amount)
            place.stored = stored


@kind("format-hides-zero", 2, XLS)
def hides_zero(scene: Scene) -> None:
    """A stored zero is shown as a blank, or as a dash: a blank is not zero."""
    form = scene.rng.choice(
        ("#,##0.00;-#,##0.00;", '#,##0.00;-#,##0.00;"-"', "#,##0.00;-#,##0.00;;@")
    )
    for line in scene.table.lines:
        for column, place in enumerate(line.places):
            if not scene.table.columns[column] or (line.labels and not line.labels[column][0]):
                continue
            if place.stored and place.amount:
                value = Decimal(place.stored.value)
                place.write(f"{value:,.2f}", place.amount)
                place.stored = Stored(value, form)
            else:
                place.write("-" if '"-"' in form else "", None)
                place.stored = Stored(Decimal(0), form)


@kind("format-thousands", 2, XLS, unit=10_000)
def thousands(scene: Scene) -> None:
    """#,##0.0, shows a thousandth of the 元 that are stored; the unit is 千元."""
    table = scene.table
    table.above = [text.replace("万元", "千元") for text in table.above]
    for _, _, place in scene.amounts():
        assert place.amount is not None
        place.write(f"{place.amount / 1000:,.1f}", place.amount)
        place.stored = Stored(place.amount, "#,##0.0,")


def _date(days: int, first: date, form: str) -> str:
    day = first + timedelta(days=days)
    return day.isoformat() if form == "yyyy-mm-dd" else f"{day.year}年{day.month}月{day.day}日"


@kind("format-date", 2, XLS)
def dates(scene: Scene) -> None:
    """Whole amounts under a format for dates, of either epoch (day 60 of the first is one
    that never was)."""
    form = scene.rng.choice(("yyyy-mm-dd", 'yyyy"年"m"月"d"日"'))
    if scene.document.year % 3 == 0 and scene.format == "xlsx":
        scene.document.marks.add("1904")
    first = date(1904, 1, 1) if "1904" in scene.document.marks else date(1899, 12, 30)
    column = scene.rng.choice([c for c, name in enumerate(scene.table.columns) if name])
    for _, own, place in scene.amounts():
        value = Decimal(place.stored.value) if place.stored else Decimal(-1)
        if own == column and place.amount is not None and 61 <= value < 60_000:
            whole = int(value)
            place.write(_date(whole, first, form), whole * Decimal(scene.document.style.unit))
            place.doubtful = True
            place.stored = Stored(Decimal(whole), form)


@kind("format-percent", 2, XLS)
def percent(scene: Scene) -> None:
    """An amount shown as a percentage is none that a reader could take."""
    for _, _, place in scene.some(3):
        if place.stored:
            value = Decimal(place.stored.value)
            place.write(f"{value * 100:.2f}%", place.amount)
            place.doubtful = True
            place.stored = Stored(value, "0.00%")


@kind("format-zeros-of-code", 2, XLS, tables=("basic",))
def zeros_of_code(scene: Scene) -> None:
    """款 holds the number 2, shown as 02 by the format 00."""
    table = scene.table
    table.head = [[Head("类"), Head("款"), *table.head[0][1:]]]
    table.columns = ["", *table.columns]
    for line in table.lines:
        code = line.code or ""
        first, second = Place.of(code[:3]), Place.of(code[3:])
        if code[3:]:
            second.stored = Stored(Decimal(int(code[3:])), "00")
        if code and scene.rng.random() < 0.5:
            first.stored = Stored(Decimal(int(code[:3])), "0")
        line.places[0:1] = [first, second]


@kind("hidden-column", 2, SHEETS)
def hidden_column(scene: Scene) -> None:
    """The last amount column is hidden; no reader sees it."""
    columns = [c for c, name in enumerate(scene.table.columns) if name]
    scene.document.sheet_per_table = True  # what else stands in the sheet would be hidden too
    scene.table.hidden_columns[columns[-1]] = scene.rng.choice(("hidden", "narrow"))

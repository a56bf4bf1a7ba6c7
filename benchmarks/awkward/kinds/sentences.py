"""How sentences write their numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from benchmarks.awkward.document import Said, Sentence
from benchmarks.awkward.kinds.amounts import FULL, capitals
from benchmarks.awkward.kinds.kind import Scene, kind

FORMATS = ("md", "txt", "html", "mht", "docx", "pdf")
SUBJECTS = {"收入总计": "revenue-total", "支出总计": "expenditure-total"}
Write = Callable[[Decimal], tuple[str, Decimal, str]]
"""From yuan to what is printed, its value and its unit."""


def _whole(scene: Scene) -> Decimal:
    amount = max((p.amount for _, _, p in scene.amounts() if p.amount), default=Decimal(0))
    return amount


def _wan(value: Decimal) -> str:
    return f"{value / 10_000:,.2f}"


def _tell(scene: Scene, write: Write) -> None:
    """One sentence of both totals, in a section of its own."""
    document, amount = scene.document, _whole(scene)
    said, text = [], f"{document.name}{document.year}年"
    for word, subject in SUBJECTS.items():
        printed, value, unit = write(amount)
        said.append(Said(subject, "amount", value, amount, printed, document.year))
        text += f"{word}{printed}{unit}" + ("，" if word == "收入总计" else "。")
    document.sentences = [Sentence(text, said, scene.table.kind)]
    scene.table.kind = "plain"


def _kind(name: str, formats: tuple[str, ...] = FORMATS) -> Callable[..., Callable[[Scene], None]]:
    return kind(name, 3, formats, tables=("summary",), sentences=True)  # type: ignore[return-value]


@_kind("sentence-plain")
def plain(scene: Scene) -> None:
    _tell(scene, lambda v: (_wan(v), v, "万元"))


@_kind("sentence-full-width")
def full_width(scene: Scene) -> None:
    separators = scene.rng.random() < 0.7

    def write(value: Decimal) -> tuple[str, Decimal, str]:
        text = _wan(value).translate(FULL)
        return (text.replace(",", "，").replace(".", "．") if separators else text), value, "万元"

    _tell(scene, write)


@_kind("sentence-full-width-separators")
def full_separators(scene: Scene) -> None:
    _tell(scene, lambda v: (_wan(v).replace(",", "，").replace(".", "．"), v, "万元"))


@_kind("sentence-blanks")
def blanks(scene: Scene) -> None:
    sign = scene.rng.choice((" ", "\u00a0", "\u2009"))
    unit = scene.rng.choice(("万元", " 万元", " 万 元"))
    _tell(scene, lambda v: (_wan(v).replace(",", sign), v, unit))


@_kind("sentence-wan")
def wan(scene: Scene) -> None:
    _tell(scene, lambda v: (f"{(v / 10_000).normalize():f}", v, "万"))


@_kind("sentence-yi")
def yi(scene: Scene) -> None:
    _tell(scene, lambda v: (f"{(v / 100_000_000).normalize():f}", v, "亿元"))


@_kind("sentence-wan-and-yuan")
def mixed(scene: Scene) -> None:
    def write(value: Decimal) -> tuple[str, Decimal, str]:
        whole, rest = divmod(int(value), 10_000)
        return f"{whole}万{rest}" if rest else f"{whole}万", value, "元"

    _tell(scene, write)


@_kind("sentence-capitals")
def in_capitals(scene: Scene) -> None:
    _tell(scene, lambda v: (capitals(int(v), ""), v, scene.rng.choice(("元整", "元"))))


@_kind("sentence-break", ("md", "txt"))
def broken(scene: Scene) -> None:
    """A line ends within the number."""

    def write(value: Decimal) -> tuple[str, Decimal, str]:
        text = _wan(value)
        at = scene.rng.randint(1, len(text) - 1)
        return f"{text[:at]}\n{text[at:]}", value, "万元"

    _tell(scene, write)


@_kind("sentence-own-year")
def own_year(scene: Scene) -> None:
    """A number of another year says so itself."""
    document, count = scene.document, Decimal(scene.rng.randint(20, 200))
    year = document.year - scene.rng.randint(1, 3)
    form = scene.rng.choice(("{}年度，{}实有人数{}人。", "{}年{}实有人数{}人。"))
    text = form.format(year, document.name, count)
    said = Said("staff-total", "count", count, None, str(count), year)
    document.sentences = [Sentence(text, [said], scene.table.kind)]
    scene.table.kind = "plain"

"""How amounts are written, and what stands in their cells beside or instead of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from benchmarks.awkward.document import Piece
from benchmarks.awkward.kinds.kind import PLAIN_TEXT, SHEETS, Scene, kind

WEB = ("html", "mht", "zip-html")
FULL = str.maketrans("0123456789", "０１２３４５６７８９")


def _rewrite(scene: Scene, write: Callable[[str], str], all_of_them: bool = False) -> None:
    """Print some or all amounts otherwise; what they are stays."""
    for _, _, place in scene.amounts() if all_of_them else scene.some(5):
        place.write(write(place.text), place.amount)


@kind("words-for-amount", 1)
def words(scene: Scene) -> None:
    """无, 待定, 详见附表 in amount cells: no amount, and nothing else moves."""
    for _, _, place in scene.some(3):
        place.write(scene.rng.choice(("无", "待定", "详见附表", "不公开", "涉密")), None)


@kind("remark-behind-amount", 1)
def remark(scene: Scene) -> None:
    """400.00（注）, 400.00（含结转）."""
    mark = scene.rng.choice(("（注）", "（含结转）", "（调整后）", " 含结转"))
    for _, _, place in scene.some(3):
        place.write(place.text + mark, place.amount)


@kind("full-width-digits", 3)
def full_width(scene: Scene) -> None:
    _rewrite(scene, lambda text: text.translate(FULL), scene.rng.random() < 0.5)


@kind("full-width-separators", 3)
def full_separators(scene: Scene) -> None:
    _rewrite(scene, lambda text: text.translate(FULL).replace(",", "，").replace(".", "．"))


def _grouped(separator: str) -> Callable[[str], str]:
    def write(text: str) -> str:
        whole, _, rest = text.replace(",", "").partition(".")
        return f"{int(whole):,}".replace(",", separator) + ("." + rest if rest else "")

    return write


@kind("blank-thousands", 3)
def blanks(scene: Scene) -> None:
    """Blanks, no-break or thin spaces set thousands apart."""
    _rewrite(scene, _grouped(scene.rng.choice((" ", "\u00a0", "\u2009", "\u202f"))), True)


@kind("apostrophe-before", 3, (*PLAIN_TEXT, *WEB, *SHEETS))
def apostrophe(scene: Scene) -> None:
    _rewrite(scene, lambda text: "'" + text, scene.rng.random() < 0.5)


@kind("unit-in-cell", 3)
def unit_in_cell(scene: Scene) -> None:
    """1,000.00万元 under the same unit line."""
    name = scene.document.style.unit_name
    _rewrite(scene, lambda text: text + name, scene.rng.random() < 0.6)


@kind("wan-in-cell", 3, unit=10_000)
def wan(scene: Scene) -> None:
    _rewrite(scene, lambda text: text + "万", scene.rng.random() < 0.6)


@kind("yuan-in-cell", 3)
def yuan(scene: Scene) -> None:
    """Every amount in 元 with its unit in the cell; no unit line above."""
    scene.table.above = [text for text in scene.table.above if "单位" not in text or "编制" in text]
    for _, _, place in scene.amounts():
        assert place.amount is not None
        place.write(f"{place.amount.quantize(Decimal(1)):,}元", place.amount)


@kind("currency-before", 3)
def currency(scene: Scene) -> None:
    sign = scene.rng.choice(("￥", "¥", "RMB", "人民币"))
    _rewrite(scene, lambda text: sign + text, scene.rng.random() < 0.5)


@kind("negative-marks", 3, negative=True)
def negative(scene: Scene) -> None:
    """△, ▲, 负, dashes, brackets, or the sign behind."""
    forms = ("△%", "▲%", "负%", "－%", "—%", "﹣%", "−%", "(%)", "（%）", "%-")
    form = scene.rng.choice(forms)
    for _, _, place in scene.amounts():
        if place.amount is not None and place.amount < 0:
            place.write(form.replace("%", place.text.lstrip("-")), place.amount)


@kind("scientific", 3)
def scientific(scene: Scene) -> None:
    def write(text: str) -> str:
        value = Decimal(text.replace(",", "")).normalize()
        sign, digits, exponent = value.as_tuple()
        assert isinstance(exponent, int)
        head = str(digits[0]) + ("." + "".join(map(str, digits[1:])) if len(digits) > 1 else "")
        return f"{'-' * sign}{head}E+{len(digits) - 1 + exponent:02d}"

    for _, _, place in scene.some(4):
        if place.amount and abs(place.amount) >= 10 * scene.document.style.unit:
            place.write(write(place.text), place.amount)


CAPITALS = "零壹贰叁肆伍陆柒捌玖"


def capitals(yuan_value: int, finish: str = "元整") -> str:
    """A whole amount of yuan in capital numerals."""

    def four(number: int) -> str:
        said, gap = "", False
        for power, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
            digit = number // power % 10
            if digit:
                said += ("零" if gap and said else "") + CAPITALS[digit] + name
                gap = False
            else:
                gap = True
        return said

    parts, said = [], ""
    for name in ("", "万", "亿"):
        parts.append((yuan_value % 10_000, name))
        yuan_value //= 10_000
    for number, name in reversed(parts):
        if number:
            said += ("零" if said and number < 1000 else "") + four(number) + name
    return (said or "零") + finish


@kind("capital-numerals", 3)
def in_capitals(scene: Scene) -> None:
    """壹仟贰佰万元整 in some cells: read, or told."""
    for _, _, place in scene.some(3):
        if place.amount and place.amount > 0:
            place.write(capitals(int(place.amount)), place.amount)


@kind("footnote-marks", 3)
def footnotes(scene: Scene) -> None:
    """①, ², 注1, *, [1], ⑴ behind amounts are no digits."""
    for _, _, place in scene.some(4):
        mark = scene.rng.choice(("①", "②", "²", "³", "注1", "*", "[1]", "⑴", "㈠", "※"))
        place.write(place.text + mark, place.amount)


@kind("break-in-number", 3, ("md", *WEB, "docx", *SHEETS))
def breaks(scene: Scene) -> None:
    """A line break within an amount."""
    for _, _, place in scene.some(4):
        text = place.text
        if len(text) < 4:
            continue
        at = scene.rng.randint(1, len(text) - 2)
        if "," in text and scene.rng.random() < 0.6:
            at = text.index(",") + 1
        place.write(text, place.amount)
        place.pieces = [Piece(text[:at]), Piece("", "break"), Piece(text[at:])]


@kind("decimal-comma", 3, unit=10_000)
def decimal_comma(scene: Scene) -> None:
    """1.000,50: the whole table prints a comma as decimal point."""
    swap = str.maketrans(",.", ".,")
    _rewrite(scene, lambda text: text.translate(swap), True)

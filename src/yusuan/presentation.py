"""How numbers, values and verdicts read, and in which colours: one definition that the
site, the static site, reports, the terminal and portals share.

The words are those of ``publish/presentation.yaml``, with lists of ``schemas/``; the colours
those of ``publish/style/tokens.css``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from yusuan.lexicon.units import unit_name
from yusuan.model.money import to_fen
from yusuan.schema import data_path, read_yaml
from yusuan.schema.messages import Texts, listed_texts

__all__ = [
    "colours",
    "difference_columns",
    "document_name",
    "figures_line",
    "grouped",
    "leading_figures",
    "money",
    "plural",
    "query_columns",
    "terminal_colour",
    "tokens_css",
    "value_label",
    "values_of",
    "verdict_meaning",
    "wan",
]


@cache
def _words() -> Mapping[str, Any]:
    """The file as it is."""
    content: Mapping[str, Any] = read_yaml(data_path("publish", "presentation.yaml"))
    return content


_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def grouped(number: str) -> str:
    """Thousands separated in a decimal text; never through a float. Any other text, and one that
    is printed with separators or leading zeros, is unchanged.

    >>> grouped("24920000"), grouped("-1234.50"), grouped("1,234"), grouped("12 人"), grouped("007")
    ('24,920,000', '-1,234.50', '1,234', '12 人', '007')
    """
    whole, point, fraction = number.partition(".")
    digits = whole.removeprefix("-")
    zeros = len(digits) > 1 and digits[0] == "0"
    if zeros or not _DECIMAL.fullmatch(number):
        return number
    return f"{whole[: -len(digits)]}{int(digits):,}{point}{fraction}"


def money(number: str) -> str:
    """A decimal text of yuan with its thousands separated and at least two decimals, so that the
    points of a column stand below each other; any other text unchanged.

    >>> money("24920000"), money("-1234.5"), money("0.001"), money("")
    ('24,920,000.00', '-1,234.50', '0.001', '')
    """
    shown = grouped(number)
    whole, _, fraction = shown.partition(".")
    return f"{whole}.{fraction:0<2}" if _DECIMAL.fullmatch(number) else number


def wan(fen: int) -> str:
    """Fen in 万元, with two decimals and as many more as are needed.

    >>> wan(2492000000), wan(96500000), wan(-1)
    ('2,492.00', '96.50', '-0.000001')
    """
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 1_000_000)
    decimals = f"{rest:06d}"
    return money(f"{sign}{whole}.{decimals[:2]}{decimals[2:].rstrip('0')}")


def document_name(title: str | None, file: str) -> str:
    """What a document is called: by its title and the name of its file, for a reissue has the title
    of what it replaces.

    >>> document_name("某局2023年部门预算", "更正.pdf"), document_name(None, "更正.pdf")
    ('某局2023年部门预算（更正.pdf）', '更正.pdf')
    """
    return f"{title}（{file}）" if title and title != file else file


def figures_line(rows: Iterable[Mapping[str, str]]) -> Texts:
    """The headline figures that pages lead with, of the rows of one budget, in 万元.

    >>> row = {"code": "basic", "name": "基本支出", "name_en": "Basic expenditure", "amount": "9650"}
    >>> figures_line([row])
    ('基本支出 0.965 万元', 'Basic expenditure 0.965 万元')
    """
    found = {row["code"]: row for row in rows if row["amount"]}
    listed = []
    for row in (found[code] for code in leading_figures() if code in found):
        fen = to_fen(row["amount"])
        shown = (
            f"{money(row['amount'])} {unit_name(1)}"
            if fen is None
            else f"{wan(fen)} {unit_name(10_000)}"
        )
        listed.append((f"{row['name']} {shown}", f"{row['name_en']} {shown}"))
    return listed_texts(listed)


def verdict_meaning(verdict: str, lang: str) -> str:
    """What a verdict says of a number, in a few words.

    >>> verdict_meaning("rounding", "en")
    'nothing to correct'
    """
    return str(_words()["values"]["verdict"][verdict]["means" if lang == "zh" else "means@en"])


def plural(verdict: str, lang: str) -> str:
    """What several findings of a verdict are called.

    >>> plural("error", "zh"), plural("error", "en")
    ('错误', 'errors')
    """
    return str(_words()["values"]["verdict"][verdict]["title" if lang == "zh" else "plural@en"])


def terminal_colour(verdict: str) -> str | None:
    """The colour of a verdict on a terminal; None for that of the text."""
    name: str | None = _words()["values"]["verdict"][verdict]["terminal"]
    return name


@cache
def tokens_css() -> str:
    """The style sheet that defines the colours and type of all pages."""
    return data_path("publish", "style", "tokens.css").read_text("utf-8")


@cache
def colours() -> Mapping[str, str]:
    """The colours of the style sheet by name, for pictures.

    >>> sorted(set(values_of("verdict")) - set(colours()))
    []
    """
    return dict(re.findall(r"--(\w+):\s*(#[0-9a-f]{6})\b", tokens_css()))


def value_label(name: str, value: object) -> tuple[str, str] | None:
    """How an enumerated value reads, in Chinese and English.

    >>> value_label("verdict", "error")
    ('错误', 'error')
    """
    labels = values_of(name).get(str(value))
    return (labels["title"], labels.get("title@en", "")) if labels else None


@cache
def values_of(name: str) -> Mapping[str, Mapping[str, str]]:
    """The values of an enumerated column with their readings: as listed in ``presentation.yaml``, or
    from a list of the schemas; empty for other columns."""
    listed: Mapping[str, Any] = _words()["values"].get(name, {})
    if "from" not in listed:
        return listed
    rows = read_yaml(data_path("schemas", listed["from"]))[listed["list"]]
    named = rows if isinstance(rows, Mapping) else {row["id"]: row for row in rows}
    return {**named, **listed.get("also", {})}


def leading_figures() -> Sequence[str]:
    """The codes of the headline figures that pages lead with, in their order."""
    codes: Sequence[str] = _words()["leading_figures"]
    return codes


def difference_columns() -> Mapping[str, Sequence[str]]:
    """The resources that differences of packages are listed of, in order, with the columns that tell
    which row it is."""
    columns: Mapping[str, Sequence[str]] = _words()["differences"]
    return columns


def query_columns() -> Mapping[str, Mapping[str, str]]:
    """Titles and formats of the columns that queries have and no resource: ``title``, ``title@en``,
    ``format`` and ``key``, the resource whose keys they hold."""
    columns: Mapping[str, Mapping[str, str]] = _words()["columns"]
    return columns

"""What was not recognised, told on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import click

from yusuan.model.records import Unrecognised
from yusuan.model.text import counted

__all__ = ["print_unrecognised", "tally"]

_SCOPES = {
    "file": ("文件{}个", "file"),
    "page": ("扫描页{}处", "scanned part"),
    "member": ("压缩包成员{}个", "archive member"),
    "sheet": ("隐藏工作表{}张", "hidden sheet"),
    "table": ("表{}张", "table"),
    "column": ("列{}列", "column"),
    "row": ("行{}行", "row"),
    "cell": ("单元格{}个", "cell"),
}


def tally(scopes: Iterable[str], lang: str = "en") -> str:
    """How much was left out, by scope, or an empty text.

    >>> tally(["table", "table", "file"]), tally(["table", "file"], "zh")
    ('1 file, 2 tables', '文件1个、表1张')
    """
    counts = Counter(scopes)
    found = [(names, counts[scope]) for scope, names in _SCOPES.items() if counts[scope]]
    if lang == "zh":
        return "、".join(zh.format(number) for (zh, _), number in found)
    return ", ".join(counted(number, en) for (_, en), number in found)


def print_unrecognised(entries: Sequence[Unrecognised], lang: str) -> None:
    """A section of its own below the findings: what, where, why and what to do."""
    if not entries:
        return
    zh = lang == "zh"
    amount = tally((entry.scope for entry in entries), lang)
    heading = f"未识别，没有取数：{amount}" if zh else f"Not recognised, left out: {amount}"
    click.secho(f"\n{heading}", fg="yellow", bold=True)
    for entry in entries:
        reason, advice = (
            (entry.reason_zh, entry.advice_zh) if zh else (entry.reason_en, entry.advice_en)
        )
        where = _where(entry, zh)
        if entry.scope == "file":
            click.echo(f"  - {where}{'：' if zh else ': '}{reason}")
            continue
        click.echo(
            f"  - {where}“{entry.printed}”：{reason}。{advice}。" if zh
            else f'  - {where}, "{entry.printed}": {reason}; {advice}.'
        )  # fmt: skip


def _where(entry: Unrecognised, zh: bool) -> str:
    parts = [entry.file]
    if entry.page:
        parts.append(f"第{entry.page}页" if zh else f"page {entry.page}")
    if entry.line:
        parts.append(f"第{entry.line}行" if zh else f"line {entry.line}")
    if entry.cell:
        parts.append(entry.cell if zh else f"cell {entry.cell}")
    if entry.numbers:
        parts.append(f"{entry.numbers}个数" if zh else counted(entry.numbers, "number"))
    return " ".join(parts) if zh else ", ".join(parts)

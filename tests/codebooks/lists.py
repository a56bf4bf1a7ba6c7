"""The contents of made-up publications: the built-in 2009 list, and invented revenue.

Whole lists of real names and codes come from ``schemas/codes``; what is invented has names that
cannot be mistaken for real ones, and exists at test time only.
"""

from __future__ import annotations

from dataclasses import dataclass

from yusuan.codes import code_list

__all__ = ["ItemTruth", "economic_list", "function_list", "revenue_list"]


@dataclass(frozen=True)
class ItemTruth:
    code: str
    name: str
    note: str


def function_list() -> list[ItemTruth]:
    """1,541 items in three levels, as a treasury system had them in 2009."""
    entries = [e for e in code_list("expenditure-function").entries if e.valid_from <= 2009 and (
        e.valid_to or 0) >= 2009]  # fmt: skip
    names = {entry.code: entry.name for entry in entries}
    return [ItemTruth(code, name, _note(n, name)) for n, (code, name) in
            enumerate(sorted(names.items()))]  # fmt: skip


def revenue_list(classes: int = 3) -> list[ItemTruth]:
    """Four levels with names from a made-up alphabet."""
    letters = "甲乙丙丁戊己庚辛壬癸"
    found: list[ItemTruth] = []

    def add(code: str, name: str) -> None:
        found.append(ItemTruth(code, name, _note(len(found), name)))

    for a in range(classes):
        add(f"10{a + 1}", f"样例{letters[a]}收入")
        for b in range(3):
            add(f"10{a + 1}0{b + 1}", f"样例{letters[a]}{letters[b]}收入")
            for c in range(3):
                add(f"10{a + 1}0{b + 1}0{c + 1}", f"样例{letters[a]}{letters[b]}{letters[c]}收入")
                for d in (1, 2, 99):
                    last = "其他" if d == 99 else letters[d]
                    name = f"样例{letters[a]}{letters[b]}{letters[c]}{last}收入"
                    add(f"10{a + 1}0{b + 1}0{c + 1}{d:02}", name)
    return found


def economic_list(first: str, classes: int = 3) -> list[ItemTruth]:
    """Two levels: ``first`` is 3 for departments, 5 for the government."""
    side = {"3": "部门", "5": "政府"}[first]
    letters = "甲乙丙丁戊己庚辛壬癸"
    found: list[ItemTruth] = []
    for a in range(classes):
        name = f"样例{side}{letters[a]}支出"
        found.append(ItemTruth(f"{first}0{a + 1}", name, f"反映{name}。"))
        for b in (*range(1, 5), 99):
            name = f"样例{side}{letters[a]}{letters[b % 10]}费"
            found.append(ItemTruth(f"{first}0{a + 1}{b:02}", name, f"反映{name}。"))
    return found


def _note(number: int, name: str) -> str:
    """A note to most items, of one to four sentences' length."""
    if number % 7 == 3:
        return ""
    more = "，包括办公、印刷、差旅、会议、培训、维修等方面的支出" * (number % 4)
    return f"反映{name}方面的支出{more}。"

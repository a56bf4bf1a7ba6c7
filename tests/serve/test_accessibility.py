"""Every kind of page in both languages, on a desktop and on a telephone: nothing that axe-core knows breaks
WCAG 2.2 A or AA, nothing scrolls sideways."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import faults_of
from tests.representative import in_turn
from tests.serve.conftest import Server
from tests.serve.pictures import FACT, paths
from yusuan import Package

_LANGUAGES = {"zh": 1280, "en": 390}
"""The width of the window in each."""
_OTHERS = {
    "year": "/year/2022/approved", "warnings": "/findings?verdict=warning", "nothing-found": "/search?q=没有这样的词",
    "fact": FACT, "finding": "/id/finding/{finding}", "document": "/id/document/7a12ebf01553",
    "code": "/id/code/expenditure-function/2022-201", "database": "/budget", "table": "/budget/facts?_size=20",
    "row": "/budget/departments/{department}", "question": "/budget/question-three-public",
    "query": "/budget/findings-by-severity", "sql": "/budget?sql=select+1", "sql-error": "/budget?sql=selec",
    "sparql": "/-/sparql", "vocabulary": "/-/vocabulary", "missing": "/department/nothing",
}  # fmt: skip
_KINDS = (
    "departments",
    "department",
    "budget",
    "compare",
    "item",
    "project",
    "findings",
    "search",
    "home",
    *_OTHERS,
)


@pytest.mark.parametrize(("kind", "language"), in_turn(_KINDS, list(_LANGUAGES)))
def test_every_kind_of_page_can_be_used_by_all(
    chromium: Any, server: Server, package: Package, kind: str, language: str
) -> None:
    known = {**paths(package), **_OTHERS}
    assert known.keys() == set(_KINDS)
    keys = {
        "finding": next(iter(package.rows("findings")))["finding"],
        "department": next(iter(package.rows("departments")))["department"],
    }
    address = known[kind].format(**keys)
    page = chromium.new_page(
        viewport={"width": _LANGUAGES[language], "height": 900}, locale=language
    )
    page.goto(server.url + address)
    assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[language]
    assert faults_of(page) == []
    page.close()

"""What a visitor comes for, in a real browser: a figure of all departments ranked, two budgets beside each
other, what a department spends on, in few clicks, each restored by its address and by Back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import yusuan
from tests.conftest import SAMPLE, built_once
from tests.serve.conftest import Server
from yusuan import Package
from yusuan.portals.static import publish_static

_OTHERS = (("党政办公室", 2023), ("财政局", 2022))


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The sample, its department a year later, and another department with other three public expenses."""
    folder = tmp_path_factory.mktemp("several")
    text = SAMPLE.read_text("utf-8")
    (folder / "sample.txt").write_text(text, "utf-8")
    for name, year in _OTHERS:
        other = text.replace("党政办公室", name).replace("96.5", "206.5")
        for before in (2023, 2022, 2021) if year > 2022 else ():
            other = other.replace(str(before), str(before + 1))
        (folder / f"{name}-{year}.txt").write_text(other, "utf-8")
    return built_once(tmp_path_factory, "several-built", lambda built: yusuan.build(folder, built))


@pytest.fixture(scope="module")
def home(
    several: Package, start: Callable[..., contextlib.AbstractContextManager[Server]]
) -> Iterator[str]:
    with start(several) as running:
        yield running.url + "/"


def texts(page: Any, table: str) -> list[list[str]]:
    found: list[list[str]] = page.locator(f"#data-{table} tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.replace('※', '').trim()))"
    )
    return found


def test_three_public_expenses_ranked_are_one_click_from_home(
    chromium: Any, home: str, several: Package
) -> None:
    """With the years beside each other; each number is that of its cell, which it leads to."""
    page = chromium.new_page(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page.goto(home)
    page.locator("main").get_by_role("link", name="“三公”经费", exact=True).click()
    page.wait_for_selector("#data-held")
    rows = texts(page, "held")
    assert len(rows) == len([*several.rows("departments")])
    amounts = [[float(cell.replace(",", "")) for cell in row[1:] if cell] for row in rows]
    assert [row[-1] for row in amounts] == sorted((row[-1] for row in amounts), reverse=True)
    assert amounts[0] != amounts[1] and max(map(len, amounts)) == 2
    printed = {row["fact"]: row["amount"] for row in several.rows("facts")}
    for link in page.locator("#data-held td.number a:not(.flag)").all():
        fact = link.get_attribute("href").rpartition("/")[2]
        assert float(link.inner_text().replace(",", "")) == float(printed[fact])
    assert texts(page, "changes")
    page.close()


def test_two_budgets_are_compared_in_four_clicks_and_restored(chromium: Any, home: str) -> None:
    page = chromium.new_page(locale="en", viewport={"width": 390, "height": 844})
    page.goto(home)
    page.locator("header").get_by_role("link", name="Compare").click()
    for _ in range(2):
        page.wait_for_selector("#data-offered")
        page.locator("#data-offered").get_by_role("link", name="Add", exact=True).first.click()
    page.wait_for_selector("#data-compared-figures")
    compared, address = texts(page, "compared-figures"), page.url
    assert len(compared) > 5
    page.reload()
    assert texts(page, "compared-figures") == compared
    page.locator("header").get_by_role("link", name="Findings").click()
    page.wait_for_selector("article.finding")
    page.go_back()
    assert page.url == address
    assert texts(page, "compared-figures") == compared
    page.close()


@pytest.mark.parametrize("edition", ["served", "static"])
def test_a_treemap_is_drilled_by_mouse_and_its_table_by_keyboard(
    chromium: Any, home: str, several: Package, tmp_path: Path, edition: str
) -> None:
    (key, *_) = sorted(row["department"] for row in several.rows("departments"))
    address = f"{home}department/{key}"
    if edition == "static":
        publish_static(several, tmp_path / "site")
        address = (tmp_path / "site" / "department" / f"{key}.html").as_uri()
    page = chromium.new_page(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page.goto(address)
    chart = page.locator("#composition [data-chart]")
    chart.locator("svg path").first.wait_for(state="attached")
    chart.scroll_into_view_if_needed()
    page.wait_for_timeout(1200)  # it grows
    rows = page.locator("#data-composition tbody tr")
    first, second = (
        rows.nth(0).locator("td").nth(1).inner_text(),
        rows.nth(1).locator("td").nth(1).inner_text(),
    )
    shown = chart.locator("svg").text_content
    assert first in shown() and second not in shown()
    box = chart.locator(".canvas").bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + 60)  # the largest class is at the top left
    page.wait_for_timeout(1200)
    assert second in shown()
    link = rows.nth(0).get_by_role("link").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/item/**")
    page.close()

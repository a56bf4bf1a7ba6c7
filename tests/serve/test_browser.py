"""The site in a real browser: it draws, it answers, and it asks no other site for anything."""

from __future__ import annotations

import pytest

from tests.show.disclosures import fact_of
from yusuan.presentation import leading_figures

FACT = "/id/fact/7a12ebf01553-expenditure-summary-total-total"


@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
def test_a_visitor_walks_through_the_site(chromium, server, width):
    page = chromium.new_page(viewport={"width": width, "height": 844}, locale="zh-CN")
    problems: list[str] = []
    page.on("console", lambda message: message.type == "error" and problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((server.url, "data:")) or problems.append(request.url)
        ),
    )

    def visit(path: str) -> None:
        page.goto(server.url + path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    visit("/")
    assert page.locator(".figures .amount").count() == len(leading_figures())
    visit("/budget/facts")
    assert page.locator("table.rows-and-columns tbody tr").count() > 10
    assert page.locator("td.col-fund_source").count() == 0
    page.click(".all-columns a")
    page.wait_for_load_state("networkidle")
    assert page.locator("td.col-fund_source").count() > 10
    visit("/budget/findings-by-severity")
    assert page.locator("h1").inner_text().startswith("哪些印出的数对不上")
    assert page.locator(".badge.verdict-error").count() > 0
    visit(FACT)
    assert "24,920,000.00 元" in page.locator(".place").inner_text()
    assert problems == []
    page.close()


def test_the_page_of_a_fact_shows_its_cell(chromium, mixed_server, mixed):
    page = chromium.new_page(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    problems: list[str] = []
    page.on("console", lambda message: message.type == "error" and problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{mixed_server.url}/id/fact/{fact_of(mixed, '一.pdf')}")
    picture = page.locator(".place a.page img")
    picture.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert picture.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [1400, 760]
    assert picture.evaluate(RED)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.click(".place a.page")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.images[0].naturalHeight") > 1900

    page.goto(f"{mixed_server.url}/id/fact/{fact_of(mixed, '表.xlsx')}")
    page.locator("iframe.page").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    table = page.frame_locator("iframe.page")
    assert table.locator("#cell").inner_text() == "250"
    assert page.evaluate("scrollX") == 0
    height = page.locator("iframe.page").evaluate("frame => frame.clientHeight")
    cell = table.locator("#cell").evaluate("cell => cell.getBoundingClientRect().bottom")
    assert 0 < cell < height
    assert problems == []
    page.close()


RED = """image => {
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
  const drawn = canvas.getContext("2d");
  drawn.drawImage(image, 0, 0);
  const pixels = drawn.getImageData(0, 0, canvas.width, canvas.height).data;
  for (let i = 0; i < pixels.length; i += 4)
    if (pixels[i] === 214 && pixels[i + 1] === 32 && pixels[i + 2] === 32) return true;
  return false;
}"""

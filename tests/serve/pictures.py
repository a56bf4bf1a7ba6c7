"""The pictures of the site and the desk in README and docs: ``python -m tests.serve.pictures`` draws them anew.

They show the sample, served by the code of this checkout, in a Chromium that playwright drives.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

import yusuan
from tests.browser import real_browser
from tests.conftest import ROOT, SAMPLE
from tests.serve.conftest import Server, free_port, serve_process, wait_until_up

IMAGES = ROOT / "docs" / "images"
DEPARTMENT = "652801-jing-ji-ji-shu-kai-fa-qu-dang-zheng-ban-gong-shi"
FACT = "/id/fact/7a12ebf01553-expenditure-summary-total-total"


def home(page: Any, url: str) -> None:
    page.goto(url)


def sparql(page: Any, url: str) -> None:
    """An example in its tab, with its result as a chart."""
    page.goto(f"{url}/-/sparql")
    page.get_by_role("link", name="按功能分类汇总支出").click()
    page.locator(".tabPanel.active .yasr_response_chip", has_text="7 行").wait_for()
    page.locator(".tabPanel.active .select_chart").click()
    page.locator("svg.chart .bar").first.wait_for()
    page.evaluate("scrollTo(0, 0)")


def entity(page: Any, url: str) -> None:
    """A fact: what is printed, and where."""
    page.goto(url + FACT)
    page.frame_locator("iframe.page").locator("#cell").wait_for()


def department(page: Any, url: str) -> None:
    """What a department spends on: the treemap, and the table it is drawn from."""
    page.goto(f"{url}/department/{DEPARTMENT}")
    page.locator("#composition [data-chart] svg").wait_for()
    page.wait_for_timeout(1500)  # the chart grows
    page.locator("#composition").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('composition').scrollIntoView()")


PICTURES: dict[str, tuple[Callable[[Any, str], None], int, int]] = {
    "home": (home, 1200, 1400),
    "department": (department, 1200, 1150),
    "sparql": (sparql, 1180, 960),
    "entity": (entity, 1180, 1100),
}
"""What each shows, its width and height in pixels."""


def paths(package: yusuan.Package) -> dict[str, str]:
    """The address of a page of each kind that the explorer has."""
    budget = next(iter(package.rows("budgets")))["budget"]
    project = next(row["project"] for row in package.rows("indicators"))
    return {
        "departments": "/departments", "department": f"/department/{DEPARTMENT}",
        "budget": f"/budget/{budget}", "compare": f"/compare?of={budget}", "item": "/item/201",
        "project": f"/project/{project}", "findings": "/findings", "search": "/search?q=差旅",
        "home": "/",
    }  # fmt: skip


def whole(page: Any, address: str) -> Any:
    """A page from its head to its end, its charts drawn, as far as a picture of it is of use."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)  # the charts grow
    height = min(page.evaluate("document.documentElement.scrollHeight"), _HIGHEST)
    return page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": 1200, "height": height})


_HIGHEST = 2600


def desk(browser: Any, lang: str) -> Any:
    """The check desk with the sample on it."""
    with tempfile.TemporaryDirectory() as cache:
        process = subprocess.Popen(
            [sys.executable, "-m", "yusuan", "desk", "--no-browser", "--lang", lang], stdout=subprocess.PIPE,
            text=True, env={**os.environ, "XDG_CACHE_HOME": cache},
        )  # fmt: skip
        try:
            assert process.stdout
            address = next(line.strip() for line in process.stdout if "http://" in line)
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            page.goto(address)
            page.set_input_files("#choose", str(SAMPLE))
            page.locator("#counts .error").wait_for()
            page.wait_for_timeout(2000)  # the report is drawn
            clip = {"x": 0, "y": 0, "width": 1200, "height": 1900}
            picture = page.screenshot(full_page=True, clip=clip)
            page.close()
            return picture
        finally:
            process.terminate()
            process.wait(15)


def save(picture: bytes, name: str) -> None:
    drawn = Image.open(BytesIO(picture)).convert("RGB")
    # few colours make a small file
    drawn.quantize(64).save(IMAGES / f"{name}.png", optimize=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, real_browser() as browser:
        package = yusuan.build(ROOT / "datapackage" / "source", Path(folder) / "package")
        port = free_port()
        server = Server(f"http://127.0.0.1:{port}", serve_process(package.folder, port))
        try:
            wait_until_up(server)
            for name, (show, width, height) in PICTURES.items():
                page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
                show(page, server.url)
                page.wait_for_load_state("networkidle")
                save(page.screenshot(), name)
                page.close()
            (IMAGES / "explorer").mkdir(exist_ok=True)
            for lang in ("zh", "en"):
                page = browser.new_page(viewport={"width": 1200, "height": 900}, locale=lang)
                for name, path in paths(package).items():
                    save(whole(page, server.url + path), f"explorer/{name}.{lang}")
                page.close()
                save(desk(browser, lang), f"desk.{lang}")
        finally:
            server.process.terminate()
            server.process.communicate(timeout=15)


if __name__ == "__main__":
    main()

"""A real browser for the tests that prove something only a browser can."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

__all__ = ["faults_of", "real_browser"]


@contextmanager
def real_browser() -> Iterator[Any]:
    """A Chromium of playwright's; the test says so and is left out where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    with sync_api.sync_playwright() as playwright:
        if found is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no chromium is installed")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


def faults_of(page: Any) -> list[str]:
    """What breaks WCAG 2.2 A or AA on the page shown, as axe-core sees it, and what scrolls sideways."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(
        page,
        context={"exclude": [[each] for each in _REPEATED]},
        options={"runOnly": {"type": "tag", "values": list(_WCAG)}},
    )
    faults = [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append("it scrolls sideways")
    return faults


_WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_REPEATED = (
    "tbody tr:nth-child(n + 12)",
    ".terms > div:nth-child(n + 5)",
    "article:nth-of-type(n + 6)",
    "ol > li:nth-child(n + 12)",
)
"""Of what is there hundreds of times some are looked at."""

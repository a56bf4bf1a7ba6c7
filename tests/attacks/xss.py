"""Scripts in every text of a document, and in addresses, against every kind of page in Chromium.

python -m tests.attacks.xss
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from tests.attacks.victim import row
from tests.browser import real_browser
from tests.disclosures import disclosure_text

__all__ = ["HOSTILE", "looked_at"]

HOSTILE = (
    "<script>window.ran=1</script>", "<img src=x onerror=window.ran=1>",
    "\"><svg onload=window.ran=1>", "'-window.ran=1-'", "{{7*7}}", "javascript:window.ran=1",
    "</textarea><script>window.ran=1</script>", "<a href=javascript:window.ran=1>x</a>",
)  # fmt: skip


DERIVED = ("budgets", "figures", "spending", "revenue")
"""Resources that are derived, whose rows hold names of bodies and headings."""


def hostile_document() -> str:
    """A disclosure whose labels, notes and narrative are scripts."""
    rows = tuple(
        f"213\t03\t{number:02d}\t水利{text}\t100\t100\t" for number, text in enumerate(HOSTILE, 1)
    )
    total = f"\t\t\t合 计\t{100 * len(rows)}\t{100 * len(rows)}\t"
    said = "\n\n".join(f"2023年部门预算支出{text}900万元，其中{text}。" for text in HOSTILE)
    return disclosure_text(rows=(*rows, total), narrative=f"## 二、{HOSTILE[0]}说明\n\n{said}")


def addresses(package: Path) -> Iterator[str]:
    """Pages of every kind, and hostile texts in each place of an address that a page repeats."""
    facts = (package / "data" / "facts.csv").read_text("utf-8").splitlines()[1:]
    fact, document = facts[0].split(",")[:2]
    budget = (package / "data" / "budgets.csv").read_text("utf-8").splitlines()[1].split(",")[0]
    department = budget.partition("/")[0]
    yield from (
        f"/department/{department}", f"/department/{department}.embed?part=composition",
        f"/budget/{budget}", f"/budget/{budget}?table=expenditure-summary", "/findings", "/compare",
        f"/compare?of={budget}", "/item/21303", "/search?q=" + quote("水利"),
        "/", "/budget", "/budget/facts", "/budget/documents", "/budget/unrecognised",
        "/budget/claims", "/budget/findings", f"/budget/facts/{fact}", f"/id/fact/{fact}",
        f"/id/document/{document}", f"/id/cell/{fact}", f"/-/page/{fact}.html", "/-/vocabulary",
        "/-/sparql", "/budget/findings-by-severity", "/id/catalog", f"/-/package/source/{document}.md",
        *(f"/budget/{table}" for table in DERIVED),
        *(f"/-/package/data/{table}.csv" for table in DERIVED),
        "/budget/facts?_facet=function", "/-/sparql?query=" + quote("SELECT * { ?s rdfs:label ?o }"),
    )  # fmt: skip
    for text in HOSTILE:
        given = quote(text, safe="")
        yield from (
            f"/department/{given}", f"/compare?of={given}", f"/compare?q={given}", f"/search?q={given}",
            f"/findings?verdict={given}", f"/project/{given}", f"/budget/{budget}?table={given}",
            f"/{given}", f"/budget/{given}", f"/budget/facts/{given}", f"/id/{given}",
            f"/budget?sql={given}", f"/budget?sql=select+'{given.replace('%27', '%27%27')}'+as+x",
            f"/budget/facts?function={given}", f"/budget/facts?_where={given}", f"/-/page/{given}.html",
            f"/budget/facts?_sort={given}", f"/-/sparql?query={given}", f"/-/package/{given}",
            "/-/sparql?query=" + quote(f"SELECT (IRI({text!r}) AS ?x) {{}}"),
            f"/-/reconcile/preview?id={given}",
        )  # fmt: skip


def looked_at(page: Any, address: str) -> str | None:
    """What a page lets run or be clicked on; None for nothing."""
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(address, wait_until="load")
    if page.evaluate("window.ran") or dialogs:
        return "a script ran"
    links = page.eval_on_selector_all(
        "a[href], form[action], iframe[src]",
        "all => all.map(each => each.href || each.action || each.src).filter("
        "href => !/^(https?:|mailto:|file:)/.test(href))",
    )
    return f"links to {links[0][:60]}" if links else None


def main() -> int:
    python = [sys.executable, "-m", "yusuan"]
    tried, failures = 0, []
    with tempfile.TemporaryDirectory() as name, real_browser() as browser:
        folder = Path(name)
        (folder / "a.md").write_text(hostile_document(), "utf-8")
        package = folder / "package"
        subprocess.run(
            [*python, "build", folder / "a.md", "-o", package], check=True, capture_output=True
        )
        subprocess.run(
            [*python, "publish", "static", package, folder / "site"],
            check=True,
            capture_output=True,
        )
        subprocess.run(
            [*python, "check", folder / "a.md", "--report", folder / "report.html"],
            capture_output=True,
        )
        port = 18000 + os.getpid() % 2000
        server = subprocess.Popen([*python, "serve", package, "--port", str(port)],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            root = f"http://127.0.0.1:{port}"
            for _ in range(240):
                try:
                    httpx.get(root + "/-/versions.json")
                    break
                except httpx.TransportError:
                    time.sleep(0.5)
            pages = [root + address for address in addresses(package)]
            pages += [path.as_uri() for path in sorted((folder / "site").rglob("*.html"))]
            pages += [path.as_uri() for path in (folder / "report.html",) if path.exists()]
            page = browser.new_page()
            for address in pages:
                tried += 1
                try:
                    found = looked_at(page, address)
                except Exception as error:
                    found = None if "Download is starting" in str(error) else str(error)[:200]
                if found:
                    failures.append(f"{address[:120]}: {found}")
        finally:
            server.terminate()
            server.wait()
            shutil.rmtree(folder / "site", ignore_errors=True)
    return row(
        "Scripts in documents and addresses, every kind of page in Chromium (`xss`)",
        tried,
        failures,
    )


if __name__ == "__main__":
    sys.exit(main())

"""The picture of a fact's page, or the table around it, from the server."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.show.disclosures import FACT, fact_of
from yusuan import Package
from yusuan.serve import cell_view, create_app
from yusuan.serve.plugin import site_of
from yusuan.show.drawing import CellPictures


@pytest.fixture(scope="module")
def ask(mixed: Package, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Asks the app of a copy of the package, whose sources a test may change."""
    folder = tmp_path_factory.mktemp("served") / "package"
    shutil.copytree(mixed.folder, folder)
    app = create_app(folder)
    with asyncio.Runner() as runner:

        def request(path: str, **headers: str) -> httpx.Response:
            headers.setdefault("Accept", "text/html")
            response: httpx.Response = runner.run(app.client.get(path, headers=headers))
            return response

        request.folder = folder  # type: ignore[attr-defined]
        request.site = site_of(app)  # type: ignore[attr-defined]
        yield request
    site_of(app).close()


def test_the_page_comes_as_a_picture_once(ask, mixed: Package, monkeypatch):
    path = f"/-/page/{fact_of(mixed, '一.pdf')}.png"
    first = ask(path)
    assert first.status_code == 200
    assert first.headers["content-type"] == "image/png"
    assert first.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(first.content)).size[0] == 1400
    monkeypatch.setattr(CellPictures, "draw", None)  # drawing again would fail
    assert ask(path).content == first.content
    same = ask(path, **{"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (same.status_code, same.content) == (304, b"")


def test_a_part_has_a_tag_of_its_own(ask, mixed: Package):
    path = f"/-/page/{fact_of(mixed, '转.pdf')}.png"
    whole, part = ask(path), ask(path + "?part=1")
    assert whole.headers["etag"] != part.headers["etag"]
    assert Image.open(io.BytesIO(part.content)).size == (1400, 760)


@pytest.mark.parametrize("file", ["表.xlsx", "表.docx", "文.txt"])
def test_other_formats_come_as_a_table(ask, mixed: Package, file: str):
    answer = ask(f"/-/page/{fact_of(mixed, file)}.html")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'id="cell" class="num">250<' in answer.text


def test_the_page_of_a_fact_has_the_view(ask, mixed: Package):
    fact = fact_of(mixed, "一.pdf")
    page = ask(f"/id/fact/{fact}").text
    assert f'<a class="page" href="/-/page/{fact}.png">' in page
    assert "<code>page=2&amp;viewrect=450,170,80,20</code>" in page
    fact = fact_of(mixed, "表.xlsx")
    page = ask(f"/id/fact/{fact}").text
    assert f'<iframe class="page" src="/-/page/{fact}.html"' in page
    assert "<code>Sheet!G11</code>" in page


@pytest.mark.parametrize("path", ["nothing.png", "../datapackage.html", f"{FACT}.png", "%00.png"])
def test_what_is_not_there_is_a_404(ask, path: str):
    assert ask(f"/-/page/{path}").status_code == 404


def test_a_pdf_is_no_table_and_a_table_no_picture(ask, mixed: Package):
    for name in (f"{fact_of(mixed, '一.pdf')}.html", f"{fact_of(mixed, '表.csv')}.png"):
        assert ask(f"/-/page/{name}").status_code == 404


def test_when_many_wait_others_are_told_to_come_again(ask, mixed: Package):
    taken = [cell_view._waiting.acquire(blocking=False) for _ in range(16)]
    try:
        assert all(taken)
        answer = ask(f"/-/page/{fact_of(mixed, '表.csv')}.html")
    finally:
        cell_view._waiting.release(16)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert ask(f"/-/page/{fact_of(mixed, '表.csv')}.html").status_code == 200


def test_a_source_that_changed_or_went_is_a_sentence(ask, mixed: Package):
    fact = fact_of(mixed, "包.zip")
    source: Path = next((ask.folder / "source").glob(f"{fact.partition('-')[0]}*"))
    source.write_bytes(b"PK another")
    english = {"Accept-Language": "en"}
    answer = ask(f"/-/page/{fact}.png", **english)
    assert answer.status_code == 422
    assert answer.text.startswith(f"source/{source.name}: changed since the package was built")
    source.unlink()
    assert "missing; build the package anew" in ask(f"/-/page/{fact}.png", **english).text
    assert f"/-/page/{fact}.png" not in ask(f"/id/fact/{fact}").text


def test_many_at_a_time(mixed_server, mixed: Package):
    facts = [
        row["fact"] for row in mixed.rows("facts") if row["fragment"].startswith("page=")
    ][:8]  # fmt: skip

    def fetch(fact: str) -> httpx.Response:
        return httpx.get(f"{mixed_server.url}/-/page/{fact}.png", timeout=60)

    with ThreadPoolExecutor(8) as visitors:
        answers = list(visitors.map(fetch, facts))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 8

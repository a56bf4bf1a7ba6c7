"""``/findings``: those of a document together, each with the numbers it rests on as the report of ``yusuan
check`` marks them; on the site, in its JSON and on the static site."""

from __future__ import annotations

import asyncio
import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html
from PIL import Image

import yusuan
from tests.serve.conftest import BROWSER, Get
from tests.show.disclosures import ROWS, pdf_disclosure
from yusuan import Package
from yusuan.checking import check_sources
from yusuan.portals.static import publish_static
from yusuan.reports.figures import MarkedCell, PrintedCells, marked_places
from yusuan.reports.report import VERDICTS, CheckReport
from yusuan.serve import create_app
from yusuan.serve.plugin import site_of


def cards(page: str) -> dict[str, Any]:
    """The findings of a page, by their keys."""
    found = html.fromstring(page).xpath("//article[contains(@class, 'finding')]")
    return {each.get("id").removeprefix("finding-"): each for each in found}


def marked(card: Any) -> set[tuple[str, str]]:
    """What a finding has boxed: its role, and the number without what is proposed for it."""
    found = set()
    for each in card.xpath(".//td | .//mark"):
        role = (each.get("class") or "").split(" ")[0]
        if role in ("named", "contradicted", "candidate"):
            for tip in each.xpath("b"):
                tip.drop_tree()
            found.add((role, each.text_content().strip()))
    return found


@pytest.fixture(scope="module")
def reported(sample: Path) -> dict[str, set[tuple[str, str]]]:
    """What the report of the sample boxes for each finding."""
    checked = check_sources(sample)
    report = CheckReport(checked.contents, checked.findings, checked.paths)
    places = {
        key: PrintedCells(each.document) for key, each in checked.contents.disclosures.items()
    }
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for finding in checked.findings:
        for place in marked_places(report, finding, places):
            text = place.cell.text if isinstance(place, MarkedCell) else place.pieces[1]
            found[finding.finding].add((place.role, text.strip()))
    return found


def test_each_finding_boxes_what_the_report_boxes(
    get: Get, reported: dict[str, set[tuple[str, str]]], package: Package
) -> None:
    known = {row["finding"]: row for row in package.rows("findings")}
    shown = {
        key: marked(card)
        for verdict in VERDICTS
        for key, card in cards(get(f"/findings?verdict={verdict}").text).items()
    }
    assert shown.keys() == known.keys()
    about_numbers = [key for key, row in known.items() if row["fact"] or row["claim"]]
    assert len(about_numbers) > 10
    assert {key: shown[key] for key in about_numbers} == {
        key: reported[key] for key in about_numbers
    }


def test_a_finding_of_the_narrative_shows_its_sentence(get: Get, package: Package) -> None:
    claims = {row["claim"]: row["sentence"] for row in package.rows("claims")}
    told = [row for row in package.rows("findings") if row["claim"] and row["verdict"] == "error"]
    shown = cards(get("/findings?verdict=error").text)
    for row in told:
        card = shown[row["finding"]]
        for tip in card.xpath(".//b"):
            tip.drop_tree()
        sentences = [each.text_content().replace(" ", "") for each in card.xpath(".//blockquote")]
        assert claims[row["claim"]].replace(" ", "") in sentences
    assert told


def test_the_json_of_findings_has_their_evidence(get: Get) -> None:
    (table,) = get("/findings.json?verdict=error").json()["tables"]
    page = cards(get("/findings?verdict=error").text)
    assert len(table["rows"]) == len(page)
    for row, card in zip(table["rows"], page.values(), strict=True):
        found = set()
        for each in row["evidence"]:
            for mark in each["marks"]:
                number = (
                    mark["printed"]
                    if "sentence" in each
                    else each["rows"][mark["row"]][mark["column"]]
                )
                found.add((mark["role"], number))
                assert mark.get("number_at", "id/").startswith("id/")
        assert found == marked(card)


def test_the_static_site_shows_the_same_findings(
    get: Get, package: Package, tmp_path: Path
) -> None:
    publish_static(package, tmp_path / "site")
    pages = [*(tmp_path / "site" / "findings").glob("error*.html")]
    assert len(pages) == len({"zh", "en"})
    served = {key: marked(card) for key, card in cards(get("/findings?verdict=error").text).items()}
    for path in pages:
        shown = cards(path.read_text("utf-8"))
        assert {key: marked(card) for key, card in shown.items()} == served


Ask = Any


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """Two PDFs, one turned, whose total is not that of the rows above it."""
    folder = tmp_path_factory.mktemp("wrong")
    wrong = [*ROWS[:3], ("", "合计", "1,602.50", "1,234.50", "268.00")]
    (folder / "错.pdf").write_bytes(pdf_disclosure(0, wrong))
    (folder / "转.pdf").write_bytes(pdf_disclosure(90, wrong))
    return yusuan.build(folder, folder / "package")


@pytest.fixture(scope="module")
def ask(printed: Package) -> Iterator[Ask]:
    app = create_app(printed.folder)
    with asyncio.Runner() as runner:

        def request(path: str, **headers: str) -> httpx.Response:
            asked = app.client.get(path, headers={**BROWSER, **headers})
            response: httpx.Response = runner.run(asked)
            return response

        yield request
    site_of(app).close()


def colours(content: bytes) -> set[tuple[int, int, int]]:
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    return {colour for _, colour in picture.getcolors(1 << 24) or ()}


def test_a_finding_of_a_pdf_has_the_part_of_the_page_with_its_cells_boxed(ask: Ask) -> None:
    page = html.fromstring(ask("/findings?verdict=error").text)
    pictures = page.xpath("//article//a[@class='page']/@href")
    assert len(pictures) >= len(page.xpath("//article")) > 1
    for address in pictures:
        answer = ask(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
        red = [c for c in colours(answer.content) if c[0] > 190 and c[1] < 70 and c[2] < 70]
        amber = [
            c for c in colours(answer.content) if c[0] > 200 and 110 < c[1] < 170 and c[2] < 40
        ]
        assert red or amber
    known = answer.headers["etag"]
    assert ask(address, **{"If-None-Match": known}).status_code == 304


@pytest.mark.parametrize(
    "path", ["/-/evidence/nothing/1.png", "/-/evidence/{}/0.png", "/-/evidence/{}/9.png"]
)
def test_a_picture_that_is_none_is_said_to_be_none(ask: Ask, printed: Package, path: str) -> None:
    key = next(row["finding"] for row in printed.rows("findings"))
    assert ask(path.format(key)).status_code == 404


def test_documents_stand_together_and_pages_are_counted(
    ask: Ask, printed: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = html.fromstring(ask("/findings?verdict=error").text)
    heads = page.xpath("//h3[@class='of-document']")
    assert len(heads) == len([*printed.rows("documents")])
    monkeypatch.setattr("yusuan.explorer.findings._ON_A_PAGE", 1)
    first, second = (cards(ask(f"/findings?verdict=error&page-findings={n}").text) for n in (1, 2))
    assert (len(first), len(second)) == (1, 1)
    assert first.keys() != second.keys()

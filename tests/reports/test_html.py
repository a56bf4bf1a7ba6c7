"""The report as a web page: what it says, what it shows, and what it never does."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image

from tests.reports.made import pdf_report, sample_report
from yusuan.facts import PackageContents, compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.reports import CheckReport, as_html
from yusuan.reports.figures import PageFigure, TableFigure, TextFigure, figures_of
from yusuan.sources import read_document


@pytest.fixture
def report(contents: PackageContents, sample: Path) -> CheckReport:
    return sample_report(contents, sample)


def test_the_top_says_how_many_where_the_worst_and_what_to_do(report: CheckReport) -> None:
    page = as_html(report)
    top = page[: page.index('class="document"')]
    assert "发现3处错误，涉及一般公共预算“三公”经费支出情况表、文字说明。" in top
    worst = re.findall(r'<li><a href="#f(\d+)">', top)
    assert worst[0] == "2"  # 15,962 万元 too much is worse than 32.5
    assert "2处给出了建议的数" in top
    assert "1处不能断定是哪个数有误" in top


def test_nothing_found_is_said_without_praise(contents: PackageContents, sample: Path) -> None:
    page = as_html(replace(sample_report(contents, sample), findings=[]))
    assert "未发现矛盾" in page
    assert "并不证明各数属实" in page
    assert "<article" not in page


def test_a_text_is_shown_as_table_and_as_lines(report: CheckReport) -> None:
    figures, failures = figures_of(report)
    assert failures == []
    proven, likely, tied, _ = (figures[finding.finding] for finding in report.findings)
    (table,) = proven
    assert isinstance(table, TableFigure)
    assert [spot.role for spot in table.marked_places.values()] == ["named", "contradicted"]
    assert [type(figure) for figure in likely] == [TableFigure, TextFigure]
    marked = next(line for line in likely[1].lines if line[2])  # type: ignore[union-attr]
    assert (marked[0], marked[2]) == (401, "16864万元")
    assert [(spot.number, spot.proposed) for spot in tied[0].marked_places.values()] == [  # type: ignore[union-attr]
        (1, "129"), (2, "0"),
    ]  # fmt: skip


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_page_is_cut_around_the_cell_and_its_headings(tmp_path: Path, rotation: int) -> None:
    """What is within the box on the picture is the printed number, however the page is turned."""
    report = pdf_report(tmp_path, rotation)
    figures, failures = figures_of(report)
    assert failures == []
    named, other = figures[report.findings[0].finding]
    assert isinstance(named, PageFigure)
    assert isinstance(other, PageFigure)
    assert (named.page, other.page) == (3, 2)
    (strip,) = named.pictures.strips
    (mark,) = strip.marks
    image = Image.open(io.BytesIO(base64.b64decode(strip.content))).convert("L")
    left, top, wide, high = mark.box
    box = (left * image.width, top * image.height, (left + wide) * image.width, (top + high) * image.height)  # fmt: skip
    inside = image.crop(tuple(round(edge) for edge in box))  # type: ignore[arg-type]
    # 1,502.50 begins at the left of its cell, upright: the right third of the cell is blank.
    upright = inside.crop((4, 4, inside.width - 4, inside.height - 4)).point(
        lambda v: 255 * (v < 128)
    )
    assert wide * image.width > 2 * high * image.height
    ink = upright.getbbox()
    assert ink is not None
    assert ink[0] < upright.width / 4
    assert ink[2] < upright.width * 3 / 4
    assert len(other.pictures.strips) == 1  # the headings are near enough to be in the same picture


def test_a_number_of_running_text_is_found_on_its_page(corpus: Path) -> None:
    path = next(corpus.rglob("*人民检察院*.pdf"))
    contents = compile_contents([understand(read_document(path))])
    from yusuan.checks import check

    findings = [finding for finding in check(contents) if finding.claim]
    report = CheckReport(contents, findings, {contents.documents[0].document: path})
    figures, _ = figures_of(report)
    assert findings
    for finding in findings:
        shots = [figure for figure in figures[finding.finding] if isinstance(figure, PageFigure)]
        kinds = {
            mark.kind for shot in shots for strip in shot.pictures.strips for mark in strip.marks
        }
        assert kinds == {"line", ""}, finding.message_zh


def test_what_cannot_be_drawn_is_shown_as_text_and_told(tmp_path: Path) -> None:
    report = pdf_report(tmp_path)
    key = report.contents.documents[0].document
    disclosure = report.contents.disclosures[key]
    damaged = replace(disclosure, document=replace(disclosure.document, content=b"%PDF-1.7 gone"))
    report.contents.disclosures[key] = damaged
    figures, failures = figures_of(report)
    assert [type(figure) for figure in figures[report.findings[0].finding]] == [TableFigure]
    assert "budget.pdf: cannot be shown" in failures[0]
    assert "budget.pdf: cannot be shown" in as_html(report)


def test_documents_cannot_put_anything_into_the_page(tmp_path: Path) -> None:
    attack = '</p><script>alert(1)</script><img src="http://x.example/a" onerror=alert(1)>'
    page = as_html(pdf_report(tmp_path, hostile=[attack]))
    assert attack not in page
    assert "&lt;script&gt;alert(1)" in page
    assert page.count("<script") == 1
    assert not re.search(r'(?:src|href)="(?!data:image/|#)', page)
    assert "default-src 'none'" in page


def test_a_report_is_small(tmp_path: Path) -> None:
    """Forty findings on as many pages of print stay far below what a mail may carry."""
    one = pdf_report(tmp_path)
    many = [replace(one.findings[0], finding=f"f{number}") for number in range(40)]
    assert len(as_html(replace(one, findings=many))) < 5_000_000


def test_filters_work_and_what_they_hide_is_not_printed(
    report: CheckReport, tmp_path: Path, chromium: Any
) -> None:
    path = tmp_path / "report.html"
    path.write_text(as_html(report), "utf-8")
    page = chromium.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: problems.append(request.url)
            if not request.url.startswith(("file:", "data:")) else None)  # fmt: skip
    page.goto(path.as_uri())

    def shown() -> list[str]:
        return [card.get_attribute("id") for card in page.locator("article:visible").all()]

    assert shown() == ["f1", "f2", "f3", "f4"]
    page.uncheck("input[value=rounding]")
    assert shown() == ["f1", "f2", "f3"]
    page.select_option("select[name=table]", "文字说明")
    assert shown() == ["f2"]
    assert page.inner_text("output") == "1"
    pages = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True))
    printed = "".join(sheet.get_textpage().get_text_range() for sheet in pages)
    assert "建议改为" in printed
    assert "不能同时成立。" in printed  # of the summary
    assert "接待费印为32.5" not in printed
    page.select_option("select[name=table]", "")
    page.fill("input[type=search]", "没有这样的话")
    assert shown() == []
    assert page.locator("#nothing").is_visible()
    assert problems == []


def test_the_page_is_whole_without_scripts(
    report: CheckReport, tmp_path: Path, chromium: Any
) -> None:
    path = tmp_path / "report.html"
    path.write_text(as_html(report), "utf-8")
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(path.as_uri())
    assert page.locator("article:visible").count() == 4
    assert not page.locator("#filters").is_visible()

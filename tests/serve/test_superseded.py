"""A reissue supersedes a document: its errors and amounts are left out of every page, or marked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner

import yusuan
from tests.disclosures import EXPENDITURE, ROWS, disclosure_text, write
from yusuan.cli.main import main
from yusuan.portals import publish_static
from yusuan.schema.messages import message
from yusuan.serve import create_app
from yusuan.serve.plugin import site_of

WRONG = (*ROWS[:2], "\t\t\t合 计\t353\t100\t250")


@pytest.fixture(scope="module")
def reissued(tmp_path_factory: pytest.TempPathFactory) -> yusuan.Package:
    """A disclosure whose total is wrong, and its reissue, which has the same title."""
    folder = tmp_path_factory.mktemp("reissued")
    first = disclosure_text(rows=WRONG, narrative="桐庐县水利局\n2023年2月1日")
    write(folder, first, "first.md")
    write(folder, disclosure_text(narrative="桐庐县水利局\n2023年3月1日"), "mended.md")
    return yusuan.build(folder, folder / "package")


@pytest.fixture(scope="module")
def documents(reissued: yusuan.Package) -> dict[str, str]:
    """The key of each document by its file."""
    return {row["file"]: row["document"] for row in reissued.rows("documents")}


class Pages:
    """The pages of a package's site by their paths."""

    def __init__(self, package: yusuan.Package) -> None:
        self._app = create_app(package.folder)
        self._runner = asyncio.Runner()

    def get(self, path: str) -> str:
        answer = self._runner.run(self._app.client.get(path, headers={"Accept": "text/html"}))
        assert answer.status_code == 200, path
        return str(answer.text)

    def json(self, path: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._runner.run(self._app.client.get(path)).json()
        return rows

    def close(self) -> None:
        site_of(self._app).close()
        self._runner.close()


@pytest.fixture(scope="module")
def pages(reissued: yusuan.Package) -> Iterator[Pages]:
    made = Pages(reissued)
    yield made
    made.close()


@pytest.fixture(scope="module")
def error(reissued: yusuan.Package, documents: dict[str, str]) -> dict[str, str]:
    """The error that only the first document has."""
    found = [row for row in reissued.rows("findings") if row["verdict"] == "error"]
    assert found and {row["document"] for row in found} == {documents["first.md"]}
    return found[0]


def test_home_leaves_its_findings_out_and_says_so(pages: Pages, error: dict[str, str]) -> None:
    home = pages.get("/")
    assert error["message_zh"] not in home
    assert not re.search(r"<b>[1-9]\d*</b> 错误", home)
    assert "1 个已被重新公开取代" in home
    assert "条是已被取代的文件或表的，不计在内" in home


QUERIES = ("totals", "findings-by-severity", "evidence-of-findings", "narrative-against-tables",
           "trace", "top-projects", "question-contradicted-rates")  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_queries_leave_its_rows_out_and_say_so(
    pages: Pages, documents: dict[str, str], error: dict[str, str], query: str
) -> None:
    assert "不含已被重新公开取代的 1 个文件" in pages.get(f"/budget/{query}")
    rows = pages.json(f"/budget/{query}.json?_shape=array")
    values = [str(value) for row in rows for value in row.values()]
    assert not [value for value in values if value.startswith(documents["first.md"])]
    assert error["finding"] not in values


def counted_alike(package: yusuan.Package, home: str, folder: Path) -> None:
    """Every face counts the same errors, and says apart how many are of what is superseded."""
    for path in (folder / "page.html", folder / "badge.svg"):
        path.unlink(missing_ok=True)
    arguments = ["check", str(package.folder), "--badge", str(folder / "badge.svg")]
    checked = CliRunner().invoke(main, [*arguments, "--report", str(folder / "page.html")])
    inputs = sorted(package.source(row["document"]) for row in package.rows("documents"))
    built = CliRunner().invoke(main, ["build", *map(str, inputs), "-o", str(folder / "again")])
    publish_static(package, folder / "site")
    index = (folder / "site" / "index.html").read_text("utf-8")
    old = {(row["document"], row["table"]) for row in package.rows("table-revisions")}
    aside = sum((row["document"], row["table"]) in old for row in package.rows("findings"))
    zh, en = message("set-aside", number=aside)
    assert aside and en in built.stdout and zh in checked.stdout
    assert "error" not in built.stdout and "错误" not in checked.stdout.splitlines()[-1]
    assert checked.exit_code == 0, checked.output
    assert "通过" in (folder / "badge.svg").read_text("utf-8")
    for face in (home, index, (folder / "page.html").read_text("utf-8")):
        assert zh in face and not re.search(r"<b>[1-9]\d*</b>\s*错误", face)


THREE_PUBLIC = """\
表8:

一般公共预算“三公”经费支出情况表

单位：万元

合计\t因公出国（境）费\t公务用车购置及运行费\t\t\t公务接待费
\t\t小计\t公务用车购置费\t公务用车运行费\t
12\t\t10\t\t10\t2
"""


def test_a_table_alone_that_is_printed_anew_counts_once(tmp_path: Path) -> None:
    """The reissue prints one of two tables: that of the first document is left out, its other one not."""
    (tmp_path / "in").mkdir()
    [wrong] = [EXPENDITURE.format(unit="万元", rows="\n".join(WRONG))]
    both = disclosure_text(wrong, THREE_PUBLIC, narrative="桐庐县水利局\n2023年2月1日")
    write(tmp_path / "in", both, "first.md")
    mended = disclosure_text(narrative="桐庐县水利局\n2023年3月1日")
    write(tmp_path / "in", mended, "mended.md")
    package = yusuan.build(tmp_path / "in", tmp_path / "out")
    assert not list(package.rows("revisions")) and len(list(package.rows("table-revisions"))) == 1
    [error] = [row for row in package.rows("findings") if row["verdict"] == "error"]
    site = Pages(package)
    try:
        home = site.get("/")
        counted_alike(package, home, tmp_path)
        marks = [
            site.get(f"/budget/{table}?document={error['document']}").count('"badge superseded"')
            for table in ("facts", "expenditure_summary", "findings", "three_public_expenses")
        ]
        entity = site.get(f"/id/fact/{error['fact']}")
        rows = site.json("/budget/totals.json?_shape=array")
        note = site.get("/budget/totals")
    finally:
        site.close()
    assert "353万元" not in home
    amounts = sum(
        row["table"] == error["table"] and row["document"] == error["document"]
        for row in package.rows("facts")
    )
    assert marks == [amounts, len(WRONG), 1, 0]
    assert '"badge superseded"' in entity and "（mended.md）" in entity
    assert sorted(row["printed"] for row in rows) == ["12", "350"]
    assert "不含其他文件重新印出的 1 张表" in note


def test_a_unit_without_its_department_is_said_to_be_one(tmp_path: Path) -> None:
    unit = disclosure_text().replace("2023年部门预算", "2023年单位预算")
    package = yusuan.build(write(tmp_path, unit), tmp_path / "out")
    assert [row["kind"] for row in package.rows("budgets")] == ["unit"]
    publish_static(package, tmp_path / "site")
    site = Pages(package)
    try:
        home = site.get("/")
        listed = site.get("/budget/budgets?kind=unit&part_of__isblank=1")
    finally:
        site.close()
    for page in (home, (tmp_path / "site" / "index.html").read_text("utf-8")):
        assert message("units-alone", number=1)[0] in page
    assert "<strong>1 行</strong>" in listed


def test_what_is_asked_for_by_key_is_shown(pages: Pages, error: dict[str, str]) -> None:
    assert pages.json(f"/budget/trace.json?_shape=array&fact={quote(error['fact'])}")


@pytest.mark.parametrize("table", ["facts", "findings", "documents", "expenditure_summary"])
def test_tables_mark_its_rows(pages: Pages, documents: dict[str, str], table: str) -> None:
    def marked(arguments: str = "") -> int:
        page = pages.get(f"/budget/{table}?_size=100{arguments}")
        return page.partition("<tbody>")[2].count("badge superseded")

    of_first = f"&document={documents['first.md']}"
    assert marked() == marked(of_first) > 0
    assert not marked(of_first.replace("=", "__notin="))


def test_pages_of_what_it_prints_say_by_which_document(
    pages: Pages, documents: dict[str, str], error: dict[str, str]
) -> None:
    for path in (
        f"/id/document/{documents['first.md']}", f"/id/fact/{error['fact']}",
        f"/id/finding/{error['finding']}", f"/id/cell/{error['fact']}",
        f"/budget/facts/{error['fact']}",
    ):  # fmt: skip
        page = pages.get(path)
        assert (
            "badge superseded" in page and f'href="/id/document/{documents["mended.md"]}"' in page
        ), path
    assert "badge superseded" not in pages.get(f"/id/document/{documents['mended.md']}")


def test_the_page_of_a_budget_is_in_words(pages: Pages, documents: dict[str, str]) -> None:
    """No hash, no raw code, amounts in yuan; documents of one title are told apart by their files."""
    [budget] = pages.json("/budget/budgets.json?_shape=array")
    page = pages.get(f"/id/budget/{budget['budget']}")
    shown = re.sub(r"<[^>]+>", "\n", "\n".join(re.findall(r"<td>.*?</td>", page, re.DOTALL)))
    assert "部门预算（含所属单位）" in shown
    assert not re.search(r"^\s*(department|approved|[0-9a-f]{12})\s*$", shown, re.MULTILINE)
    assert re.search(r"（mended\.md）$", shown, re.MULTILINE)
    assert re.search(r"（first\.md） 已被取代$", shown, re.MULTILINE)
    assert "3,500,000.00 元" in shown
    table = pages.get("/budget/budgets")
    assert "部门预算（含所属单位）" in table and f'href="/id/budget/{budget["budget"]}"' in table
    assert f'<a href="/id/document/{documents["mended.md"]}">' in table


def test_a_figure_shows_what_is_printed_and_where(pages: Pages) -> None:
    [total] = pages.json("/budget/figures.json?_shape=array&code=expenditure-total")
    page = pages.get(f"/id/figure/{total['figure']}")
    assert "<h1>支出总计</h1>" in page
    assert '<dd class="big">350 <small>万元</small></dd>' in page
    assert "3,500,000.00 元" in page and "（mended.md）" in page
    pages.get(f"/budget/figures/{total['figure'].replace('/', '~2F')}")
    table = pages.get("/budget/figures")
    assert "不含已被重新公开取代的 1 个文件" in table
    for column in ("amount", "printed", "unit", "page"):
        assert re.search(rf'<th scope="col" data-column="{column}" class="format-\w+"', table)


@pytest.mark.parametrize("kind", ["spending", "slice/spending", "period"])
def test_what_has_no_name_in_the_graph_is_called_in_words(pages: Pages, kind: str) -> None:
    [budget] = [row["budget"] for row in pages.json("/budget/budgets.json?_shape=array")]
    rest = {"spending": f"{budget}/residual", "slice/spending": budget, "period": "2023"}[kind]
    heading = re.search(r"<h1>(.*?)<", pages.get(f"/id/{kind}/{rest}"))
    assert heading and heading[1].strip() in ("余额", "支出明细", "2023")


def test_units_of_queries_are_words(pages: Pages) -> None:
    page = pages.get("/budget/totals")
    assert "万元</span>" in page and "10,000</span>" not in page


def test_the_static_site_says_the_same(
    reissued: yusuan.Package, documents: dict[str, str], error: dict[str, str], tmp_path: Path
) -> None:
    publish_static(reissued, tmp_path / "site")
    index = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert error["message_zh"] not in index
    assert "条是已被取代的文件或表的，不计在内" in index
    listed = (tmp_path / "site" / "documents.html").read_text("utf-8")
    assert "（first.md） 已被取代" in listed and "（mended.md） 已被取代" not in listed
    catalogue = (tmp_path / "site" / "catalog.ttl").read_text("utf-8")
    assert "first.md 已被取代" in catalogue and "mended.md 已被取代" not in catalogue
    old, new = (
        (tmp_path / "site" / "documents" / f"{documents[file]}.html").read_text("utf-8")
        for file in ("first.md", "mended.md")
    )
    assert "已被取代" in old and "（mended.md）" in old and error["message_zh"] in old
    assert "已被取代" not in new

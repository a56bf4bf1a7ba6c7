"""Every face says the same figures and words, in the same colours: package, SQL, SPARQL, site, static
site, report, terminal, portals, badge."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from tests.conftest import ROOT
from tests.reports.made import sample_report
from tests.serve.conftest import Get
from yusuan import Package
from yusuan.checking import CheckedSources
from yusuan.facts import PackageContents
from yusuan.graph.prefixes import VOCABULARY
from yusuan.model.findings import VERDICTS
from yusuan.portals import publish_static
from yusuan.portals.about import about
from yusuan.portals.ckan_desired import desired_dataset
from yusuan.portals.dcat import catalogue_jsonld
from yusuan.presentation import (
    colours,
    leading_figures,
    money,
    plural,
    value_label,
    values_of,
    verdict_meaning,
    wan,
)
from yusuan.reports import CheckReport, as_badge, as_html
from yusuan.reports.terminal import terminal_lines
from yusuan.schema import Resource, catalogue
from yusuan.serve import create_app
from yusuan.serve.display import table_settings
from yusuan.serve.plugin import site_of

DERIVED = {each.name for each in catalogue().derived}  # these name department and phase in words
FACES = [*ROOT.glob("publish/**/*.css"), *ROOT.glob("publish/**/*.html*")]


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))


@pytest.fixture(scope="module")
def index(package: Package, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The front page of the static site."""
    folder = tmp_path_factory.mktemp("words") / "site"
    publish_static(package, folder)
    return (folder / "index.html").read_text("utf-8")


def test_every_verdict_has_its_words() -> None:
    assert tuple(values_of("verdict")) == VERDICTS
    for verdict in VERDICTS:
        assert value_label("verdict", verdict) and plural(verdict, "en")
        assert verdict_meaning(verdict, "zh") and verdict_meaning(verdict, "en")


def test_a_verdict_has_one_name_everywhere(
    get: Get, index: str, contents: PackageContents, sample: Path
) -> None:
    static = text_of(index)
    homes = [text_of(get("/", headers={"Accept-Language": tag}).text) for tag in ("zh", "en")]
    report = sample_report(contents, sample)
    page, badge = text_of(as_html(report)), as_badge(report)
    lines = [line.text for line in terminal_lines(report)]
    for verdict in {finding.verdict for finding in report.findings}:
        title, title_en = value_label("verdict", verdict) or ("", "")
        counts = [
            re.search(rf"(\d+) {words}\b", face)
            for words, face in (
                (title, homes[0]), (title_en, homes[1]), (title, static),
            )
        ]  # fmt: skip
        assert len({found[1] for found in counts if found}) == 1 and all(counts)
        assert f"{report.counts[verdict]} {title}" in page
        assert title in lines
    assert f"{report.counts['error']}处{plural('error', 'zh')}" in badge
    assert colours()["error"] in badge


def test_headline_figures_are_the_same(
    corpus_linked: Package, corpus_checked: CheckedSources, tmp_path: Path
) -> None:
    """Every figure that pages lead with, of every budget of real documents, on every face."""
    budgets = [row for row in corpus_linked.rows("budgets") if not row["part_of"]]
    own = {row["budget"] for row in budgets}
    figures = {
        row["figure"]: row["amount"] for row in corpus_linked.rows("figures")
        if row["budget"] in own and row["code"] in leading_figures()
    }  # fmt: skip
    assert len(budgets) > 2 and len(figures) > 3 * len(budgets)
    publish_static(corpus_linked, tmp_path / "site")
    static = (tmp_path / "site" / "index.html").read_text("utf-8")
    app = create_app(corpus_linked.folder)
    with asyncio.Runner() as runner:

        def ask(path: str) -> Any:
            return runner.run(app.client.get(path))

        home = ask("/").text
        listed = ask("/budget/figures.json?_shape=array&_size=max").json()
        query = f"PREFIX ys: <{VOCABULARY}> SELECT * {{ ?figure a ys:Figure ; ys:amount ?amount }}"
        answer = ask(f"/-/sparql?query={quote(query)}&format=json").json()
    site_of(app).close()
    sql = {row["figure"]: str(row["amount"]) for row in listed if row["figure"] in figures}
    assert sql == figures
    graph = {
        unquote(row["figure"]["value"].partition("/id/figure/")[2]): row["amount"]["value"]
        for row in answer["results"]["bindings"]
    }
    assert {name: Decimal(graph[name]) for name in figures} == {
        name: Decimal(amount) for name, amount in figures.items()
    }
    shown = Counter(re.findall(r'<td[^>]*><a class="num" href="[^"]+">([0-9,.-]+)</a>', home))
    assert shown == Counter(money(amount) for amount in figures.values())
    assert shown == Counter(
        re.findall(r'<td[^>]*><a class="num" href="[^"]+">([0-9,.-]+)</a>', static)
    )

    # in words, with the amount in 万元: a document's on the terminal, a budget's on portals
    report = CheckReport(corpus_checked.contents, corpus_checked.findings, {})
    terminal = "\n".join(line.text for line in terminal_lines(report))
    notes = desired_dataset(corpus_linked, ())["notes"]
    dcat = json.dumps(
        catalogue_jsonld(about(corpus_linked), [], "https://data.example.org/"), ensure_ascii=False
    )
    for row in corpus_linked.rows("figures"):
        if row["figure"] in figures:
            said = f"{row['name']} {wan(int(Decimal(row['amount']) * 100))} 万元"
            for face in (terminal, notes, dcat):
                assert said in face
    # whose number it is, wherever findings of several budgets are listed
    documents = {
        f"{row['department_name']} {row['fiscal_year']} {row['phase_name']}" for row in budgets
    }
    told = set(re.findall(r'<p class="whose">(.*?)</p>', home))
    assert told and told <= documents
    assert home.count('<p class="whose">') == len(re.findall(r'<li class="verdict-\w+"><p ', home))
    assert told == set(re.findall(r'<p class="whose">(.*?)</p>', static))
    assert any(f"({whose}, " in terminal for whose in documents)
    for row in budgets:
        whose = f"{row['department_name']} {row['fiscal_year']} {row['phase_name']}："
        assert whose in notes and whose in dcat


@pytest.mark.parametrize("resource", catalogue().resources, ids=lambda each: each.name)
def test_lists_show_whose_number_it_is(resource: Resource) -> None:
    """Tables of the site show department, year, phase, unit and page among the first columns."""
    if resource.kind not in ("table", "core") or resource.name in DERIVED:
        return
    own = {field.name for field in resource.fields}
    shown = set(table_settings(resource)["main"])
    assert (
        own & {"department", "fiscal_year", "phase", "unit", "page"} - {resource.primary_key}
        <= shown
    )


@pytest.mark.parametrize("path", FACES, ids=lambda path: path.name)
def test_the_shared_colours_are_defined_once(path: Path) -> None:
    """A style sheet uses the colours of tokens.css by name, and defines none of them anew."""
    text = path.read_text("utf-8")
    if path.name == "tokens.css":
        assert set(VERDICTS) <= set(re.findall(r"--(\w+):", text))
        return
    assert not re.search(rf"--(?:{'|'.join(colours())})\s*:", text)
    if path.parent.name != "yasgui":
        assert not [colour for colour in colours().values() if colour in text.lower()]

"""Every face says the same words in the same colours: site, static site, report, terminal, badge."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.reports.made import sample_report
from tests.serve.conftest import Get
from yusuan import Package
from yusuan.facts import PackageContents
from yusuan.model.findings import VERDICTS
from yusuan.portals import publish_static
from yusuan.presentation import colours, money, plural, value_label, values_of, verdict_meaning, wan
from yusuan.reports import as_badge, as_html
from yusuan.reports.terminal import terminal_lines

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
    home, static = text_of(get("/").text), text_of(index)
    report = sample_report(contents, sample)
    page, badge = text_of(as_html(report)), as_badge(report)
    lines = [line.text for line in terminal_lines(report)]
    for verdict in {finding.verdict for finding in report.findings}:
        title, title_en = value_label("verdict", verdict) or ("", "")
        counts = [re.search(rf"(\d+) {title} {title_en}\b", face) for face in (home, static)]
        assert len({found[1] for found in counts if found}) == 1 and all(counts)
        assert f"{report.counts[verdict]} {title}" in page
        assert title in lines
    assert f"{report.counts['error']}处{plural('error', 'zh')}" in badge
    assert colours()["error"] in badge


def test_a_figure_reads_alike(get: Get, index: str) -> None:
    for fen in (2_492_000_000, 96_500_000):
        yuan = money(f"{fen // 100}")
        assert f"{wan(fen)} 万元 {yuan} 元" in text_of(get("/").text)
        assert f"= {yuan} 元" in text_of(index)


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

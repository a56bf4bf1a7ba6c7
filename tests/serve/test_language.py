"""Pages are in Chinese or in English, as the reader chose or the browser asks."""

from __future__ import annotations

import re

import pytest
from lxml import html

from tests.serve.conftest import Get
from yusuan import Package

ZH, EN = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}, {"Accept-Language": "en-GB,en;q=0.9"}
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def paths(package: Package) -> list[str]:
    budget = next(iter(package.rows("budgets")))
    fact = next(iter(package.rows("facts")))["fact"]
    return [
        "/", "/compare", "/findings", "/departments", "/search", "/search?q=zzz", "/item/201",
        f"/department/{budget['department']}", f"/budget/{budget['budget']}", "/budget/facts",
        "/budget", f"/id/fact/{fact}", "/-/sparql", "/no-such-page", "/id/fact/none",
        "/department/nobody",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "language"),
    [({}, "zh-CN"), (ZH, "zh-CN"), (EN, "en"), ({"Accept-Language": "fr, en;q=0.3"}, "en"),
     ({"Accept-Language": "fr"}, "zh-CN"), ({"Accept-Language": "en;q=bad, ;;,"}, "zh-CN"),
     ({"Cookie": "lang=en"}, "en"), ({"Cookie": "lang=xx; a=b", **EN}, "en"),
     ({"Cookie": "lang=zh", **EN}, "zh-CN")],
)  # fmt: skip
def test_the_reader_chooses_then_the_browser_then_chinese(
    get: Get, headers: dict[str, str], language: str
) -> None:
    for path in ("/", "/findings"):
        answer = get(path, headers=headers)
        assert f'<html lang="{language}">' in answer.text
        assert answer.headers["content-language"] == language
        assert "Cookie" in answer.headers["vary"]


def test_the_switch_keeps_the_view_and_is_remembered(get: Get) -> None:
    page = html.fromstring(get("/findings?verdict=error").text)
    (switch,) = page.xpath("//a[@class='language']/@href")
    answer = get(f"/findings{switch}")
    assert "verdict=error" in switch and '<html lang="en">' in answer.text
    assert "lang=en" in answer.headers["set-cookie"]
    assert 'aria-current="true">error' in answer.text
    assert "set-cookie" not in get("/findings", headers=EN).headers


def test_the_parameter_is_no_filter_and_no_part_of_a_query(get: Get) -> None:
    rows = get("/budget/facts.json?_size=5&lang=en").json()
    assert (
        rows["filtered_table_rows_count"]
        == get("/budget/facts.json").json()["filtered_table_rows_count"]
    )
    query = "SELECT (LANG(?o) AS ?l) WHERE { ?s ?p ?o FILTER(LANG(?o)='zh') } LIMIT 1"
    assert get("/-/sparql", params={"query": query, "format": "json"}).status_code == 200


def test_no_page_in_chinese_has_words_in_english(get: Get, paths: list[str]) -> None:
    for path in paths:
        page = html.fromstring(get(path, headers=ZH).text)
        assert [
            each.text_content() for each in page.xpath("//body//*[@lang='en'][not(self::a)]")
        ] == [], path


DATA = re.compile(r"department|budget|item|no-such|/id/|facts")


def test_headings_and_controls_in_english_have_no_chinese(get: Get, paths: list[str]) -> None:
    """But the title of the package, names of departments and codes, and what is printed."""
    left = {}
    for path in paths:
        page = html.fromstring(get(path, headers=EN).text)
        own = page.xpath("//header//nav//a|//button|//summary|//footer|//form//label")
        if not DATA.search(path):
            own += page.xpath("//h1|//h2|//th|//p[@class='note']")
        found = [each.text_content().strip() for each in own if CHINESE.search(each.text_content())]
        if found:
            left[path] = found
    assert left == {}


DATASETTE = [
    "/budget", "/budget/facts?_sort_desc=amount&page__gt=1", "/budget/facts_corrected",
    "/budget/revenue_summary", "/budget/three-public", "/budget/question-cofog", "/budget/trace",
    "/budget/no-such", "/no-such", "/budget?sql=select+*+from+no_such", "/budget?sql=selec",
    "/budget/facts?_sort=no_such", "/budget/facts?_size=x", "/budget/facts/none",
    "/department/nobody", "/search?q=", "/-/package/none", "/budget?sql=delete+from+facts",
]  # fmt: skip
"""Pages of tables, queries and rows, and errors of each kind."""
TERMS = re.compile("公用经费|三公|[万亿]?元|差旅|住房公积金|、")
"""Names in English texts: what a number is printed in, what is searched for."""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_tables_queries_and_errors_are_in_one_language(get: Get, language: str) -> None:
    """But what is printed, names of columns and values."""
    other = re.compile(r"[A-Za-z]{3,} [a-z]{2,}|^[A-Z]?[a-z]{3,}$") if language == "zh" else CHINESE
    left = {}
    for path in DATASETTE:
        answer = get(path, headers={**(ZH if language == "zh" else EN), "Accept": "text/html"})
        if not answer.headers["content-type"].startswith("text/html"):
            texts = [answer.text]
        else:
            page = html.fromstring(answer.text)
            for each in page.xpath(
                "//script|//style|//code|//pre|//textarea|//td|//select|//footer"
                "|//a[@class='language' or @class='brand']|//div[@class='facet-info']//li"
            ):
                each.drop_tree()
            texts = page.xpath("//body//text()|//@title|//@aria-label|//@placeholder")
        if found := [each.strip() for each in texts if other.search(TERMS.sub("", each.strip()))]:
            left[path] = found
    assert left == {}


def test_programs_are_answered_in_english(get: Get) -> None:
    assert (
        get("/-/package/none", headers={"Accept": "*/*"}).text == "The package has no such file.\n"
    )
    assert get("/budget/no-such.json", headers=ZH).json()["error"].startswith("Table not found")


@pytest.mark.parametrize(
    "table", ["budgets", "figures", "spending", "revenue", "facts", "findings"]
)
def test_phases_and_other_small_lists_are_named_in_the_language(get: Get, table: str) -> None:
    """In cells and in facets; what a document prints stays as printed."""
    for lang, phase, other in (("en", "Approved", "年初预算"), ("zh", "年初预算", "Approved")):
        page = html.fromstring(get(f"/budget/{table}?lang={lang}").text)
        shown = " ".join(
            page.xpath(
                "//td[contains(@class, 'col-phase')]//text() | //div[contains(@class, 'facet-info')]//a/text()"
            )
        )
        assert phase in shown, (table, lang)
        assert other not in shown, (table, lang)


OURS = "phase phase_name fund_source_name table_title item item_name direction_name message_en statement_en"


@pytest.mark.parametrize(
    "question",
    ["three-public", "findings-by-severity", "evidence-of-findings", "top-projects", "revenue-by-source", "trace"],
)  # fmt: skip
def test_results_of_questions_have_names_of_ours_in_the_language(get: Get, question: str) -> None:
    """And of two columns that say the same in both languages the one; files have both."""
    shown = {}
    for lang in ("zh", "en"):
        page = html.fromstring(get(f"/budget/{question}?lang={lang}").text)
        names = page.xpath("//th/@data-column")
        assert not [n for n in names if n.endswith("_zh" if lang == "en" else "_en")], (lang, names)
        shown[lang] = {
            name: {each.text_content().strip() for each in page.xpath(f"//td[contains(@class, 'col-{name} ')]")}
            for name in names
        }  # fmt: skip
        assert page.xpath("//tbody/tr")
    named = shown["en"].keys() & set(OURS.split()) - {"message_en", "statement_en"}
    for name in named:
        assert not CHINESE.search(" ".join(shown["en"][name])), name
        assert CHINESE.search(" ".join(shown["zh"][name])), name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_vocabulary_is_in_one_language(get: Get, lang: str) -> None:
    page = html.fromstring(get(f"/-/vocabulary?lang={lang}").text)
    for each in page.xpath("//code"):
        each.drop_tree()
    titles = [each.text_content() for each in page.xpath("//h2 | //dl[@class='terms']//dt")]
    chinese = [text for text in titles if CHINESE.search(text)]
    if lang == "en":
        assert titles and chinese == []
    else:
        assert len(titles) - len(chinese) <= 2  # DOI and the like
    assert bool(CHINESE.search(page.xpath("//dd/p")[0].text_content())) == (lang == "zh")

"""The page of the endpoint: examples that agree with SQL, the editor, results as table and chart."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

import pytest

from yusuan import Package
from yusuan.schema import data_path
from yusuan.serve.sparql_page import Example, examples

BASE = "http://127.0.0.1:8001/"
EXAMPLES = examples(BASE)
IN_SQL = [example for example in EXAMPLES if example.sql]
STATIC = data_path("publish", "datasette", "static")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.id)
def test_every_example_runs_and_finds_something(get, package: Package, example: Example):
    assert package.base == BASE
    answer = get("/-/sparql", params={"query": example.query, "format": "json"})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body if isinstance(body, list) else body["results"]["bindings"]


def comparable(value: Any) -> Any:
    """A number whatever its spelling; an IRI by its last step, which is the key of its row."""
    text = str(value)
    try:
        return Decimal(text)
    except InvalidOperation:
        return text.rpartition("/")[2] if text.startswith(BASE) else text


@pytest.mark.parametrize("example", IN_SQL, ids=lambda example: example.id)
def test_the_same_in_sql_gives_the_same_numbers(get, example: Example):
    answer = get("/-/sparql", params={"query": example.query, "format": "json"}).json()
    in_sparql = [
        {name: comparable(row[name]["value"]) for name in row}
        for row in answer["results"]["bindings"]
    ]
    found = get("/budget.json", params={"sql": example.sql, "_shape": "objects"}).json()
    assert found["columns"] == answer["head"]["vars"]
    in_sql = [
        {name: comparable(value) for name, value in row.items() if value is not None}
        for row in found["rows"]
    ]
    assert Counter(tuple(sorted(row.items(), key=str)) for row in in_sparql) == Counter(
        tuple(sorted(row.items(), key=str)) for row in in_sql
    )
    assert any(isinstance(value, Decimal) for row in in_sql for value in row.values()) or (
        example.id == "findings"
    )


@pytest.mark.parametrize("example", IN_SQL, ids=lambda example: example.id)
def test_what_the_sql_page_links_to_is_there(get, example: Example):
    """A column named like a key is shown as links; names must not be taken for keys."""
    shown = get("/budget", params={"sql": example.sql}).text.partition("<tbody")[2]
    links = sorted(set(re.findall(r'href="(/(?:id|def)/[^"]+)"', shown)))
    assert "<td" in shown
    for link in links[:3] + links[-3:]:
        assert get(link).status_code == 200, link


def test_most_examples_are_also_there_in_sql_and_linked():
    assert len(EXAMPLES) >= 12 and len(IN_SQL) >= 10
    assert len({example.id for example in EXAMPLES}) == len(EXAMPLES)


def test_the_page_works_without_scripts(get):
    html = get("/-/sparql").text
    links = re.findall(r'class="example" href="([^"]+)"', html)
    assert len(links) == len(EXAMPLES)
    shown = get(links[1].replace("&amp;", "&")).text
    assert "ys:isTotal false" in re.findall(r"<textarea[^>]*>(.*?)</textarea>", shown, re.S)[0]
    (formats,) = re.findall(r"<noscript>(.*?)</noscript>", shown, re.S)
    assert "<option>csv</option>" in formats
    # What the form then sends.
    answer = get("/-/sparql", params={"query": EXAMPLES[1].query, "format": "csv"})
    assert answer.text.startswith("code,name,amount_yuan\r\n")


def test_the_page_allows_scripts_of_this_site_only(get):
    answer = get("/-/sparql")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy
    for address in re.findall(r'(?:src|href)="([^"]+)"', answer.text.partition("<main")[0]):
        assert urlsplit(address).netloc == ""
        assert get(address).status_code == 200, address
    assert not re.findall(r"<script(?![^>]*(?: src=|application/json))", answer.text)


def test_the_editor_is_as_it_was_published_with_its_licence():
    folder = STATIC / "yasqe"
    sums = dict(re.findall(r"\| ([\w.]+) \| ([0-9a-f]{64}) \|", (folder / "README.md").read_text()))
    assert set(sums) == {"yasqe.min.js", "yasqe.min.css", "LICENSE.txt"}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert "MIT License" in (folder / "LICENSE.txt").read_text()


@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
def test_queries_are_edited_run_and_drawn(chromium, server, width):
    page = chromium.new_page(viewport={"width": width, "height": 844}, locale="zh-CN")
    problems: list[str] = []
    page.on("console", lambda told: told.type == "error" and problems.append(told.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "request",
        lambda asked: asked.url.startswith((server.url, "data:")) or problems.append(asked.url),
    )
    page.goto(f"{server.url}/-/sparql")
    assert page.locator("#editor .CodeMirror").is_visible()
    assert not page.locator("#query").is_visible()

    def write(text: str) -> None:
        page.evaluate(
            "text => document.querySelector('.CodeMirror').CodeMirror.setValue(text)", text
        )

    page.get_by_role("link", name="按功能分类汇总支出").click()
    page.wait_for_selector("#result tbody tr")
    assert page.locator("#result tbody tr").count() == 7
    assert "11,980,000" in page.locator("#result tbody").inner_text()
    assert "query=" in page.url
    page.click("#tabs [data-view=chart]")
    bars = page.locator("svg.chart .bar")
    bars.first.wait_for()
    assert bars.count() == 7
    assert bars.first.locator(".number").text_content() == "11,980,000"
    widths = bars.locator("rect").evaluate_all("all => all.map(r => r.width.baseVal.value)")
    assert widths == sorted(widths, reverse=True)
    assert widths[0] / widths[1] == pytest.approx(11_980_000 / 11_520_000, rel=0.01)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("#tabs [data-view=raw]")
    assert '"bindings"' in page.locator("#result pre").inner_text()
    # Bars on both sides of zero; the chosen column is drawn.
    write(
        "SELECT ?name ?x ?y { VALUES (?name ?x ?y) { ('a' -2 4) ('b' 3 1) ('c' 0 2) } } ORDER BY ?name"
    )
    page.keyboard.press("Escape")
    page.click("#sparql button[type=submit]")
    page.locator("#status", has_text="3 行").wait_for()
    page.click("#tabs [data-view=chart]")
    bars.first.wait_for()
    starts = bars.locator("rect").evaluate_all("all => all.map(r => r.x.baseVal.value)")
    assert starts[0] < starts[1] == starts[2]
    page.select_option("#result select", "y")
    assert bars.locator(".number").all_text_contents() == ["4", "1", "2"]
    # What is the same in all rows names no bar.
    page.get_by_role("link", name="各部门的基本支出与项目支出").click()
    page.locator("#status", has_text="2 行").wait_for()
    page.click("#tabs [data-view=chart]")
    page.locator("svg.chart .bar", has_text="12,940,000").wait_for()
    assert bars.locator("text:not(.number)").all_text_contents() == ["基本支出", "项目支出"]
    # A graph has no table; a shared address runs its query.
    page.get_by_role("link", name="一个部门的全部陈述").click()
    page.wait_for_selector("#result pre")
    assert page.locator("#downloads a:visible").all_inner_texts() == [
        "Turtle",
        "JSON-LD",
        "N-Triples",
    ]
    page.reload()
    page.wait_for_selector("#result pre")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert problems == []

    write("SELECT ?x {\n  ?x nonsense }")
    page.click("#sparql button[type=submit]")
    page.wait_for_selector("#error:not([hidden])")
    assert "not valid SPARQL" in page.locator("#error").inner_text()
    assert "400" in " ".join(problems)  # the browser itself notes the status
    page.close()


def test_the_editor_completes_from_the_vocabulary(chromium, server):
    page = chromium.new_page(locale="zh-CN")
    outside: list[str] = []
    page.on("request", lambda asked: asked.url.startswith(server.url) or outside.append(asked.url))
    page.goto(f"{server.url}/-/sparql")
    page.wait_for_selector("#editor .CodeMirror")
    page.evaluate(
        "() => { const cm = document.querySelector('.CodeMirror').CodeMirror; cm.setValue('');"
        " cm.focus(); }"
    )
    page.keyboard.type("PREFIX ys: <https://w3id.org/yusuan/def#>\nSELECT * { ?s ys:amou")
    page.keyboard.press("Control+Space")
    hints = page.locator(".CodeMirror-hints li")
    hints.first.wait_for()
    assert "ys:amount" in " ".join(hints.all_inner_texts())
    assert [url for url in outside if not url.startswith("data:")] == []
    page.close()


def test_without_the_editor_the_text_box_does(chromium, server):
    page = chromium.new_page(locale="zh-CN")
    page.route("**/yasqe.min.js", lambda route: route.abort())
    page.goto(f"{server.url}/-/sparql")
    page.fill("#query", "SELECT (1 AS ?one) {}")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#result tbody tr")
    assert page.locator("#result td").inner_text() == "1"
    page.close()


def test_without_scripts_a_result_is_had_by_its_format(chromium, server):
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{server.url}/-/sparql")
    page.fill("#query", "SELECT (1 AS ?one) {}")
    page.select_option("select[name=format]", "json")
    page.click("#sparql button[type=submit]")
    assert '"one"' in page.content()
    context.close()

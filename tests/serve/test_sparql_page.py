"""The page of the endpoint: examples that agree with SQL, the editor, results as table and chart."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.representative import FULL
from yusuan import Package
from yusuan.schema import data_path
from yusuan.serve.questions import questions
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
    found = body if isinstance(body, list) else body["results"]["bindings"]
    # One document cannot answer what is asked of several.
    assert found or (example.question and example.question.needs)


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
    numbers = [value for row in in_sql for value in row.values() if isinstance(value, Decimal)]
    assert numbers or not in_sql or example.id == "findings"


@pytest.mark.parametrize("example", IN_SQL, ids=lambda example: example.id)
def test_what_the_sql_page_links_to_is_there(get, example: Example):
    """A column named like a key is shown as links; names must not be taken for keys."""
    shown = get("/budget", params={"sql": example.sql}).text.partition("<tbody")[2]
    links = sorted(set(re.findall(r'href="(/(?:id|def)/[^"]+)"', shown)))
    assert "<td" in shown or (example.question and example.question.needs)
    for link in links[:3] + links[-3:]:
        assert get(link).status_code == 200, link


def test_most_examples_are_also_there_in_sql_and_linked():
    assert len(EXAMPLES) >= 12 and len(IN_SQL) >= 10
    assert len({example.id for example in EXAMPLES}) == len(EXAMPLES)
    assert sum(example.question is not None for example in EXAMPLES) == 10


def test_a_question_links_to_its_canned_query_and_back(get):
    html = get("/-/sparql").text
    for question in questions():
        assert f'href="/budget/{question.name}"' in html
    page = get("/budget/question-basic-share").text
    back = unescape(re.findall(r'href="(/-/sparql\?query=[^"]+)"', page)[0])
    shown = re.findall(r"<textarea[^>]*>(.*?)</textarea>", get(back).text, re.S)[0]
    assert "ys:partOfBudget" in unescape(shown)
    assert re.search(r'title="12940000.00">12,940,000.00<', page)
    assert "/id/department/%E6" not in page and ">新疆" in page  # a name, not a key


def test_the_page_works_without_scripts(get):
    html = get("/-/sparql").text
    links = re.findall(r'class="example" href="([^"]+)"', html)
    assert len(links) == len(EXAMPLES)
    shown = get(links[1].replace("&amp;", "&")).text
    assert "ys:isTotal false" in re.findall(r"<textarea[^>]*>(.*?)</textarea>", shown, re.S)[0]
    assert "<option>csv</option>" in shown.partition('<form id="sparql"')[2].partition("</form>")[0]
    # What the form then sends.
    answer = get("/-/sparql", params={"query": EXAMPLES[1].query, "format": "csv"})
    assert answer.text.startswith("code,name,amount_yuan\r\n")


def test_the_page_allows_scripts_of_this_site_only(get):
    answer = get("/-/sparql")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'self'(?: 'sha256-[\w+/=]+')*;", policy)  # or of a known text
    for address in re.findall(r'(?:src|href)="([^"]+)"', answer.text.partition("<main")[0]):
        assert urlsplit(address).netloc == ""
        assert get(address).status_code == 200, address
    assert not re.findall(r"<script(?![^>]*(?: src=|application/json))", answer.text)


def test_yasgui_is_as_it_was_published_with_its_licences():
    folder = STATIC / "yasgui"
    sums = dict(
        re.findall(r"\| ([\w.-]+) \| ([0-9a-f]{64}) \|", (folder / "README.md").read_text())
    )
    assert set(sums) == {"yasgui.min.js", "yasgui.min.css", "LICENSE.txt", "THIRD-PARTY.txt"}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert "MIT License" in (folder / "LICENSE.txt").read_text()


class Desk:
    """The page in a browser, with what went wrong and what was asked of other sites."""

    def __init__(self, chromium: Any, server: Any, width: int = 1280) -> None:
        self.page = chromium.new_page(viewport={"width": width, "height": 844}, locale="zh-CN")
        self.problems: list[str] = []
        told = self.problems.append
        self.page.on("console", lambda line: line.type == "error" and told(line.text))
        self.page.on("pageerror", lambda error: told(str(error)))
        allowed = (server.url, "data:")
        self.page.on("request", lambda asked: asked.url.startswith(allowed) or told(asked.url))
        self.page.goto(f"{server.url}/-/sparql")
        self.page.wait_for_selector("#workbench .CodeMirror")
        self.tab = self.page.locator(".tabPanel.active")
        self.results = self.tab.locator(".yasr_results")

    def example(self, title: str) -> None:
        self.page.get_by_role("link", name=title).click()

    def write(self, text: str) -> None:
        self.tab.locator(".CodeMirror").evaluate(
            "(editor, text) => editor.CodeMirror.setValue(text)", text
        )

    def run(self) -> None:
        self.tab.locator(".yasqe_queryButton").click()

    def see(self, view: str) -> None:
        self.tab.locator(f".select_{view}").click()

    def expect(self, said: str) -> None:
        """Wait for the line that tells how many rows came back."""
        self.tab.locator(".yasr_response_chip", has_text=said).wait_for()

    @property
    def tabs(self) -> list[str]:
        return [
            name.strip() for name in self.page.locator(".tab [role=tab] > span").all_inner_texts()
        ]


WIDTHS = {"desktop": 1280, "phone": 390}
on_both = pytest.mark.parametrize("desk", WIDTHS, indirect=True)
on_desktop = on_both if FULL else pytest.mark.parametrize("desk", ["desktop"], indirect=True)
on_phone = on_both if FULL else pytest.mark.parametrize("desk", ["phone"], indirect=True)


@pytest.fixture
def desk(chromium, server, request):
    width = WIDTHS[request.param]
    desk = Desk(chromium, server, width)
    yield desk
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
    desk.page.close()


@on_both
def test_an_example_opens_in_a_tab_as_table_chart_and_raw(desk):
    desk.example("按功能分类汇总支出")
    desk.expect("7 行")
    rows = desk.results.locator("tbody tr")
    assert rows.count() == 7
    assert rows.first.locator("td").all_inner_texts()[-1] == "11,980,000"
    assert desk.tabs == ["“三公”经费各项", "按功能分类汇总支出"]
    assert "query=" in desk.page.url
    desk.see("chart")
    bars = desk.results.locator("svg.chart .bar")
    bars.first.wait_for()
    assert bars.count() == 7
    assert bars.first.locator(".number").text_content() == "11,980,000"
    widths = bars.locator("rect").evaluate_all("all => all.map(r => r.width.baseVal.value)")
    assert widths == sorted(widths, reverse=True)
    assert widths[0] / widths[1] == pytest.approx(11_980_000 / 11_520_000, rel=0.01)
    desk.see("response")
    assert '"bindings"' in desk.results.locator(".CodeMirror").inner_text()
    links = desk.tab.locator("#downloads a:visible")
    assert links.all_inner_texts() == ["JSON", "CSV", "TSV", "XML", "如何得出"]
    assert "format=csv" in links.nth(1).get_attribute("href")
    told = desk.page.request.get(links.last.get_attribute("href")).text()
    assert told.startswith("-- rows\nselect ")
    # The same example again is the same tab, with the examples still at hand.
    desk.example("按功能分类汇总支出")
    assert len(desk.tabs) == 2 and desk.page.locator("#examples a.sql").first.is_visible()
    assert desk.problems == []


@on_phone
def test_a_chart_has_bars_on_both_sides_of_zero_and_names_that_tell(desk):
    desk.write(
        "SELECT ?name ?x ?y { VALUES (?name ?x ?y) { ('a' -2 4) ('b' 3 1) ('c' 0 2) } } ORDER BY ?name"
    )
    desk.run()
    desk.expect("3 行")
    desk.see("chart")
    bars = desk.results.locator("svg.chart .bar")
    bars.first.wait_for()
    starts = bars.locator("rect").evaluate_all("all => all.map(r => r.x.baseVal.value)")
    assert starts[0] < starts[1] == starts[2]
    desk.results.locator("select").select_option("y")
    assert bars.locator(".number").all_text_contents() == ["4", "1", "2"]
    desk.example("各部门的基本支出与项目支出")
    desk.expect("2 行")
    assert desk.results.locator("tbody td").nth(1).inner_text() == "2022"  # a year, not 2,022
    desk.see("chart")
    desk.results.locator("svg.chart .bar", has_text="12,940,000").wait_for()
    bars = desk.results.locator("svg.chart .bar")
    assert bars.locator("text:not(.number)").all_text_contents() == ["基本支出", "项目支出"]
    assert desk.problems == []


@on_desktop
def test_a_shared_address_runs_its_query_and_tabs_stay(desk, server):
    desk.example("一个部门的全部陈述")
    desk.expect("行")
    links = desk.tab.locator("#downloads a:visible")
    assert links.all_inner_texts() == ["Turtle", "JSON-LD", "N-Triples", "如何得出"]
    assert desk.results.locator("tbody a").first.get_attribute("href").startswith("/id/department/")
    asked = desk.page.url
    desk.tab.locator(".yasqe_share").click()
    assert desk.page.input_value(".yasqe_sharePopup input") == asked
    desk.page.reload()
    desk.expect("行")
    assert len(desk.tabs) == 2
    # Another visit finds the tabs, not yesterday's answers.
    desk.page.goto(f"{server.url}/-/sparql")
    desk.page.wait_for_selector("#workbench .CodeMirror")
    assert len(desk.tabs) == 2 and desk.results.inner_text() == ""
    assert "CONSTRUCT" in desk.tab.locator(".CodeMirror-code").inner_text()
    # a query whose prefixes the endpoint knows is no mistake in the editor either
    desk.page.goto(f"{server.url}/-/sparql?query=SELECT+*+{{+?budget+a+ys:Budget+}}")
    desk.expect("1 行")
    text = desk.tab.locator(".CodeMirror").evaluate("it => it.CodeMirror.getValue()")
    assert text.startswith("PREFIX ys: <") and text.count("PREFIX") == 1
    assert not desk.tab.locator(".parseErrorIcon").count()
    assert desk.problems == []


@on_phone
def test_a_question_without_an_answer_says_what_it_needs(desk):
    desk.example("同一部门的同一科目")
    desk.expect("0 行")
    needs = desk.tab.locator("#needs")
    assert "至少两个年度" in needs.inner_text()
    desk.example("按功能分类汇总支出")
    desk.expect("7 行")
    assert not desk.page.locator("#needs").is_visible()
    assert desk.problems == []


@on_desktop
def test_what_is_wrong_with_a_query_is_shown_where_it_is(desk):
    desk.write("SELECT ?x {\n  ?x nonsense }")
    desk.tab.locator(".CodeMirror-code").click()
    desk.page.keyboard.press("Control+Enter")
    error = desk.results.get_by_role("alert")
    error.wait_for()
    assert "not valid SPARQL 1.1: error at 2:" in error.inner_text()
    cursor = desk.tab.locator(".CodeMirror").evaluate("it => it.CodeMirror.getCursor().line")
    assert cursor == 1 and not desk.page.locator("#downloads").is_visible()
    assert all("400" in told for told in desk.problems)  # the browser itself notes the status


@on_phone
def test_a_keyboard_is_not_caught_in_the_editor(desk):
    desk.tab.locator(".CodeMirror-code").click()
    before = desk.tab.locator(".CodeMirror-code").inner_text()
    desk.page.keyboard.press("Tab")  # to what scrolls, for arrow keys
    desk.page.keyboard.press("Tab")
    assert not desk.page.evaluate(
        "Boolean(document.activeElement.closest('.CodeMirror-scroll, .CodeMirror textarea'))"
    )
    assert desk.tab.locator(".CodeMirror-code").inner_text() == before


@on_desktop
def test_a_server_that_is_gone_is_said_to_be(desk):
    desk.page.route("**/-/sparql", lambda route: route.abort())
    desk.run()
    desk.results.get_by_role("alert").wait_for()
    assert "服务器没有回答" in desk.results.inner_text()


def test_the_editor_completes_from_the_vocabulary(chromium, server):
    desk = Desk(chromium, server)
    desk.write("")
    desk.tab.locator(".CodeMirror").click()
    desk.page.keyboard.type("PREFIX ys: <https://w3id.org/yusuan/def#>\nSELECT * { ?s ys:amou")
    desk.page.keyboard.press("Control+Space")
    hints = desk.page.locator(".CodeMirror-hints li")
    hints.first.wait_for()
    assert "ys:amount" in " ".join(hints.all_inner_texts())
    assert desk.problems == []
    desk.page.close()


@pytest.mark.parametrize("scripts", ["off", "without YASGUI"])
def test_without_scripts_a_result_is_had_by_its_format(chromium, server, scripts):
    context = chromium.new_context(java_script_enabled=scripts != "off", locale="zh-CN")
    page = context.new_page()
    page.route("**/yasgui.min.js", lambda route: route.abort())
    page.goto(f"{server.url}/-/sparql")
    page.fill("#query", "SELECT (1 AS ?one) {}")
    page.select_option("select[name=format]", "json")
    page.click("#sparql button[type=submit]")
    assert '"one"' in page.content()
    context.close()

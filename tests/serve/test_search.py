"""Searching a package: what is found is what stands there, and nothing found is said to be nothing."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.serve.conftest import Get
from yusuan import Package
from yusuan.database.search import LONGEST_QUERY, SEARCH, search, search_groups


@pytest.fixture(scope="module")
def connection(package: Package) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(package.folder / "budget.db", check_same_thread=False)) as opened:
        opened.execute("ATTACH ? AS search", [str(package.folder / SEARCH)])
        yield opened


def test_any_piece_of_a_label_finds_the_rows_that_grep_finds(
    connection: sqlite3.Connection,
) -> None:
    rows = connection.execute("select distinct row, row_label from facts").fetchall()

    @given(st.sampled_from(sorted({label for _, label in rows if label})), st.data())
    def holds(label: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(label) - 1))
        word = label[start : data.draw(st.integers(start + 1, len(label)))]
        assume(not word.isascii() and not any(map(str.isspace, word)))
        there = {row for row, text in rows if text and folded(word) in folded(text)}
        assert search(connection, word, only="facts")[0].count == len(there)

    holds()


def folded(text: str) -> str:
    """Full-width forms and blanks make no difference."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@pytest.mark.parametrize(
    ("query", "only", "label"),
    [
        ("30101", "facts", "基本工资"),
        ("3010", "facts", None),
        ("基本 工资", "facts", "基本工资"),
        ("ＤＺＢＧＳ", "departments", "新疆库尔勒经济技术开发区党政办公室"),
        ("dzbgs", "departments", "新疆库尔勒经济技术开发区党政办公室"),
        ("党政", "departments", "新疆库尔勒经济技术开发区党政办公室"),
    ],
)
def test_codes_by_their_beginning_names_by_initials(
    connection: sqlite3.Connection, query: str, only: str, label: str | None
) -> None:
    found = search(connection, query, only=only)[0]
    assert found.count
    assert label is None or found.hits[0].label == label


@pytest.mark.parametrize("query", ["没有这样的词", "政党", "*支出", "基本 没有", "NEAR(工资)"])
def test_nothing_is_found_where_nothing_stands(get: Get, query: str) -> None:
    found = get("/search.json", params={"q": query}).json()
    assert [each["count"] for each in found["groups"]] == [0] * len(search_groups())
    page = get("/search", params={"q": query})
    assert page.status_code == 200 and "没有找到" in page.text and "<table" not in page.text


def test_a_hit_says_whose_it_is_and_leads_to_its_fact(get: Get) -> None:
    page = get("/search", params={"q": "基本工资"}).text
    for shown in ("新疆库尔勒经济技术开发区党政办公室", "2022", "年初预算", "2,300,000.00"):
        assert shown in page
    hits = get("/search.json", params={"q": "基本工资", "in": "facts"}).json()["groups"][0]["hits"]
    assert get(hits[0]["path"]).status_code == 200


def test_a_group_has_pages(get: Get, connection: sqlite3.Connection) -> None:
    count = search(connection, "支出", only="facts")[0].count
    keys: list[str] = []
    for page in range(1, count // 50 + 2):
        found = get("/search.json", params={"q": "支出", "in": "facts", "page": page}).json()
        keys += [hit["key"] for hit in found["groups"][0]["hits"]]
    assert len(keys) == len(set(keys)) == count


def test_the_pages_of_tables_search_too(get: Get, connection: sqlite3.Connection) -> None:
    rows = get("/budget/facts.json?_search=工资&_shape=array&_size=max").json()
    expected = connection.execute("select count(*) from facts where row_label like '%工资%'")
    assert len(rows) == expected.fetchone()[0] > 0
    assert all("工资" in row["row_label"] for row in rows)
    assert get("/budget/facts.json?_search=没有这样的词&_shape=array").json() == []
    assert get("/budget/documents.json?_search=工资").status_code == 400
    assert "含“工资”" in get("/budget/facts?_search=工资").text


@pytest.mark.parametrize(
    "values",
    [
        {"q": "字" * (LONGEST_QUERY + 1)}, {"q": "工资", "in": "nothing"}, {"q": "工资", "page": "0"},
        {"q": "工资", "page": "x"}, {"q": "工资", "page": "99999999999"},
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_request_is_said(get: Get, values: dict[str, str]) -> None:
    page = get("/search", params=values)
    assert page.status_code == 400 and "message-error" in page.text
    assert get("/search.json", params=values).json()["error"]


def test_an_empty_search_explains_itself(get: Get) -> None:
    page = get("/search")
    assert page.status_code == 200 and "拼音首字母" in page.text

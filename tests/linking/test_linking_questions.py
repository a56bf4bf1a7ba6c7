"""Ten questions, each in SPARQL and in SQL: the same rows, and those that the page shows."""

from __future__ import annotations

import pytest

import yusuan
from tests.conftest import ROOT
from tests.linking.documents import publish, with_units
from tests.linking.questions import (
    QUERIES,
    in_sparql,
    in_sql,
    page,
)
from yusuan.serve.metadata import canned_queries
from yusuan.serve.questions import Question, questions
from yusuan.serve.sparql_page import examples

DOCUMENT = ROOT / "docs" / "questions.md"


@pytest.fixture
def linked(corpus_linked: yusuan.Package) -> yusuan.Package:
    return corpus_linked


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.id)
def test_sparql_and_sql_give_the_same_answer(question: Question, linked: yusuan.Package) -> None:
    answer = in_sql(linked, question.sql)
    assert answer.rows
    assert in_sparql(linked, question.sparql) == answer


def test_the_page_shows_the_answers(linked: yusuan.Package) -> None:
    """`python -m tests.linking.questions CORPUS > docs/questions.md` writes it anew."""
    assert DOCUMENT.read_text("utf-8") == page(linked)


def test_the_page_shows_every_query_as_it_is() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert len(questions()) == 10
    for question in questions():
        assert f"```sparql\n{question.sparql}```" in text
        assert f"```sql\n{question.sql}```" in text
    named = {question.id for question in questions()}
    assert {path.stem for path in QUERIES.glob("*.*")} - {"questions"} == named


def test_the_site_asks_the_same_questions_by_the_same_texts() -> None:
    canned = canned_queries()
    shown = {each.question.id: each for each in examples("https://example.org/") if each.question}
    assert [*shown] == [question.id for question in questions()]
    for question in questions():
        assert canned[question.name]["sql"] == question.sql.strip()
        assert shown[question.id].query == question.sparql


@pytest.fixture(scope="module")
def department_and_unit(tmp_path_factory: pytest.TempPathFactory) -> yusuan.Package:
    """A department's document that lists a unit, the unit's own, and a department's own-level one."""
    sources = tmp_path_factory.mktemp("units") / "sources"
    units = {"浙江省水利厅": 750, "浙江省水文中心": 250}
    with_units(sources, "浙江省水利厅2024年部门预算公开", units)
    told = "一般公共预算当年拨款{}万元，比上年执行数增加10万元。"
    for name, amount in units.items():
        publish(sources, f"{name}2024年单位预算公开", amount, narrative=told.format(amount))
    return yusuan.build(sources, sources.parent / "out")


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.id)
def test_what_is_part_of_a_department_is_not_counted_twice(
    question: Question, department_and_unit: yusuan.Package
) -> None:
    package = department_and_unit
    parts = [row["subject"] for row in package.rows("links") if row["kind"] == "part-of"]
    assert len(parts) == 2
    answer = in_sql(package, question.sql)
    assert in_sparql(package, question.sparql) == answer
    assert "浙江省水文中心" not in {row[0] for row in answer.rows}
    if question.id == "provinces":
        assert answer.rows == [("浙江省", 2024, "approved", 1, 1_000 * 10_000)]
    if question.id == "basic-share":
        assert [row[0] for row in answer.rows] == ["浙江省水利厅"]
    if question.id == "stated-change":
        stated = [row for row in package.rows("claims") if row["measure"] == "change"]
        assert len(stated) == 2 and answer.rows == []  # by the units only

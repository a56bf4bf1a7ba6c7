"""Ten questions, each in SPARQL and in SQL: the same rows, and those that the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

import yusuan
from tests.conftest import ROOT
from tests.linking.documents import publish, with_units
from tests.linking.questions import (
    QUERIES,
    Question,
    in_sparql,
    in_sql,
    linked_corpus,
    page,
    questions,
)

DOCUMENT = ROOT / "docs" / "questions.md"


@pytest.fixture(scope="module")
def linked(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> yusuan.Package:
    return linked_corpus(corpus, tmp_path_factory.mktemp("linked"))


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


@pytest.mark.parametrize("name", ["basic-share", "provinces", "cofog"])
def test_what_is_part_of_a_department_is_not_counted_twice(name: str, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    with_units(sources, "浙江省水利厅2024年部门预算公开", {"浙江省水文中心": 250})
    publish(sources, "浙江省水文中心2024年单位预算公开", 250)
    package = yusuan.build(sources, tmp_path / "out")
    [question] = [question for question in questions() if question.id == name]
    answer = in_sql(package, question.sql)
    assert in_sparql(package, question.sparql) == answer
    if name == "provinces":
        [row] = answer.rows
        assert row[0] == "浙江省"
        assert row[-1] == 250_000_000  # fen
    assert "浙江省水文中心" not in {row[0] for row in answer.rows}

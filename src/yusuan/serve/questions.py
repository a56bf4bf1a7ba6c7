"""The questions across departments: files of ``publish/queries``, as canned queries and examples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from yusuan.schema import data_path, read_yaml

__all__ = ["Question", "question_of", "questions"]

_PREFIX = "question-"


@dataclass(frozen=True, slots=True)
class Question:
    """``needs`` says what a package must hold for there to be an answer; may be empty."""

    id: str
    title: str
    title_en: str
    note: str
    note_en: str
    needs: str
    needs_en: str

    @property
    def name(self) -> str:
        """What its canned query is called in addresses."""
        return _PREFIX + self.id

    @property
    def sparql(self) -> str:
        return data_path("publish", "queries", f"{self.id}.rq").read_text("utf-8")

    @property
    def sql(self) -> str:
        """The same question, with columns named like the variables."""
        return data_path("publish", "queries", f"{self.id}.sql").read_text("utf-8")


@cache
def questions() -> tuple[Question, ...]:
    """All of them, in their order."""
    listed = read_yaml(data_path("publish", "queries", "questions.yaml"))["questions"]
    return tuple(
        Question(
            q["id"], q["title"], q["title@en"], q["note"], q["note@en"],
            q.get("needs", ""), q.get("needs@en", ""),
        )
        for q in listed
    )  # fmt: skip


def question_of(name: str) -> Question | None:
    """The question that a canned query asks.

    >>> question_of("question-cofog").id, question_of("top-projects")
    ('cofog', None)
    """
    return next((each for each in questions() if each.name == name), None)

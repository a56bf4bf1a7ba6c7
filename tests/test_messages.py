"""The messages: both languages say the same of the same values, and all are used."""

import re

import pytest

from tests.conftest import ROOT
from yusuan.files.data import data_path, read_yaml
from yusuan.schema.messages import joined, message

MESSAGES: dict[str, dict[str, str]] = read_yaml(data_path("schemas", "messages.yaml"))
OWN_NAMES = {"title", "name"}
"""A standard table is called by its title in Chinese, by its name in English."""
ENGLISH = {"problem"}
"""Why a number format is not understood is told in English only."""

ON_ONE_LINE = ("invalid", "formulas", "ckan-", "package-", "graph-")
"""Said in both languages on one line, with the values once, behind the English."""
COUNTED = {"scope-", "numbers-there", "cells-together", "division-below", "figure-of-table"}
"""English has the count with its noun, tells codes without their names, or a printed title with the
name of its table."""


@pytest.mark.parametrize("name", MESSAGES)
def test_both_languages_tell_the_same_values(name: str) -> None:
    texts = MESSAGES[name]
    zh, en = (set(re.findall(r"\{(\w+)\}", texts[each])) for each in ("zh", "en"))
    assert set(texts) == {"zh", "en"}
    if name.startswith((*ON_ONE_LINE, *COUNTED)):
        return
    assert zh - OWN_NAMES == en - OWN_NAMES - ENGLISH
    assert bool(zh & OWN_NAMES) == bool(en & OWN_NAMES)


@pytest.fixture(scope="module")
def code() -> str:
    """All our modules, one below the other."""
    return "\n".join(path.read_text("utf-8") for path in (ROOT / "src" / "yusuan").rglob("*.py"))


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_is_said_somewhere(name: str, code: str) -> None:
    parts = name.split("-")
    starts = ["-".join(parts[:count]) for count in range(1, len(parts))]
    said = [f'"{name}"', f"'{name}'", *(f'f"{start}-{{' for start in starts)]
    said += [f"f'{start}-{{" for start in starts]
    assert any(each in code for each in said)


def test_a_value_may_be_in_both_languages() -> None:
    assert message("if-that-table", advice=("请加", "add it")) == (
        "如确是该表，请加", "if it is that table, add it",
    )  # fmt: skip
    assert joined(("甲", "a"), ("乙", "b")) == ("甲乙", "ab")


def test_a_missing_value_or_message_is_an_error() -> None:
    with pytest.raises(KeyError):
        message("unit-taken")
    with pytest.raises(KeyError):
        message("nothing")

"""What the documents say is what the program does."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from yusuan.cli.dictionary import dictionary
from yusuan.cli.reference import reference
from yusuan.cli.rulebook import rulebook

DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)


def test_the_command_reference_is_generated() -> None:
    """Run `make docs` after changing a command."""
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == reference()


def test_the_data_dictionary_is_generated() -> None:
    """Run `make docs` after changing a schema."""
    assert (ROOT / "docs" / "data-dictionary.md").read_text("utf-8") == dictionary()


def test_the_rules_are_generated() -> None:
    """Run `make docs` after changing a rule."""
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == rulebook()


def test_every_command_shows_an_example() -> None:
    sections = re.split(r"^## ", reference(), flags=re.MULTILINE)[2:]
    assert sections
    for section in sections:
        assert "Example:\n    yusuan " in section, section.splitlines()[0]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target

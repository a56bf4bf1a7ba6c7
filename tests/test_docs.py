"""What the documents say is what the program does."""

import csv
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pyoxigraph as ox
import pytest

from tests.conftest import ROOT
from yusuan.cli.reference import dictionary, reference
from yusuan.cli.rules import rulebook, schema_text
from yusuan.model.findings import VERDICTS
from yusuan.package import Package
from yusuan.sql import add_functions

DOCUMENTS = [
    ROOT / name for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md")
] + sorted((ROOT / "docs").rglob("*.md"))

READ_ME = {"README.md": "message_en", "README.zh-CN.md": "message_zh"}


def test_the_command_reference_is_generated() -> None:
    """Run `make docs` after changing a command."""
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == reference()
    assert (ROOT / "docs" / "cli.zh-CN.md").read_text("utf-8") == reference("zh")


def test_the_data_dictionary_is_generated() -> None:
    """Run `make docs` after changing a schema."""
    assert (ROOT / "docs" / "data-dictionary.md").read_text("utf-8") == dictionary()


def test_the_rules_are_generated() -> None:
    """Run `make docs` after changing a rule."""
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == rulebook()
    assert (ROOT / "schemas" / "rules.schema.json").read_text("utf-8") == schema_text()


def test_every_command_shows_an_example() -> None:
    sections = re.split(r"^## ", reference(), flags=re.MULTILINE)[2:]
    assert sections
    for section in sections:
        assert "Example:\n    yusuan " in section, section.splitlines()[0]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


def test_the_read_me_shows_what_the_sample_gives() -> None:
    with (ROOT / "datapackage" / "data" / "findings.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    counts = Counter(row["verdict"] for row in found)
    printed = ", ".join(f"{counts[name]} {name}" for name in VERDICTS if counts[name])
    words = {name: "".join((ROOT / name).read_text("utf-8").split()) for name in READ_ME}
    assert "".join(f"Findings: {printed}".split()) in words["README.md"]
    (wrong,) = [row for row in found if row["cell"] == "C3" and row["line"] == "307"]
    for name, column in READ_ME.items():
        sentence = wrong[column].partition("It should")[0].partition("建议")[0]
        assert "".join(sentence.split()) in words[name], sentence


def test_the_chinese_read_me_says_what_the_english_one_does() -> None:
    """Section by section: the same headings, commands, pictures, rows and links."""

    def sections(name: str) -> list[dict[str, object]]:
        text = (ROOT / name).read_text("utf-8")
        return [
            {
                "level": part.partition(" ")[0],
                "commands": [
                    re.sub(r"\s*#.*|--lang \w+", "", line).strip()
                    for block in re.findall(r"^```\w+\n(.*?)^```", part, re.MULTILINE | re.DOTALL)
                    for line in block.splitlines()
                    if re.match(r"\$|yusuan|make|pip|mkdir|echo|import|package", line)
                ],
                "pictures": re.findall(r"!\[[^]]+\]\(([^)]+)\)", part),
                "rows": part.count("\n|"),
                "points": part.count("\n- **"),
                "links": sorted(
                    target.replace(".zh-CN.md", ".md")
                    for target in re.findall(r"[^!]\[[^]]+\]\(([^)]+)\)", part)
                    if not target.startswith("README")
                ),
            }
            for part in re.split(r"^(?=#+ )", text, flags=re.MULTILINE)[1:]
        ]

    english, chinese = sections("README.md"), sections("README.zh-CN.md")
    assert len(english) == len(chinese)
    for own, other in zip(english, chinese, strict=True):
        assert own == other


def blocks(language: str) -> list[tuple[str, str]]:
    """The code blocks of a language in all documents, each with the name of its document."""
    pattern = rf"^ *```{language}\n(.*?)^ *```"
    return [
        (path.name, dedent(text))
        for path in DOCUMENTS
        for text in re.findall(pattern, path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    ]


def test_every_sparql_query_of_the_documents_runs_as_it_stands(package: Package) -> None:
    found = blocks("sparql")
    assert {"figures.md", "graph.md", "corrections.md", "questions.md"} <= {n for n, _ in found}
    store = ox.Store.read_only(str(package.store()))
    for name, query in found:
        try:
            store.query(query, use_default_graph_as_union=True)
        except (SyntaxError, ValueError) as error:
            pytest.fail(f"{name}: {error}\n{query}")


def test_every_sql_statement_of_the_documents_runs_as_it_stands(package: Package) -> None:
    found = blocks("sql")
    assert {"figures.md", "linking.md", "cofog.md", "questions.md"} <= {name for name, _ in found}
    with closing(sqlite3.connect(package.folder / "budget.db")) as database:
        add_functions(database)
        for name, text in found:
            for statement in filter(str.strip, text.split(";")):
                try:
                    database.execute(statement).fetchone()
                except sqlite3.Error as error:
                    pytest.fail(f"{name}: {error}\n{statement}")

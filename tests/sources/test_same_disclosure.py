"""The same disclosure gives the same tables and facts in whatever format it is published."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.sources.makers import MAKERS, csv_file, html_file, text_file
from yusuan.facts import compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document
from yusuan.tables import find_tables

WHERE = {"fact", "document", "department", "page", "line", "cell", "fragment", "row", "row_total",
         "column_total"}  # fmt: skip
"""What differs between two files with the same text: their hashes and the places in them."""


def facts(folder: Path, name: str, content: bytes) -> list[dict[str, Any]]:
    path = folder / name
    path.write_bytes(content)
    contents = compile_contents([understand(read_document(path))])
    return [{k: v for k, v in asdict(fact).items() if k not in WHERE} for fact in contents.facts]


@pytest.mark.smoke
@pytest.mark.parametrize("suffix", MAKERS)
def test_the_facts_are_those_of_the_text(tmp_path: Path, suffix: str) -> None:
    expected = facts(tmp_path, "text.md", text_file())
    assert len(expected) == 7
    assert facts(tmp_path, f"same.{suffix}", MAKERS[suffix]()) == expected


@pytest.mark.parametrize("suffix", MAKERS)
def test_the_tables_are_those_of_the_text(tmp_path: Path, suffix: str) -> None:
    def table(name: str, content: bytes) -> Any:
        (tmp_path / name).write_bytes(content)
        (found,), _ = find_tables(read_document(tmp_path / name))
        amounts = [
            (row.key, a.field and a.field.name, a.column_label, a.number.printed, a.cell.column)
            for row in found.rows for a in row.amounts
        ]  # fmt: skip
        return found.resource.name, found.title, found.unit, found.problems, amounts

    assert table(f"same.{suffix}", MAKERS[suffix]()) == table("text.md", text_file())


@pytest.mark.smoke
@pytest.mark.parametrize("encoding", ["gb2312", "gb18030", "utf-16"])
def test_web_pages_in_older_encodings(tmp_path: Path, encoding: str) -> None:
    expected = facts(tmp_path, "text.md", text_file())
    assert facts(tmp_path, "page.htm", html_file(encoding)) == expected


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8-sig"), ("\t", "gb18030")])
def test_other_separators(tmp_path: Path, delimiter: str, encoding: str) -> None:
    expected = facts(tmp_path, "text.md", text_file())
    assert facts(tmp_path, "values.csv", csv_file(delimiter, encoding)) == expected


@pytest.mark.parametrize(
    ("made", "named"),
    [("html", "xls"), ("xlsx", "xls"), ("xls", "xlsx"), ("xlsx", "docx"), ("docx", "doc"),
     ("csv", "xls"), ("ods", "xlsx"), ("zip", "docx"), ("xls", "et")],
)  # fmt: skip
def test_a_wrong_suffix_does_no_harm(tmp_path: Path, made: str, named: str) -> None:
    expected = facts(tmp_path, "text.md", text_file())
    assert facts(tmp_path, f"file.{named}", MAKERS[made]()) == expected

"""Separated values: which sign separates, quoted line ends, errors with their line."""

from pathlib import Path

import pytest

from yusuan.model.errors import YusuanError
from yusuan.sources import read_document


def test_commas_in_quoted_amounts_separate_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('项目;金额\n"甲\n乙";"1,234.50"\n丙;"2,000"\n', "utf-8")
    document = read_document(tmp_path / "a.csv")
    grid = next(document.grids)
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["项目", "金额"], ["甲 乙", "1,234.50"], ["丙", "2,000"],
    ]  # fmt: skip
    assert [row[0].position.line for row in grid.rows] == [1, 2, 4]
    assert (document.lines, document.media_type) == (4, "text/csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("项目,金额\n甲" + "," * 600 + "1\n", r"a\.csv, line 2: a cell in column 601"),
        ('项目,金额\n"' + "长" * 200_000, r"a\.csv, line 2: field larger than"),
    ],
)
def test_errors_name_the_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.csv").write_text(text, "utf-8")
    with pytest.raises(YusuanError, match=message):
        read_document(tmp_path / "a.csv")

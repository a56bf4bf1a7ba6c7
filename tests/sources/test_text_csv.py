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


def test_commas_of_thousands_without_quotation_marks_leave_no_number_certain(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_text(
        "编码,名称,合计,项目\n213,农林水支出,1,000,400\n21303,水利,300,\n", "utf-8"
    )
    grid = next(read_document(tmp_path / "a.csv").grids)
    assert [[cell.doubt is not None for cell in row] for row in grid.rows[1:]] == [
        [False, False, True, True, True], [False] * 5,
    ]  # fmt: skip


def test_fields_of_three_digits_side_by_side_are_numbers_where_headings_have_as_many(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.csv").write_text(
        "编码,名称,合计,项目\n213,农林水支出,900,400\n21303,水利,30,300\n", "utf-8"
    )
    grid = next(read_document(tmp_path / "a.csv").grids)
    assert not any(cell.doubt for row in grid.rows for cell in row)


@pytest.mark.parametrize("sign", [",", ";"])
@pytest.mark.parametrize("blanks", [" ", "   "])
def test_blanks_before_quoted_fields(tmp_path: Path, sign: str, blanks: str) -> None:
    text = '项目, "基本, 支出", "合计"\n甲, "1,234.50", 2\n丙, "2,000", "3,000"\n'
    (tmp_path / "a.csv").write_text(text.replace(", ", sign + blanks), "utf-8")
    grid = next(read_document(tmp_path / "a.csv").grids)
    assert [cell.text for cell in grid.rows[1]] == ["甲", "1,234.50", "2"]
    assert [cell.text for cell in grid.rows[2]] == ["丙", "2,000", "3,000"]


SEPARATED = [
    "某县水利局2024年部门预算公开", "部门支出总表{0}{0}{0}", "单位：万元{0}{0}{0}",
    "科目编码{0}科目名称{0}合计{0}基本支出", '213{0}农林水支出{0}"1,350.00"{0}"1,350.00"',
    '21303{0}水利{0}"1,350.00"{0}"1,350.00"', '2130301{0}行政运行{0}"1,350.00"{0}"1,350.00"',
    '{0}合计{0}"1,350.00"{0}"1,350.00"',
]  # fmt: skip


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_separated_values_under_the_name_of_a_text_are_the_same(sign: str, tmp_path: Path) -> None:
    grids = []
    for suffix in ("csv", "txt"):
        text = "\n".join(SEPARATED).format(sign) + "\n"
        if suffix == "txt" and sign == "\t":
            text = text.replace('"', "")
        (tmp_path / f"a.{suffix}").write_text(text, "utf-8")
        grid = list(read_document(tmp_path / f"a.{suffix}").grids)[-1]
        grids.append([[cell.text for cell in row] for row in grid.rows[-4:]])
    assert grids[0] == grids[1]
    assert grids[0][-1] == ["", "合计", "1,350.00", "1,350.00"]


@pytest.mark.parametrize(
    "text",
    [
        "一是水利,二是农业,三是林业。\n2024年预算1,350.00万元,比上年增加2,000万元。\n合计1,350,000元,增长5%。\n",
        "部门职责,机构设置,人员\n甲,乙,丙\n丁,戊,己\n",
    ],
)
def test_sentences_with_commas_are_a_text(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text, "utf-8")
    assert not list(read_document(tmp_path / "a.txt").grids)


def test_amounts_aligned_by_blanks_are_not_cut_at_their_commas(tmp_path: Path) -> None:
    lines = ["科目名称", "农林水支出", "水利", "行政运行"]
    rows = [f"{lines[0]}    合计        基本支出"]
    rows += [f"{name}    1,350.00    1,350.00" for name in lines[1:]]
    (tmp_path / "a.txt").write_text("\n".join(rows) + "\n", "utf-8")
    document = read_document(tmp_path / "a.txt")
    assert "350.00" not in {
        cell.text for grid in document.grids for row in grid.rows for cell in row
    }

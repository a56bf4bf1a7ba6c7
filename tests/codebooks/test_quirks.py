"""What published lists do besides being tables; each test is one quirk."""

from __future__ import annotations

from pathlib import Path

import pytest

from yusuan.codes.codebooks import Codebook
from yusuan.codes.codebooks.read import codebook
from yusuan.model.errors import YusuanError
from yusuan.sources import read_document

FUNCTION = "expenditure-function"
HEAD = "2024年支出功能分类科目\n类\t款\t项\t科目名称\t说明\n"
START = HEAD + "201\t\t\t甲类支出\t反映甲类。\n\t01\t\t甲甲事务\t反映甲甲。\n"


def read(folder: Path, text: str, list_id: str = FUNCTION, name: str = "list.txt") -> Codebook:
    path = folder / name
    path.write_text(text, "utf-8")
    return codebook(read_document(path), list_id, 2024)


def names(book: Codebook) -> dict[str, str]:
    return {item.code: item.name for item in book.items}


def kinds(book: Codebook) -> list[str]:
    return [problem.kind for problem in book.problems]


def test_full_width_digits_dots_and_filling_zeros_are_codes(tmp_path: Path) -> None:
    book = read(
        tmp_path,
        "科目编码\t科目名称\n２０１\t甲类支出\n201.01\t甲甲事务\n201-01-01\t甲甲甲\n2020000\t乙类支出\n"
        "2020100\t乙甲事务\n",
    )
    assert list(names(book)) == ["201", "20101", "2010101", "202", "20201"]
    assert not book.problems


def test_marks_and_footnote_signs_are_no_part_of_the_name(tmp_path: Path) -> None:
    book = read(
        tmp_path,
        START + "\t\t01\t★甲甲甲①（新增）\t反映。\n\t\t02\t甲甲乙（项）*\t\n\t\t03\t甲甲丙〔2〕\t\n"
        "\t\t04\t甲甲丁（室内）\t\n",
    )
    assert list(names(book).values())[2:] == ["甲甲甲", "甲甲乙", "甲甲丙", "甲甲丁（室内）"]
    assert book.items[2].mark == "新增"
    assert not book.problems


def test_a_column_of_marks_withdraws_a_code(tmp_path: Path) -> None:
    book = read(
        tmp_path,
        "科目编码\t科目名称\t变动情况\n201\t甲类支出\t\n20101\t甲甲事务\t新增\n20102\t甲乙事务\t删除\n",
    )
    assert list(names(book)) == ["201", "20101"]
    assert [item.code for item in book.withdrawn] == ["20102"]


def test_a_row_torn_at_a_page_break_is_whole_again(tmp_path: Path) -> None:
    book = read(
        tmp_path,
        START + "\t\t01\t机关事业单位\t反映机关事业\n\f类\t款\t项\t科目名称\t说明\n"
        "\t\t\t基本养老支出\t单位的支出。\n\t\t02\t甲甲乙\t\n",
    )
    assert names(book)["2010101"] == "机关事业单位基本养老支出"
    assert book.items[2].note == "反映机关事业单位的支出。"
    assert [remark.kind for remark in book.remarks] == ["joined"]
    assert not book.problems


def test_a_name_without_a_code_is_never_guessed_away(tmp_path: Path) -> None:
    book = read(tmp_path, START + "\t\t\t甲甲甲\t反映。\n\t\t02\t甲甲乙\t\n")
    assert kinds(book) == ["no-code"]
    assert str(book.problems[0]).startswith("line 5, cell D4: 甲甲甲")


def test_a_code_whose_parents_are_missing(tmp_path: Path) -> None:
    book = read(tmp_path, "科目编码\t科目名称\n201\t甲类支出\n2010101\t甲甲甲\n")
    assert kinds(book) == ["no-parent"]
    assert "款 20101 above it is not in the file" in book.problems[0].message


def test_a_part_without_a_class_above_it(tmp_path: Path) -> None:
    book = read(tmp_path, HEAD + "\t01\t\t甲甲事务\t\n201\t\t\t甲类支出\t\n")
    assert kinds(book) == ["no-code-above"]


@pytest.mark.parametrize(("code", "kind"), [("20101011", "bad-length"), ("9010101", "not-a-code")])
def test_codes_that_are_none(tmp_path: Path, code: str, kind: str) -> None:
    rows = "".join(f"2010{n}\t甲{n}事务支出\n" for n in range(1, 9))
    book = read(tmp_path, f"科目编码\t科目名称\n201\t甲类支出\n{rows}{code}\t谁也不知道\n")
    assert kinds(book) == [kind]


def test_the_same_code_twice(tmp_path: Path) -> None:
    alike = read(tmp_path, START + "201\t\t\t甲类支出\t\n")
    assert (alike.repeated, alike.problems) == (1, ())
    book = read(tmp_path, START + "201\t\t\t乙类支出\t\n")
    assert kinds(book) == ["conflict"]
    assert "201 is 乙类支出 here and 甲类支出 at line 3, cell A2" in book.problems[0].message


@pytest.mark.parametrize("name", ["甲甲事务12", "甲甲（事务", "甲甲、"])
def test_doubtful_names(tmp_path: Path, name: str) -> None:
    assert kinds(read(tmp_path, START + f"\t02\t\t{name}\t\n")) == ["doubtful-name"]


def test_a_code_without_a_name(tmp_path: Path) -> None:
    assert kinds(read(tmp_path, START + "\t02\t\t\t反映某事。\n\t03\t\t甲丙\t\n")) == ["blank-name"]


def test_contents_page_numbers_and_prefaces_are_told_from_the_list(tmp_path: Path) -> None:
    book = read(
        tmp_path,
        "2024年政府收支分类科目\n目 录\n201 甲类支出 ……… 3\n说明：共 300 个科目，2023 年 12 月印发。\n"
        "— 1 —\n支出功能分类科目\n201 甲类支出\n20101 甲甲事务 反映甲甲\n方面的支出。\n- 2 -\n"
        "2010101 甲甲甲\n",
    )
    assert names(book) == {"201": "甲类支出", "20101": "甲甲事务", "2010101": "甲甲甲"}
    assert book.items[1].note == "反映甲甲方面的支出。"
    assert not book.problems
    assert {remark.kind for remark in book.remarks} == {"aside", "contents"}


def test_codes_in_parts_without_columns_are_refused(tmp_path: Path) -> None:
    book = read(tmp_path, "支出功能分类科目\n201 甲类支出\n01 甲甲事务\n01 甲甲甲\n")
    assert "level-unknown" in kinds(book)
    assert len(book.problems) == 2


def test_english_names_and_unread_columns(tmp_path: Path) -> None:
    book = read(
        tmp_path, "科目编码\t科目名称\t英文名称\t拼音\n201\t甲类支出\tAlpha services\tjialei\n"
    )
    assert book.items[0].name_en == "Alpha services"
    assert "column 4 (拼音) is not read" in book.remarks[0].message


def test_names_before_codes(tmp_path: Path) -> None:
    book = read(tmp_path, "科目名称\t科目编码\n甲类支出\t201\n甲甲事务\t20101\n")
    assert names(book) == {"201": "甲类支出", "20101": "甲甲事务"}


BOTH = (
    "政府预算支出经济分类科目\t\t部门预算支出经济分类科目\t\n"
    "科目编码\t科目名称\t科目编码\t科目名称\n501\t样例甲\t\t\n50101\t样例甲甲\t301\t样例乙\n"
    "\t\t30101\t样例乙甲\n\t\t30102\t样例乙乙\n50102\t样例甲乙\t30103\t样例乙丙\n"
    "502\t样例丙\t\t\n50201\t样例丙甲\t30101\t样例乙甲\n"
)


def test_each_side_of_the_table_of_correspondences(tmp_path: Path) -> None:
    department = read(tmp_path, BOTH, "expenditure-economic-department")
    assert list(names(department)) == ["301", "30101", "30102", "30103"]
    assert names(department)["30103"] == "样例乙丙"
    government = read(tmp_path, BOTH, "expenditure-economic-government")
    assert names(government)["50201"] == "样例丙甲"
    assert list(names(government)) == ["501", "50101", "50102", "502", "50201"]
    assert not department.problems + government.problems
    assert government.others == {"expenditure-economic-department": 5}


WHOLE = """2024年政府收支分类科目
一、收入分类科目
科目编码\t科目名称
101\t样例收入
10101\t样例甲收入
1010101\t样例甲甲收入
101010101\t样例甲甲甲收入
二、一般公共预算支出功能分类科目
科目编码\t科目名称
208\t样例丁支出
20801\t样例丁甲事务
三、政府性基金预算支出功能分类科目
科目编码\t科目名称
208\t样例丁支出
20822\t样例丁基金支出
四、部门预算支出经济分类科目
科目编码\t科目名称
301\t样例戊支出
"""


@pytest.mark.parametrize(
    ("list_id", "codes"),
    [
        ("revenue", ["101", "10101", "1010101", "101010101"]),
        (FUNCTION, ["208", "20801", "20822"]),
        ("expenditure-economic-department", ["301"]),
    ],
)
def test_one_list_of_several_in_a_file(tmp_path: Path, list_id: str, codes: list[str]) -> None:
    book = read(tmp_path, WHOLE, list_id)
    assert list(names(book)) == codes
    assert not book.problems


def test_a_list_that_is_not_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(YusuanError, match=r"but 1 row of expenditure-economic-department"):
        read(tmp_path, WHOLE[WHOLE.index("四、") :], FUNCTION)


def test_a_title_that_contradicts_the_codes(tmp_path: Path) -> None:
    book = read(tmp_path, "收入分类科目\n科目编码\t科目名称\n201\t甲类支出\n20101\t甲甲事务\n")
    assert kinds(book) == ["title"]


@pytest.mark.parametrize("title", ["2023年支出功能分类科目", "二〇二三年政府收支分类科目"])
def test_the_title_tells_another_year(tmp_path: Path, title: str) -> None:
    book = read(tmp_path, START.replace("2024年支出功能分类科目", title))
    assert kinds(book) == ["year"]
    assert "the file says 2023" in book.problems[0].message


def test_a_date_of_publication_is_no_year_of_the_list(tmp_path: Path) -> None:
    title = "财政部关于印发2024年政府收支分类科目的通知（2023年8月）"
    assert not read(tmp_path, START.replace("2024年支出功能分类科目", title)).problems


def test_the_name_of_the_file_tells_another_year(tmp_path: Path) -> None:
    book = read(tmp_path, START.replace("2024年", ""), name="2022年政府收支分类科目.txt")
    assert kinds(book) == ["year"]


def test_a_budget_is_no_list(tmp_path: Path) -> None:
    text = "部门支出总表\n科目编码\t科目名称\t合计\t基本支出\n201\t甲类支出\t12\t12\n20101\t甲甲\t12\t12\n"
    with pytest.raises(YusuanError, match=r"line 2, cell C1: a table of amounts; this looks like"):
        read(tmp_path, text)


def test_text_without_codes_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(YusuanError, match="no code of expenditure-function found; expected codes"):
        read(tmp_path, "床前明月光，疑是地上霜。\n")


def test_a_misread_code_is_a_problem(tmp_path: Path) -> None:
    book = read(tmp_path, "科目编码\t科目名称\n201\t甲类支出\n20l01\t甲甲事务\n20102\t甲乙事务\n")
    assert kinds(book) == ["not-a-code"]
    assert "20l01 is no code; 甲甲事务" in book.problems[0].message


def test_the_name_of_a_class_is_not_taken_for_an_item(tmp_path: Path) -> None:
    rows = "科目编码\t类名称\t款名称\t项名称\n2010101\t甲类支出\t甲甲事务\t甲甲甲\n2010102\t甲类支出\t\t\n"
    book = read(tmp_path, rows)
    assert list(names(book)) == ["201", "20101", "2010101", "2010102"]
    assert kinds(book) == ["blank-name"]


def test_a_row_cut_in_the_middle_of_a_sheet(tmp_path: Path) -> None:
    rows = "".join(f"2010{n}\t甲{n}事务支出\t反映甲。\n" for n in range(1, 6))
    cut = "20106\t样例甲甲\t反映甲，\n\t乙乙支出\t和乙。\n"
    book = read(tmp_path, f"科目编码\t科目名称\t说明\n201\t甲类支出\t反映。\n{rows}{cut}")
    assert names(book)["20106"] == "样例甲甲乙乙支出"
    assert not book.problems


def test_a_note_set_close_to_the_name(tmp_path: Path) -> None:
    book = read(
        tmp_path, "支出功能分类科目\n201 甲类支出反映甲类\n方面的支出。\n20101 甲甲事务：反映甲。\n"
    )
    assert names(book) == {"201": "甲类支出", "20101": "甲甲事务"}
    assert [item.note for item in book.items] == ["反映甲类方面的支出。", "反映甲。"]
    assert not book.problems


SMALL = {"201": "甲类支出", "20101": "甲甲事务", "2010101": "甲甲甲"}


@pytest.mark.parametrize("kept", ["'{}", '="{}"', "`{}", '"{}"'])
def test_codes_that_a_spreadsheet_was_made_to_keep_as_text(tmp_path: Path, kept: str) -> None:
    rows = "".join(f"{kept.format(code)}\t{name}\n" for code, name in SMALL.items())
    book = read(tmp_path, f"科目编码\t科目名称\n{rows}")
    assert names(book) == SMALL
    assert not book.problems


def test_the_code_above_and_the_level_have_columns_of_their_own(tmp_path: Path) -> None:
    book = read(
        tmp_path,
        "序号\t科目级次\t父级编码\t科目代码\t科目名称\t是否末级\n1\t类\t0\t201\t甲类支出\t否\n"
        "2\t款\t201\t20101\t甲甲事务\t否\n3\t项\t20101\t2010101\t甲甲甲\t是\n",
    )
    assert names(book) == SMALL
    assert not book.problems + book.remarks


def test_sums_and_remarks_below_the_list_are_no_items(tmp_path: Path) -> None:
    book = read(
        tmp_path,
        START + "\t\t01\t甲甲甲\t反映。\n\t\t\t小计\t共3个科目\n202\t\t\t乙类支出\t\n"
        "\t\t\t合计\t\n\n注：带*的为新增科目。\n",
    )
    assert names(book) == {**SMALL, "202": "乙类支出"}
    assert not book.problems
    assert [remark.kind for remark in book.remarks] == ["aside"] * 3


def test_a_class_set_apart_from_the_rest_of_its_code(tmp_path: Path) -> None:
    lines = "201 甲类支出\n20101 甲甲事务\n201 0101 甲甲甲\n"
    assert names(read(tmp_path, f"支出功能分类科目\n{lines}")) == SMALL

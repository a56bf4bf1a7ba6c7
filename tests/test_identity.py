"""Whose document it is, of which year and kind, as titles, captions and file names say it."""

import zipfile
from pathlib import Path

import pytest

from tests.disclosures import EXPENDITURE, ROWS, write
from yusuan import check_sources
from yusuan.narrative.disclosure import understand
from yusuan.narrative.identity import Identity
from yusuan.sources import read_document

TABLE = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS))


def identity_of(folder: Path, front: str, text: str = "", name: str = "disclosure.md") -> Identity:
    return understand(
        read_document(write(folder, f"{front}\n\n{TABLE}\n\n{text}\n", name))
    ).identity


@pytest.mark.parametrize(
    ("front", "name", "year", "kind"),
    [
        ("临安县水利局2024年度部门决算公开", "临安县水利局", 2024, "部门决算"),
        ("浙江省临安县水利局\n\n二〇二四年部门预算", "浙江省临安县水利局", 2024, "部门预算"),
        ("临安县水利局\n\n２０２４年部门预算公开", "临安县水利局", 2024, "部门预算"),
        ("临安县水利局2022年度部门决算\n\n2023年9月", "临安县水利局", 2022, "部门决算"),
        ("临安县水利局\n\n2022年度部门决算\n\n二〇二三年九月", "临安县水利局", 2022, "部门决算"),
        ("2024年临安县水利局部门预算", "临安县水利局", 2024, "部门预算"),
        ("2024年度临安县水文站单位预算公开", "临安县水文站", 2024, "单位预算"),
        ("临安县水文站2024年单位预算", "临安县水文站", 2024, "单位预算"),
        ("临安县财政局2023年部门预算公开情况说明", "临安县财政局", 2023, "部门预算"),
        ("临安县财政局预算评审中心2024年单位预算", "临安县财政局预算评审中心", 2024, "单位预算"),
        ("关于临安县水利局2023年部门预算公开的说明", "临安县水利局", 2023, "部门预算"),
        ("政府信息公开\n\n临安县水利局\n\n2023年部门预算", "临安县水利局", 2023, "部门预算"),
        ("附件1\n\n临安县水利\n\n局2023年单位决算", "临安县水利局", 2023, "单位决算"),
        ("临安县水利局部门预算（2024年）", "临安县水利局", 2024, "部门预算"),
        ("临安县2024年县级部门预算\n\n预算主管部门：临安县水利局", "临安县水利局", 2024, "部门预算"),
        ("临安县水利局2024年部门预算调整公开", "临安县水利局", 2024, "部门预算调整"),
        ("2025-02-14 10:30 http://www.linan.gov.cn/sl/2025/02/index_1234.html\n\n临安县水利局2024年部门预算", "临安县水利局", 2024, "部门预算"),
        ("门户网站 http://www.linan.gov.cn/2025/1.html\n\n临安县水利局2024年部门预算", "临安县水利局", 2024, "部门预算"),
    ],
)  # fmt: skip
def test_titles(front: str, name: str, year: int, kind: str, tmp_path: Path) -> None:
    identity = identity_of(tmp_path, front, "比2021年预算增加3万元，2021年预算为20万元。" * 9)
    assert (identity.name, identity.fiscal_year, identity.kind) == (name, year, kind)
    assert identity.year_from == "cover"


@pytest.mark.parametrize(
    ("front", "phase"),
    [("部门决算", "executed"), ("部门预算", "approved"), ("部门预算调整", "adjusted"),
     ("部门预算草案", "proposed")],
)  # fmt: skip
def test_phases(front: str, phase: str, tmp_path: Path) -> None:
    assert identity_of(tmp_path, f"临安县水利局2024年{front}").phase == phase


def test_a_title_that_names_nobody_leaves_it_to_the_table(tmp_path: Path) -> None:
    identity = identity_of(tmp_path, "关于2023年部门预算公开的说明\n\n编制单位：临安县水利局")
    assert (identity.name, identity.name_from) == ("临安县水利局", "table")
    assert (identity.fiscal_year, identity.year_from) == (2023, "cover")


def test_a_year_of_body_text_is_known_from_there(tmp_path: Path) -> None:
    text = "2024年收入预算350万元，比2023年预算增加10万元，2023年预算执行数为300万元。"
    identity = identity_of(tmp_path, "编制单位：临安县水利局", text)
    assert (identity.fiscal_year, identity.year_from) == (2024, "text")


@pytest.mark.parametrize(
    "front", ["临安县水利局部门预算公开", "临安县水利局单位预算", "临安县水利局部门决算公开"]
)
def test_a_cover_may_leave_the_year_to_headings(tmp_path: Path, front: str) -> None:
    heads = "| 项目 | 2025年预算数 |\n|---|---|\n| 收入总计 | 9 |\n"
    path = write(tmp_path, f"{front}\n\n部门收支总表\n\n单位：万元\n\n{heads}")
    identity = understand(read_document(path)).identity
    assert (identity.name, identity.name_from) == ("临安县水利局", "cover")
    assert (identity.fiscal_year, identity.year_from) == (2025, "table")


def test_the_names_of_members_name_what_no_page_does(tmp_path: Path) -> None:
    """A reader of the archive sees them."""
    table = "部门收支总表\n\n单位：万元\n\n| 项目 | 预算数 |\n|---|---|\n| 收入总计 | 9 |\n"
    path = tmp_path / "disclosure.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("公开/临安县水利局2024年部门预算公开表.md", table)
    identity = understand(read_document(path)).identity
    assert (identity.name, identity.fiscal_year) == ("临安县水利局", 2024)
    assert (identity.name_from, identity.year_from) == ("file", "file")


def test_the_file_name_is_the_last_resort(tmp_path: Path) -> None:
    identity = identity_of(tmp_path, "收支", name="临安县水利局25年部门预算.md")
    assert (identity.name, identity.name_from) == ("临安县水利局", "file")
    assert (identity.fiscal_year, identity.year_from) == (2025, "file")


REMARKS = [
    "注：2023年支出3,300.00万元。",
    "备注：2023年预算数为调整后数",
    "2023年支出预算为3,300.00万元。",
]


@pytest.mark.parametrize("remark", REMARKS)
def test_a_year_in_the_file_name_comes_before_one_of_a_remark(tmp_path: Path, remark: str) -> None:
    identity = identity_of(tmp_path, "收支", remark, "临安县水利局2024年部门预算.md")
    assert (identity.fiscal_year, identity.year_from) == (2024, "file")


@pytest.mark.parametrize("remark", REMARKS)
def test_a_year_in_the_title_of_a_page_comes_before_one_of_a_remark(
    tmp_path: Path, remark: str
) -> None:
    page = (
        "<title>临安县水利局2024年部门预算公开</title><p>部门收支总表</p><p>单位：万元</p>"
        "<table><tr><td>项目<td>预算数<tr><td>收入总计<td>9</table>"
    )
    (tmp_path / "page.html").write_text(f"<meta charset=utf-8>{page}<p>{remark}</p>")
    identity = understand(read_document(tmp_path / "page.html")).identity
    assert (identity.fiscal_year, identity.year_from) == (2024, "file")


@pytest.mark.parametrize("front", ["临安县水利局2023年收支预算总表", "2023年部门预算公开表"])
def test_a_year_in_a_caption_comes_before_one_of_the_file_name(tmp_path: Path, front: str) -> None:
    identity = identity_of(tmp_path, front, name="临安县水利局2024年部门预算.md")
    assert identity.fiscal_year == 2023


def test_a_number_like_a_year_in_the_file_name_comes_after_the_text(tmp_path: Path) -> None:
    text = "2023年收入决算350万元，比2022年决算增加10万元。"
    identity = identity_of(tmp_path, "编制单位：临安县水利局", text, "公开 2024.md")
    assert (identity.fiscal_year, identity.year_from) == (2023, "text")


@pytest.mark.parametrize(
    "line",
    ["发布日期：2024-02-18 来源：县财政局", "2024年2月18日", "二〇二四年二月十八日",
     "公开时间：2024年02月18日"],
)  # fmt: skip
def test_dates_of_issue(line: str, tmp_path: Path) -> None:
    identity = identity_of(tmp_path, "临安县水利局2024年部门预算", line)
    assert str(identity.published) == "2024-02-18"


def whole(body: str, amount: int) -> str:
    """The disclosure of a body: its narrative, and two tables of one amount."""
    table = "科目编码\t科目名称\t合计\t基本支出\t项目支出\n2130301\t行政运行\t{0}\t{0}\t\n合计\t\t{0}\t{0}\t"
    tables = "\n\n".join(
        f"{title}\n\n编制单位：{body}　单位：万元\n\n{table.format(amount)}\n"
        for title in ("支出总表", "一般公共预算支出表")
    )
    text = f"{body}2024年部门预算\n\n一、收支情况\n\n2024年支出总计{amount}.00万元。\n\n{tables}"
    return text.replace("行政运行", "水利工程运行与维护") + ("\n\n" if amount else "")


@pytest.mark.parametrize(("first", "second"), [(350, 270), (270, 350)])
def test_what_a_second_body_discloses_is_not_the_first_ones(
    first: int, second: int, tmp_path: Path
) -> None:
    text = whole("临安县水利局", first) + whole("临安县水文站", second)
    more = "二、其他\n\n办公用房面积为80平方米，2024年会议费9.00万元。\n"
    result = check_sources(write(tmp_path, text + more))
    facts = {(fact.amount, fact.body) for fact in result.contents.facts}
    assert facts == {(first * 10_000, None), (second * 10_000, "临安县水文站")}
    assert {claim.value for claim in result.contents.claims} == {first}
    told = [entry for entry in result.contents.unrecognised if "另一部门" in entry.reason_zh]
    assert ["270" in e.printed or "350" in e.printed for e in told] == [True, False]
    assert not [f for f in result.findings if f.verdict == "error"]


def test_a_title_of_another_body_without_tables_of_its_own_takes_nothing_away(
    tmp_path: Path,
) -> None:
    text = whole("临安县水利局", 350)
    more = "临安县水文站2024年单位预算\n\n二、其他\n\n2024年基本支出350.00万元。\n"
    claims = check_sources(write(tmp_path, text + more)).contents.claims
    assert len(claims) == 2

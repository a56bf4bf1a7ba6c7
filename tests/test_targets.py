"""Performance target tables of any layout: projects, amounts by source, indicators."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from tests import targets as made
from tests.disclosures import ROWS
from tests.targets import FORMATS, Grid
from yusuan.checks import check
from yusuan.facts import PackageContents, compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

BUDGET: Grid = (
    [(text, 1, 1) for text in
     ("类", "款", "项", "功能分类科目名称", "合计", "基本支出", "项目支出")],
    *([(text, 1, 1) for text in row.split("\t")] for row in ROWS),
)  # fmt: skip
FRONT = ("浙江省桐庐县水利局", "2023年部门预算公开", "目 录")


def contents_of(folder: Path, name: str, *tables: tuple[str, Grid]) -> PackageContents:
    path = folder / name
    path.write_bytes(FORMATS[name](FRONT, [("部门支出总体情况表", BUDGET), *tables]))
    contents = compile_contents([understand(read_document(path))])
    assert len(contents.facts) == 7, "numbers of target tables are no facts of budget tables"
    (disclosure,) = contents.disclosures.values()
    assert not disclosure.unrecognised, "a target table is not a table left out"
    return contents


def indicators(contents: PackageContents, project: str) -> list[tuple[object, ...]]:
    (owner,) = (p.project for p in contents.projects if p.name == project)
    return [
        (i.level1, i.level2, i.name, i.operator, i.value, i.value_unit)
        for i in contents.indicators
        if i.project == owner
    ]


CLEARING = [
    ("产出指标", "数量指标", "清淤长度", "≥", 20, "公里"),
    ("产出指标", "质量指标", "验收合格率", "≥", 95, "%"),
]


@pytest.mark.parametrize("name", FORMATS)
def test_the_national_form(name: str, tmp_path: Path) -> None:
    contents = contents_of(tmp_path, name, ("项目支出绩效目标表", made.NATIONAL))
    (project,) = contents.projects
    assert (project.name, project.executor, project.kind) == ("河道清淤", "河道所", "project")
    assert (project.target_amount, project.target_appropriation) == (2_500_000, 2_000_000)
    assert (project.target_carryover, project.target_other) == (300_000, 200_000)
    assert project.goal == "清淤二十公里，恢复行洪能力。"
    assert indicators(contents, "河道清淤") == [
        *CLEARING, ("满意度指标", "服务对象满意度指标", "群众满意度", "≥", 90, "%"),
    ]  # fmt: skip
    assert [i.weight for i in contents.indicators] == [50, 20, 10]


@pytest.mark.parametrize("name", FORMATS)
def test_the_shanghai_form_in_yuan(name: str, tmp_path: Path) -> None:
    contents = contents_of(tmp_path, name, ("财政项目支出绩效目标表", made.SHANGHAI))
    (project,) = contents.projects
    assert (project.name, project.target_amount) == ("人民调解", Decimal(7_950_000))
    assert project.goal == "化解社会矛盾。"
    assert indicators(contents, "人民调解") == [
        ("产出指标", "数量", "专题培训次数", "=", 2, "次"),
        ("效益指标", "社会效益", "纠纷化解率", None, 98, "%"),
    ]


@pytest.mark.parametrize("name", FORMATS)
def test_a_list_has_a_project_in_each_row(name: str, tmp_path: Path) -> None:
    contents = contents_of(tmp_path, name, ("2023年项目绩效目标表", made.LIST))
    assert [(p.name, p.target_amount, p.goal) for p in contents.projects] == [
        ("河道清淤", 2_500_000, "清淤二十公里。"),
        ("水库巡查", 305_000, "全年巡查十二次。"),
    ]
    assert contents.indicators == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_list_of_projects_with_indicators(name: str, tmp_path: Path) -> None:
    contents = contents_of(
        tmp_path, name, ("部门预算项目支出绩效目标表", made.LIST_WITH_INDICATORS)
    )
    assert [(p.name, p.target_amount, p.goal) for p in contents.projects] == [
        ("河道清淤", 2_500_000, "清淤二十公里。"),
        ("水库巡查", 305_000, "全年巡查十二次。"),
    ]
    assert indicators(contents, "河道清淤") == CLEARING
    assert indicators(contents, "水库巡查") == [("产出指标", "数量指标", "巡查次数", "=", 12, "次")]


@pytest.mark.parametrize("name", FORMATS)
def test_targets_of_the_department_as_a_whole(name: str, tmp_path: Path) -> None:
    contents = contents_of(
        tmp_path, name, ("部门整体支出绩效目标表", made.WHOLE),
        ("项目支出绩效目标表", made.NATIONAL),
    )  # fmt: skip
    assert {(p.name, p.kind) for p in contents.projects} == {
        ("部门整体支出", "department"), ("河道清淤", "project"),
    }  # fmt: skip
    assert indicators(contents, "部门整体支出") == [
        ("产出指标", "数量指标", "巡查次数", "≥", 12, "次")
    ]
    whole = next(p for p in contents.projects if p.kind == "department")
    assert whole.goal == "保障防洪安全。"


def other(grid: Grid, name: str) -> Grid:
    return [[(text.replace("河道清淤", name), *span) for text, *span in row] for row in grid]  # type: ignore[misc]


@pytest.mark.parametrize("name", FORMATS)
def test_several_projects_one_below_another(name: str, tmp_path: Path) -> None:
    both: Sequence[Sequence[tuple[str, int, int]]] = [
        *made.NATIONAL, *other(made.NATIONAL, "水库加固")
    ]  # fmt: skip
    contents = contents_of(tmp_path, name, ("项目支出绩效目标表", both))
    assert [p.name for p in contents.projects] == ["河道清淤", "水库加固"]
    assert len(indicators(contents, "河道清淤")) == len(indicators(contents, "水库加固")) == 3


@pytest.mark.parametrize("name", FORMATS)
def test_a_form_goes_on_below_a_repeated_title(name: str, tmp_path: Path) -> None:
    first, second = made.NATIONAL[:9], (made.NATIONAL[7], *made.NATIONAL[9:])
    first = [*first[:8], [("产出指标", 1, 1), *first[8][1:]]]
    second = [second[0], [("", 1, 1), *second[1]], *second[2:]]
    contents = contents_of(
        tmp_path, name, ("项目支出绩效目标表", first), ("项目支出绩效目标表", second)
    )
    assert [p.name for p in contents.projects] == ["河道清淤"]
    assert indicators(contents, "河道清淤")[:2] == CLEARING


@pytest.mark.parametrize(
    ("total", "sources", "said"),
    [
        ("250", ("200", "30", "20"), []),
        ("220", ("200", "30", "20"), []),  # what is carried over is part of the appropriation
        ("260", ("200", "30", "20"), [("target-parts", "warning", "250")]),
        ("251", ("200", "30", "20"), [("target-parts", "rounding", "250")]),
        ("260", ("200", "", ""), []),
    ],
)
def test_the_sources_of_a_target_form_add_up(
    tmp_path: Path, total: str, sources: tuple[str, str, str], said: list[tuple[str, str, str]]
) -> None:
    printed = dict(zip(("250", "200", "30", "20"), (total, *sources), strict=True))
    form = [
        [(printed.get(text, text), *size) for text, *size in row] if number < 6 else row
        for number, row in enumerate(made.NATIONAL)
    ]
    contents = contents_of(tmp_path, "a.html", ("项目支出绩效目标表", form))
    found = [(f.rule, f.verdict, f.expected) for f in check(contents) if f.rule == "target-parts"]
    assert found == said


@pytest.mark.parametrize(("first", "last"), [(601, 616), (617, 634), (635, 659)])
def test_a_form_that_is_missing_is_told_not_the_sentence_that_counts_it(
    sample: Path, tmp_path: Path, first: int, last: int
) -> None:
    """The sample states 6 projects and 1148, and has a seventh project without a form; when one
    form more is gone, the two amounts tell which of the two was counted."""
    lines = sample.read_text("utf-8").splitlines(keepends=True)
    path = tmp_path / "less.txt"
    path.write_text("".join(lines[: first - 1] + lines[last:]), "utf-8")
    contents = compile_contents([understand(read_document(path))])
    rules = [f.rule for f in check(contents)]
    assert rules.count("project-without-targets") == 2
    assert not {"target-count", "target-amount"} & set(rules)

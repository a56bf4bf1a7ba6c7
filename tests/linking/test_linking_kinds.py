"""Each kind of link: what is linked, how surely, and what is left for people to judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.linking.documents import publish, with_units
from yusuan.facts import PackageContents
from yusuan.pipeline import check_sources

BEFORE, AFTER = "淳安县水利局", "淳安县水利和河湖局"


def read(folder: Path) -> PackageContents:
    return check_sources(folder).contents


def names(contents: PackageContents) -> dict[str, str]:
    """What keys are called: departments, projects and documents by name."""
    return {
        **{each.department: each.name for each in contents.departments},
        **{each.project: each.name for each in contents.projects},
        **{each.document: (each.title or "").removesuffix("公开") for each in contents.documents},
    }


def links(
    contents: PackageContents, kind: str, *, doubtful: bool = False
) -> set[tuple[str, str, str]]:
    """Subject, object and method of the links of a kind."""
    known = names(contents)
    found = contents.links_to_review if doubtful else contents.links
    return {
        (known.get(link.subject, link.subject), known.get(link.object, link.object), link.method)
        for link in found
        if link.kind == kind
    }


def changes(contents: PackageContents) -> list[tuple[str, str, int, str]]:
    return [
        (change.name_before, change.name_after, change.fiscal_year, change.method)
        for change in contents.organisation_changes
    ]


@pytest.mark.parametrize(
    "statement",
    [
        f"{AFTER}由原{BEFORE}更名而来，主管水利。",
        f"2024年1月，原{BEFORE}更名为{AFTER}。",
        f"根据机构改革要求，原{BEFORE}于2024年1月正式更名为{AFTER}，主管水利。",
        f"{AFTER}（原{BEFORE}）负责水利工作。",
        "水利和河湖局由原水利局改名。",
    ],
)
def test_a_renaming_that_a_document_states(statement: str, tmp_path: Path) -> None:
    publish(tmp_path, f"{BEFORE}2023年部门预算公开")
    publish(tmp_path, f"{AFTER}2024年部门预算公开", narrative=f"一、主要职责\n\n{statement}\n")
    contents = read(tmp_path)
    [(before, after, year, method)] = changes(contents)
    assert before in (BEFORE, "水利局")
    assert (after, year, method) == (AFTER, 2024, "stated")
    [change] = contents.organisation_changes
    known = names(contents)
    assert (known[change.before], known[change.after]) == (BEFORE, AFTER)


@pytest.mark.parametrize(
    "statement",
    [
        "将原淳安县国土局的水域管理职责划入水利和河湖局。",
        "建德市水利和河湖局由原建德市水利局更名而来。",
        "原淳安县水电站更名为淳安县水利和河湖局信息中心。",
        f"{AFTER}（原计划数）不含上级补助。",
        f"原{BEFORE}的数据含在内，{AFTER}成立于2018年。",
    ],
)
def test_what_is_said_of_others_is_no_renaming(statement: str, tmp_path: Path) -> None:
    publish(tmp_path, f"{AFTER}2024年部门预算公开", narrative=f"一、主要职责\n\n{statement}\n")
    assert changes(read(tmp_path)) == []


def test_a_former_name_without_a_budget_of_its_own_is_kept(tmp_path: Path) -> None:
    publish(tmp_path, f"{AFTER}2024年部门预算公开", narrative=f"{AFTER}由原{BEFORE}更名而来。")
    contents = read(tmp_path)
    [change] = contents.organisation_changes
    assert change.before == change.after == contents.departments[0].department
    assert change.name_before == BEFORE


def test_similar_names_one_after_the_other_are_left_to_people(tmp_path: Path) -> None:
    publish(tmp_path, f"{BEFORE}2023年部门预算公开")
    publish(tmp_path, f"{AFTER}2024年部门预算公开")
    contents = read(tmp_path)
    assert changes(contents) == []
    assert links(contents, "renamed", doubtful=True) == {(BEFORE, AFTER, "similar")}


def test_similar_names_with_the_same_projects_are_a_renaming(tmp_path: Path) -> None:
    projects = {"堤防维护": 5, "河道清理": 4}
    publish(tmp_path, f"{BEFORE}2023年部门预算公开", projects=projects)
    publish(tmp_path, f"{AFTER}2024年部门预算公开", projects=projects)
    assert changes(read(tmp_path)) == [(BEFORE, AFTER, 2024, "carried-projects")]


def test_two_bodies_of_the_same_years_are_two(tmp_path: Path) -> None:
    projects = {"堤防维护": 5, "河道清理": 4}
    for year in (2023, 2024):
        publish(tmp_path, f"{BEFORE}{year}年部门预算公开", projects=projects)
        publish(tmp_path, f"{AFTER}{year}年部门预算公开", projects=projects)
    contents = read(tmp_path)
    assert changes(contents) == []
    assert links(contents, "renamed", doubtful=True) == set()


def test_a_county_is_in_its_city_and_province(tmp_path: Path) -> None:
    publish(tmp_path, "淳安县水利局2024年部门预算公开")
    publish(tmp_path, "浙江省水利厅2024年部门预算公开")
    assert links(read(tmp_path), "within") == {
        ("2024-330127", "2024-330100", "division-code"),
        ("2024-330127", "2024-330000", "division-code"),
    }


def test_units_belong_to_the_department_that_lists_them(tmp_path: Path) -> None:
    with_units(tmp_path, "浙江省水利厅2024年部门预算公开",
               {"浙江省水利厅本级": 100, "浙江省水文中心": 250})  # fmt: skip
    publish(tmp_path, "浙江省水文中心2024年单位预算公开", 250)
    publish(tmp_path, "浙江省水利厅财务核算中心2024年单位预算公开", 50)
    publish(tmp_path, "浙江省水文中心2023年单位预算公开", 900)  # of another year
    publish(tmp_path, "浙江省林业站2024年单位预算公开", 900)  # of nobody here
    contents = read(tmp_path)
    assert links(contents, "part-of") == {
        ("浙江省水文中心2024年单位预算", "浙江省水利厅2024年部门预算", "listed"),
        ("浙江省水利厅财务核算中心2024年单位预算", "浙江省水利厅2024年部门预算", "name-begins"),
    }
    assert links(contents, "unit-of") == {
        ("浙江省水文中心", "浙江省水利厅", "listed"),
        ("浙江省水利厅财务核算中心", "浙江省水利厅", "name-begins"),
    }


def test_the_own_level_of_a_department_is_part_of_it_and_no_second_file(tmp_path: Path) -> None:
    publish(tmp_path, "浙江省水利厅2024年部门预算公开", 350)
    publish(tmp_path, "浙江省水利厅（本级）2024年单位预算公开", 100)
    checked = check_sources(tmp_path)
    assert links(checked.contents, "part-of") == {
        ("浙江省水利厅(本级)2024年单位预算", "浙江省水利厅2024年部门预算", "own-level")
    }
    assert "tables-in-two-files" not in {finding.rule for finding in checked.findings}


def test_a_unit_above_its_department_is_told(tmp_path: Path) -> None:
    publish(tmp_path, "浙江省水利厅2024年部门预算公开", 250)
    publish(tmp_path, "浙江省水利厅水文中心2024年单位预算公开", 260)
    [found] = [f for f in check_sources(tmp_path).findings if f.rule == "unit-above-department"]
    assert found.verdict == "warning"
    assert (found.printed, found.expected) == ("260", "250")
    assert "浙江省水利厅2024年部门预算公开.md" in found.message_zh


def test_a_unit_within_its_department_is_as_it_should_be(tmp_path: Path) -> None:
    with_units(tmp_path, "浙江省水利厅2024年部门预算公开", {"浙江省水文中心": 250})
    publish(tmp_path, "浙江省水文中心2024年单位预算公开", 250)
    assert "unit-above-department" not in {f.rule for f in check_sources(tmp_path).findings}


def test_projects_carried_over(tmp_path: Path) -> None:
    first = {"堤防维护": 5, "河道清理经费": 4, "水库除险": 3, "会议": 1}
    second = {"堤防维护": 5, "2024年河道清理项目（县级）": 4, "水库除险加固": 3, "培训": 1}
    publish(tmp_path, "淳安县水利局2023年部门预算公开", projects=first)
    publish(tmp_path, "淳安县水利局2024年部门预算公开", projects=second)
    contents = read(tmp_path)
    assert links(contents, "same-project") == {
        ("堤防维护", "堤防维护", "same-name"),
        ("2024年河道清理项目（县级）", "河道清理经费", "same-words"),
    }
    assert links(contents, "same-project", doubtful=True) == {
        ("水库除险加固", "水库除险", "similar")
    }


def test_projects_are_carried_through_a_renaming(tmp_path: Path) -> None:
    publish(tmp_path, f"{BEFORE}2023年部门预算公开", projects={"堤防维护": 5})
    publish(tmp_path, f"{AFTER}2024年部门预算公开", projects={"堤防维护": 6},
            narrative=f"{AFTER}由原{BEFORE}更名而来。")  # fmt: skip
    assert links(read(tmp_path), "same-project") == {("堤防维护", "堤防维护", "same-name")}


def test_the_projects_of_different_departments_are_different(tmp_path: Path) -> None:
    publish(tmp_path, "淳安县水利局2023年部门预算公开", projects={"信息化建设": 5})
    publish(tmp_path, "淳安县教育局2024年部门预算公开", projects={"信息化建设": 5})
    assert links(read(tmp_path), "same-project") == set()


def test_two_projects_with_one_name_are_left_to_people(tmp_path: Path) -> None:
    publish(tmp_path, "淳安县水利局2023年部门预算公开",
            projects={"河道清理（一期）": 5, "河道清理（二期）": 4})  # fmt: skip
    publish(tmp_path, "淳安县水利局2024年部门预算公开", projects={"河道清理": 5})
    contents = read(tmp_path)
    assert links(contents, "same-project") == set()
    assert {method for _, _, method in links(contents, "same-project", doubtful=True)} == {
        "ambiguous"
    }


def test_accounts_and_their_budget(tmp_path: Path) -> None:
    for title in ("2023年部门预算", "2023年部门决算", "2024年部门预算"):
        publish(tmp_path, f"淳安县水利局{title}公开")
    department = "330127-shui-li-ju"
    assert links(read(tmp_path), "outturn-of") == {
        (f"{department}/2023/executed", f"{department}/2023/approved", "same-budget")
    }


def test_codes_that_stay_and_codes_that_changed(tmp_path: Path) -> None:
    """20805 was renamed after 2019, which code-changes tells."""
    for year, name in ((2019, "行政事业单位离退休"), (2024, "行政事业单位养老支出")):
        publish(tmp_path, f"淳安县水利局{year}年部门预算公开", function=f"20805\t{name}")
    contents = read(tmp_path)
    assert [change.kind for change in contents.code_changes] == ["renamed"]
    assert {pair[:2] for pair in links(contents, "same-code")} >= {("2024-208", "2019-208")}
    assert ("2024-20805", "2019-20805") not in {pair[:2] for pair in links(contents, "same-code")}


def test_every_link_says_how_it_was_found_and_how_surely(tmp_path: Path) -> None:
    publish(tmp_path, f"{BEFORE}2023年部门预算公开", projects={"水库除险": 3})
    publish(tmp_path, f"{BEFORE}2024年部门预算公开", projects={"水库除险加固": 3})
    contents = read(tmp_path)
    assert all(float(link.confidence) >= 0.85 for link in contents.links)
    assert all(0 < float(link.confidence) < 0.85 for link in contents.links_to_review)
    for link in (*contents.links, *contents.links_to_review):
        assert link.evidence_zh
        assert link.evidence_en.isascii() or '"' in link.evidence_en

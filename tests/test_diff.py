"""What changed between two packages: the rows as records, and `yusuan diff` as people read it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import yusuan
from tests.disclosures import ROWS, disclosure_text, write
from yusuan.cli.main import main
from yusuan.package.diff import RowChange, row_changes
from yusuan.presentation import difference_columns
from yusuan.schema import Field, Resource, catalogue

TABLE = Resource(
    "table", "表", "Table",
    (
        Field("label", "string", "名称", "Label"), Field("key", "string", "编号", "Key"),
        Field("unit", "integer", "单位", "Unit"),
        Field("amount", "number", "金额", "Amount", role="amount"),
    ),
    primary_key="key", foreign_keys=(), kind="core",
)  # fmt: skip
CELLS = st.text(st.sampled_from('aé万\0"\n'), max_size=2)
ROWS_BY_KEY = st.dictionaries(CELLS, st.tuples(CELLS, CELLS, CELLS), max_size=6)
Rows = dict[str, tuple[str, str, str]]


def records(rows: Rows) -> list[list[str]]:
    return [[label, key, unit, amount] for key, (label, unit, amount) in rows.items()]


def patched(rows: Iterable[Sequence[str]], changes: Iterable[RowChange]) -> dict[str, list[str]]:
    """The rows by key with the changes applied, each checked against what it replaces."""
    found = {row[1]: list(row) for row in rows}
    for change in changes:
        assert list(change.before) == found.pop(change.key, [])
        if change.kind != "removed":
            now = dict(
                zip(("label", "key", "unit", "amount"), change.before or [""] * 4, strict=True)
            )
            now.update({cell.field.name: cell.after for cell in change.cells()})
            assert list(now.values()) == list(change.after)
            found[change.key] = list(change.after)
    return found


@given(ROWS_BY_KEY, ROWS_BY_KEY, st.randoms())
def test_the_changes_make_one_table_the_other(before: Rows, after: Rows, chance: object) -> None:
    old, new = records(before), records(after)
    changes = list(row_changes(TABLE, old, new))
    assert patched(old, changes) == {row[1]: row for row in new}
    assert all(change.before != change.after for change in changes)
    chance.shuffle(old)  # type: ignore[attr-defined]
    assert {change.key: change for change in row_changes(TABLE, old, new)} == {
        change.key: change for change in changes
    }


def only(before: Sequence[str], after: Sequence[str]) -> list[Decimal | None]:
    [change] = row_changes(TABLE, [["", "k", *before]], [["", "k", *after]])
    return [cell.difference for cell in change.cells() if cell.field.name == "amount"]


def test_a_difference_is_exact_and_of_numbers_in_one_unit() -> None:
    many = "9" * 40
    assert only(["1", "0.1"], ["1", f"{many}.3"]) == [Decimal(f"{many}.2")]
    assert only(["1", "5"], ["1", "-5"]) == [Decimal(-10)]
    assert only(["10000", "2492"], ["1", "24920000"]) == [None]
    for odd in ("", "1e999999999", "NaN", "x", "9" * 100):  # a blank is not zero
        assert only(["1", "5"], ["1", odd]) == [None]


def test_a_key_that_stands_for_two_rows_is_told() -> None:
    row = ["", "k", "1", "5"]
    for old, new, place in (([row, row], [], "one.csv"), ([], [row, row], "two.csv")):
        with pytest.raises(yusuan.YusuanError, match=f"{place}: 'k' stands for two rows"):
            list(row_changes(TABLE, old, new, ("one.csv", "two.csv")))


class Shrinking(list[list[str]]):
    """Rows of a file that somebody replaces between two readings."""

    def __iter__(self) -> Iterator[list[str]]:
        rows = list(super().__iter__())
        del self[1:]
        return iter(rows)


def test_a_file_that_changes_meanwhile_is_told() -> None:
    for number, place in enumerate(("before", "after")):
        sides: list[list[list[str]]] = [[], []]
        sides[number] = Shrinking([["", "j", "", ""], ["", "k", "", ""]])
        with pytest.raises(yusuan.YusuanError, match=f"{place}: changed while it was read"):
            list(row_changes(TABLE, *sides))


def test_what_is_listed_has_the_columns_it_is_told_by() -> None:
    for name, columns in difference_columns().items():
        known = [field.name for field in catalogue()[name].fields]
        assert set(columns) <= set(known)


# Packages: a budget, and the same with its project reissued at 260 instead of 250


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    reissued = tuple(row.replace("250", "260").replace("350", "360") for row in ROWS)
    folders = []
    for name, rows in (("before", ROWS), ("after", reissued)):
        folder = tmp_path_factory.mktemp(name)
        folders.append(yusuan.build(write(folder, disclosure_text(rows=rows)), folder / "p").folder)
    return folders[0], folders[1]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, arguments)])


def test_a_reissue_shows_what_its_figures_were_and_are(states: tuple[Path, Path]) -> None:
    zh, en = run(*states), run(*states, "--lang", "en")
    assert zh.exit_code == en.exit_code == 1
    title = "浙江省桐庐县水利局 · 2023"
    assert (
        f"~ {title} · 年初预算 · 项目支出：金额（元） 2,500,000.00 → 2,600,000.00（+100,000.00）；另有变化：文件"
        in zh.output
    )
    assert (
        "Amount (yuan) 2,500,000.00 → 2,600,000.00 (+100,000.00); also changed: Document"
        in en.output
    )
    assert "公开文件 (documents): +1 -1 ~0" in zh.output
    assert "Budget facts (facts): +7 -7 ~0" in en.output  # a fact is of its document
    assert "基本支出" not in zh.output  # it did not change
    assert "~ 另有1行只有这些列不同：文件、事实" in zh.output


def test_csv_and_json_tell_the_same(states: tuple[Path, Path]) -> None:
    table, tree = (
        run(*states, "--resource", "figures", "--format", form) for form in ("csv", "json")
    )
    rows = list(csv.DictReader(io.StringIO(table.stdout)))
    [row] = [row for row in rows if row["key"].endswith("/project") and row["column"] == "amount"]
    assert (row["before"], row["after"], row["difference"]) == ("2500000", "2600000", "100000")
    content = json.loads(tree.stdout)
    cells = [
        {"resource": change["resource"], "change": change["change"], "key": change["key"],
         **{key: value or "" for key, value in cell.items()}}
        for change in content["changes"] for cell in change["cells"]
    ]  # fmt: skip
    assert cells == rows
    assert content["counts"]["figures"]["changed"] == len({row["key"] for row in rows})


def test_one_resource_is_compared_alone_and_listed_whole(states: tuple[Path, Path]) -> None:
    facts = run(*states, "--resource", "facts")
    assert facts.exit_code == 1
    assert facts.output.count("\n+ ") == facts.output.count("\n- ") == 7
    phases = run(*states, "--resource", "phases")
    assert (phases.exit_code, phases.output) == (0, "没有不同\n")


def test_a_package_is_equal_to_its_copy_in_another_order(
    states: tuple[Path, Path], tmp_path: Path
) -> None:
    copy = shutil.copytree(states[0], tmp_path / "copy")
    facts = copy / "data" / "facts.csv"
    header, *rows = facts.read_text("utf-8").splitlines(keepends=True)
    facts.write_text(header + "".join(reversed(rows)), "utf-8")
    assert run(states[0], copy).exit_code == 0
    descriptor = copy / "datapackage.json"
    content = json.loads(descriptor.read_text("utf-8"))
    descriptor.write_text(json.dumps({**content, "base": "https://example.org/"}), "utf-8")
    moved = run(states[0], copy)
    assert moved.exit_code == 1
    assert f"~ base：值 {content['base']} → https://example.org/\n" in moved.output


def twice(path: Path) -> None:
    header, row, *rest = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([header, row, row, *rest]), "utf-8")


def elsewhere(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "gone": (Path.unlink, "missing"),
    "link": (elsewhere, "a link"),
    "columns": (lambda path: path.write_text("a,b\n1,2\n"), "columns a, b"),
    "bytes": (lambda path: path.write_bytes(b"\xff\xfe\n"), "cannot be read as CSV"),
    "twice": (twice, "stands for two rows"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_package_is_one_sentence(
    states: tuple[Path, Path], tmp_path: Path, kind: str
) -> None:
    copy = shutil.copytree(states[1], tmp_path / "copy")
    damage, sentence = DAMAGE[kind]
    damage(copy / "data" / "figures.csv")
    for pair in ((states[0], copy), (copy, states[0])):
        done = run(*pair)
        assert done.exit_code == 2
        assert sentence in done.stderr
        assert done.stderr.count("\n") == 1


def test_what_is_no_package_or_resource_is_told(states: tuple[Path, Path], tmp_path: Path) -> None:
    assert (done := run(states[0], tmp_path)).exit_code == 2
    assert "no data package here" in done.stderr
    assert (done := run(*states, "--resource", "fact")).exit_code == 2
    assert "fact: no such resource" in done.stderr


def test_names_from_outside_move_no_cursor(states: tuple[Path, Path], tmp_path: Path) -> None:
    copy = shutil.copytree(states[0], tmp_path / "copy")
    budgets = copy / "data" / "budgets.csv"
    budgets.write_text(
        budgets.read_text("utf-8").replace("水利局2023", "\x1b[2J水利局2023", 1), "utf-8"
    )
    assert run(states[0], copy).exit_code == 1
    assert "\x1b" not in run(states[0], copy).output

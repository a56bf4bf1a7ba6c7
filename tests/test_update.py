"""A package that lives: where its documents are from, reissues, and further documents added to it."""

from __future__ import annotations

import filecmp
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given as given_by
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

import yusuan
from tests.corrections.patches import propose, read_rows, sign, write_rows
from tests.disclosures import EXPENDITURE, ROWS, disclosure_text, write
from tests.representative import FULL
from yusuan.cli.main import main
from yusuan.facts.revisions import counted_tables
from yusuan.files.atomic import sole_writer
from yusuan.model.errors import YusuanError
from yusuan.model.records import DocumentRecord
from yusuan.reading import KeptReadings, Readers
from yusuan.sources import find_sources
from yusuan.sources.manifest import official_address, provenance_of

WRONG = (*ROWS[:2], "\t\t\t合 计\t353\t100\t250")
MENDED = disclosure_text(narrative="桐庐县水利局\n2023年3月1日")
FIRST = disclosure_text(rows=WRONG, narrative="桐庐县水利局\n2023年2月1日")
NEXT_YEAR = disclosure_text(narrative="桐庐县水利局\n2024年2月1日").replace(
    "2023年部门", "2024年部门"
)


@pytest.fixture(autouse=True, scope="module")
def without_store() -> Iterator[None]:
    """The graph without its store, which holds what the graph says: writing it takes a fifth of the
    time of a small build, and no test here reads it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("yusuan.graph.write._write_store", lambda graph, trig_file: None)
        yield


def files(package: yusuan.Package) -> dict[str, Path]:
    """The files of a package, but for the store and the rows of its graph, whose bytes differ from run to run."""
    folder = package.folder
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "store" not in path.parts and path.suffix != ".duckdb"
    }


def same(one: yusuan.Package, other: yusuan.Package) -> bool:
    mine, others = files(one), files(other)
    assert mine.keys() == others.keys()
    return all(filecmp.cmp(mine[name], others[name], shallow=False) for name in mine)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Disclosures of a first year, those that came later, and all together."""
    root = tmp_path_factory.mktemp("lives")
    texts = {"m.md": FIRST, "z.md": MENDED, "a.md": NEXT_YEAR}
    manifest = "file,url,available\nz.md,https://example.gov.cn/z.md,2023-04-01\n"
    made = {"first": ["m.md"], "later": ["z.md", "a.md"], "all": list(texts)}
    for name, held in made.items():
        (root / name).mkdir()
        for file in held:
            write(root / name, texts[file], file)
        write(root / name, "这里没有预算表。", "n.md" if name != "later" else "o.md")
        if name != "first":
            write(root / name, manifest, "sources.csv")
    write(root / "all", "这里没有预算表。", "o.md")
    return {name: root / name for name in made}


@pytest.fixture(scope="module")
def patch(folders: Mapping[str, Path]) -> Path:
    """A patch that corrects the wrong total of the first document, signed."""
    path = propose(folders["first"] / "m.md", folders["first"].parent / "patch.csv")
    write_rows(path, [sign(row) if row["proposed"] else row for row in read_rows(path)])
    return path


@pytest.fixture(scope="module")
def updated(
    folders: Mapping[str, Path], patch: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[yusuan.Package, list[str]]:
    """The package of the first document with the later ones added, and what was told."""
    out = tmp_path_factory.mktemp("updated") / "package"
    yusuan.build(folders["first"], out, base="https://data.example.org/b", patches=[patch])
    told: list[str] = []
    return yusuan.update(out, folders["later"], warn=told.append), told


def test_it_is_what_building_all_anew_gives(
    folders: Mapping[str, Path], patch: Path, updated: tuple[yusuan.Package, list[str]]
) -> None:
    anew = yusuan.build(folders["all"], base="https://data.example.org/b", patches=[patch])
    assert same(updated[0], anew)
    assert {row["file"] for row in anew.rows("documents")} == {"a.md", "m.md", "z.md"}
    assert {row["file"] for row in anew.rows("unrecognised") if not row["document"]} == {"n.md", "o.md"}  # fmt: skip


def test_a_reissue_supersedes_and_the_first_stays(
    updated: tuple[yusuan.Package, list[str]],
) -> None:
    package, told = updated
    keys = {row["file"]: row["document"] for row in package.rows("documents")}
    [revision] = package.rows("revisions")
    assert (revision["document"], revision["superseded_by"]) == (keys["m.md"], keys["z.md"])
    assert "2023-04-01" in revision["reason_en"] and "2023-02-01" in revision["reason_en"]
    totals = {
        row["fiscal_year"]: row["amount"]
        for row in package.rows("figures") if row["code"] == "expenditure-total"
    }  # fmt: skip
    assert totals == {"2023": "3500000", "2024": "3500000"}
    assert "353" in {row["printed"] for row in package.rows("facts")}
    [correction] = package.rows("corrections")
    assert correction["document"] == keys["m.md"]
    assert [line for line in told if "supersedes" in line and "m.md" in line]
    prov = "http://www.w3.org/ns/prov#wasRevisionOf"
    graph = parse(path=str(package.folder / "graph" / "budget.trig"), format=RdfFormat.TRIG)
    revised = {
        (quad.subject.value, quad.object.value)
        for quad in graph
        if quad.predicate.value == prov and "/id/document/" in quad.subject.value
    }
    base = f"{package.base}id/document/"
    assert revised == {(base + keys["z.md"], base + keys["m.md"])}


def test_patches_given_again_or_withdrawn_later(
    folders: Mapping[str, Path], patch: Path, tmp_path: Path
) -> None:
    out, source = tmp_path / "package", folders["first"]
    once = yusuan.build(source, patches=[patch])
    yusuan.build(source, out, patches=[patch])
    assert same(yusuan.update(out, source, patches=[patch]), once)
    later = tmp_path / "later.csv"
    write_rows(later, [{**row, "decision": "reject"} for row in read_rows(patch)])
    withdrawn = yusuan.update(out, source, patches=[later])
    assert not list(withdrawn.rows("corrections"))
    assert same(withdrawn, yusuan.build(source, patches=[patch, later]))
    assert same(yusuan.update(out, source, patches=[patch]), once)  # and accepted again


@pytest.mark.usefixtures("quick_framework")
def test_where_it_is_from(updated: tuple[yusuan.Package, list[str]]) -> None:
    package, _ = updated
    found = {
        row["file"]: (row["source_url"], row["available"]) for row in package.rows("documents")
    }
    assert found["z.md"] == ("https://example.gov.cn/z.md", "2023-04-01")
    assert found["m.md"] == ("", "")
    assert not yusuan.validate_package(package.folder).errors


def test_what_was_read_is_not_read_again(
    folders: Mapping[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    paths = find_sources([folders["all"]])
    with Readers(kept=KeptReadings()) as readers:
        first = list(readers.read(paths))
    monkeypatch.setattr(Readers, "__enter__", lambda self: self)
    with Readers(kept=KeptReadings()) as readers:
        monkeypatch.setattr(readers._pool, "ask_record", lambda *_: pytest.fail("read again"))
        known = [
            readers._read(path) for path, read in zip(paths, first, strict=True) if read.disclosure
        ]
    assert [read.disclosure for read in known] == [
        read.disclosure for read in first if read.disclosure
    ]


@pytest.mark.parametrize("change", ["bytes", "name", "damage", "lists"])
def test_what_is_another_document_or_was_damaged_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("YUSUAN_CODES", str(tmp_path / "lists"))
    path = write(tmp_path, FIRST)
    kept = KeptReadings()
    with Readers(kept=kept) as readers:
        [read] = readers.read([path])
    assert kept.of(path) == read.disclosure
    match change:
        case "bytes":
            write(tmp_path, MENDED)
        case "name":
            path = path.rename(tmp_path / "other.md")
        case "damage":
            [file] = (tmp_path / "cache" / "yusuan" / "readings").iterdir()
            file.write_bytes(file.read_bytes()[:-9])
        case _:
            (tmp_path / "lists" / "x").mkdir(parents=True)
            (tmp_path / "lists" / "x" / "2023.csv").write_text("code,name\n", "utf-8")
            kept = KeptReadings()
    assert kept.of(path) is None


def test_what_was_used_longest_ago_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "yusuan" / "readings"
    folder.mkdir(parents=True)
    for age, name in enumerate("abc"):
        (folder / name).write_bytes(b"x" * 100)
        os.utime(folder / name, ns=(10**9 * (9 - age),) * 2)
    KeptReadings(most_bytes=300).tidy()
    assert len(list(folder.iterdir())) == 3
    KeptReadings(most_bytes=299).tidy()
    assert {each.name for each in folder.iterdir()} == {"a", "b"}


# Which document counts

OTHER = (*ROWS[:1], "213\t03\t06\t水利工程运行与维护\t260\t\t260", "\t\t\t合 计\t360\t100\t260")
TOTALS = {"old.md": "3500000", "new.md": "3600000"}


def given(folder: Path, manifest: str = "", narrative: str = "", further: str = "") -> Path:
    """An original and a reissue of other amounts, without dates."""
    folder.mkdir(exist_ok=True)
    write(folder, disclosure_text(narrative=narrative) + further, "old.md")
    write(folder, disclosure_text(rows=OTHER), "new.md")
    if manifest:
        write(folder, manifest, "sources.csv")
    return folder


def total(package: yusuan.Package) -> tuple[str, str]:
    """The headline figure of expenditure, and the rule of the finding that doubts it."""
    rules = {row["finding"]: row["rule"] for row in package.rows("findings")}
    [row] = [row for row in package.rows("figures") if row["code"] == "expenditure-total"]
    return row["amount"], rules.get(row["finding"], "")


@pytest.mark.usefixtures("quick_framework")
@pytest.mark.parametrize(("manifest", "narrative", "newer", "basis"), [
    ("file,replaces\nnew.md,old.md\n", "桐庐县水利局\n2023年2月1日", "new.md", "stated"),
    ("文件名,取代的文件\nold.md,x/new.md；none.md\n", "", "old.md", "stated"),
    ("file,available\nold.md,2023-03-01\nnew.md,2023-02-01\n", "", "old.md", "issued"),
    ("file,retrieved\nold.md,2023-03-01\nnew.md,2023-04-01\n", "桐庐县水利局\n2023年2月1日", "new.md",
     "retrieved"),
], ids=["stated", "stated-in-chinese", "issued", "retrieved"])  # fmt: skip
def test_the_later_document_counts_and_it_is_told(
    tmp_path: Path, manifest: str, narrative: str, newer: str, basis: str
) -> None:
    folder = given(tmp_path / "in", manifest, narrative)
    ran = CliRunner().invoke(main, ["build", str(folder), "-o", str(tmp_path / "out")])
    package = yusuan.open_package(tmp_path / "out")
    [revision] = package.rows("revisions")
    older = ({*TOTALS} - {newer}).pop()
    assert (revision["basis"], revision["tables"]) == (basis, "1")
    assert f"Superseded: {older} by {newer} ({revision['reason_en']})" in ran.stdout
    assert ("none.md, which is not among the documents" in ran.stderr) == ("none.md" in manifest)
    assert total(package) == (TOTALS[newer], "")
    assert "tables-in-two-files" not in {row["rule"] for row in package.rows("findings")}
    if basis == "issued" or FULL:
        assert not yusuan.validate_package(package.folder).errors


@pytest.mark.parametrize(
    "narrative", ["", "桐庐县水利局\n2023年2月1日"], ids=["undated", "one-dated"]
)
def test_what_nothing_decides_stays_and_is_told(tmp_path: Path, narrative: str) -> None:
    package = yusuan.build(given(tmp_path / "in", narrative=narrative), tmp_path / "out")
    assert not list(package.rows("revisions"))
    [budget] = package.rows("budgets")
    assert (budget["documents"].count("|"), budget["superseded"]) == (1, "")
    taken = "old.md" if narrative else "new.md"
    assert total(package) == (TOTALS[taken], "reissue-undecided")
    [finding] = [row for row in package.rows("findings") if row["rule"] == "reissue-undecided"]
    assert ("360万元" in finding["message_en"]) and "sources.csv" in finding["message_en"]
    assert ("it has a date (2023-02-01)" if narrative else "first by file name") in finding[
        "message_en"
    ]
    why = f"only {taken} has a date" if narrative else "neither has a date"
    assert why in finding["message_en"] and "sums over facts" in finding["message_en"]
    [figure] = [row for row in package.rows("figures") if row["code"] == "expenditure-total"]
    assert f"taken from {taken}: " in figure["chosen_en"]
    assert not yusuan.validate_package(package.folder).errors
    # packages that are joined say the same
    apart = [yusuan.build(tmp_path / "in" / file, tmp_path / file[:3]) for file in TOTALS]
    folders = [str(each.folder) for each in apart]
    ran = CliRunner().invoke(main, ["link", *folders, "-o", str(tmp_path / "joined")])
    assert f"Not superseded: {finding['message_en']}" in ran.stdout
    joined = yusuan.open_package(tmp_path / "joined")
    assert [*joined.rows("findings")] == [*package.rows("findings")]
    assert [*joined.rows("figures")] == [*package.rows("figures")]
    # what the manifest then says decides, and the same files with it built anew say the same
    told: list[str] = []
    decided = given(tmp_path / "in", "file,replaces\nnew.md,old.md\n", narrative)
    updated = yusuan.update(package.folder, decided, warn=told.append)
    assert total(updated) == (TOTALS["new.md"], "") and not told
    assert same(updated, yusuan.build(decided))


def test_a_lone_date_replaces_nothing_and_that_is_told(tmp_path: Path) -> None:
    """The same amounts in two files, of which the new one alone has a date."""
    write(tmp_path, disclosure_text(), "old.md")
    new = write(tmp_path, disclosure_text() + "\n再次公布。\n", "new.md")
    yusuan.build(tmp_path / "old.md", tmp_path / "out")
    ran = CliRunner().invoke(
        main, ["update", str(tmp_path / "out"), str(new), "--available", "2023-03-01"]
    )
    [told] = [line for line in ran.stdout.splitlines() if line.startswith("Not superseded: ")]
    assert "only new.md has a date (2023-03-01), old.md has none" in told
    assert "spending and revenue count them once" in told
    package = yusuan.open_package(tmp_path / "out")
    assert not list(package.rows("revisions"))
    [spent] = [row for row in package.rows("figures") if row["code"] == "expenditure-total"]
    assert spent["chosen_en"].endswith(
        "taken from new.md: it has a date (2023-03-01), the other has none)"
    )
    # once and twice, as it says
    assert sum(Decimal(row["amount"]) for row in package.rows("spending")) == Decimal(
        spent["amount"]
    )
    totals = [
        row
        for row in package.rows("facts")
        if row["amount"] == spent["amount"] and row["column"] == "total"
    ]
    assert len(totals) == 2


def test_a_reissue_of_one_table_is_told_as_such(tmp_path: Path) -> None:
    further = "\n\n" + EXPENDITURE.format(unit="万元", rows="\n".join(ROWS)).replace(
        "表3", "表4").replace("部门支出总体", "一般公共预算支出")  # fmt: skip
    folder = given(tmp_path / "in", further=further)
    out = tmp_path / "out"
    yusuan.build(folder / "old.md", out)
    ran = CliRunner().invoke(
        main, ["update", str(out), str(folder / "new.md"), "--replaces", "old.md"]
    )
    package = yusuan.open_package(out)
    assert not list(package.rows("revisions"))
    [revision] = package.rows("table-revisions")
    assert (revision["table"], revision["basis"]) == ("expenditure-summary", "stated")
    assert "Superseded: old.md by new.md, 1 table of it (" in ran.stdout
    assert total(package) == (TOTALS["new.md"], "")
    assert "tables-in-two-files" not in {row["rule"] for row in package.rows("findings")}
    write(folder, "file,replaces\nnew.md,old.md\n", "sources.csv")
    assert same(package, yusuan.build(folder))


DAYS = st.none() | st.integers(1, 3).map(lambda day: date(2023, 1, day))


@given_by(
    st.lists(st.tuples(DAYS, DAYS, st.integers(1, 2), st.sets(st.integers(0, 3))), max_size=4)
)
def test_the_rule_is_one_whatever_the_order(
    drawn: list[tuple[date | None, date | None, int, set[int]]],
) -> None:
    """What counts does not depend on the order of documents, and is older than no other that could
    count; what is lost was lost by one step, to a document that prints the table too."""
    made = [
        record(number, available=issued, retrieved=retrieved,
               replaces=tuple(f"{other:012x}" for other in others if other < number))
        for number, (issued, retrieved, _, others) in enumerate(drawn)
    ]  # fmt: skip
    printed = {
        each.document: {"t": amounts} for each, (_, _, amounts, _) in zip(made, drawn, strict=True)
    }
    counted, turned = counted_tables(made, printed), counted_tables(made[::-1], printed)
    assert counted.source == turned.source
    assert {(r.superseded.document, r.basis) for r in counted.revisions} == {
        (r.superseded.document, r.basis) for r in turned.revisions
    }
    if not made:
        return
    open_ = [each for each in made if counted.is_open("t", each.document)]
    assert len(open_) + len({r.superseded.document for r in counted.revisions}) == len(made)
    assert len({each.issued for each in open_} - {None}) <= 1
    assert not any({other.document for other in open_} & {*each.replaces} for each in open_)
    assert all(r.whole for r in counted.revisions)


def record(number: int, **stated: Any) -> DocumentRecord:
    return DocumentRecord(
        document=f"{number:012x}", file=f"{number}.md", title=None, department="d", names=(),
        short_names=(), former_names=(), fiscal_year=2023, phase="approved", kind=None, published=None,
        media_type="text/markdown", encoding=None, sha256=f"{number:064x}", bytes=1, pages=None, lines=1,
        **stated,
    )  # fmt: skip


def test_two_that_each_replace_the_other_are_refused(tmp_path: Path) -> None:
    folder = given(tmp_path / "in", "file,replaces\nnew.md,old.md\nold.md,new.md\n")
    with pytest.raises(YusuanError, match="are each to replace the other"):
        yusuan.build(folder)


def test_one_file_under_two_names(tmp_path: Path) -> None:
    """It counts under the first of its names, whichever came first; what is stated of it is joined."""
    said = {"a": "file,url\nb.md,https://a.cn/1\n", "b": "file,available,url\na.md,2023-03-01,\n"}
    for name, manifest in said.items():
        (tmp_path / name).mkdir()
        write(tmp_path / name, manifest, "sources.csv")
    write(tmp_path / "a", FIRST, "b.md"), write(tmp_path / "b", FIRST, "a.md")
    both = [tmp_path / "a", tmp_path / "b"]
    anew = yusuan.build(both)
    [row] = anew.rows("documents")
    assert (row["file"], row["source_url"], row["available"]) == (
        "a.md",
        "https://a.cn/1",
        "2023-03-01",
    )
    for first, then in (both, both[::-1]):
        out = tmp_path / f"from-{first.name}"
        yusuan.build(first, out)
        assert same(yusuan.update(out, then), anew)
        assert same(yusuan.update(out, both), anew)
    write(tmp_path / "b", said["b"].replace("03-01,", "03-01,https://a.cn/2"), "sources.csv")
    with pytest.raises(
        YusuanError, match=r"line 2: source_url of a\.md is https://a\.cn/1, but in"
    ):
        yusuan.build(both)
    told: list[str] = []
    package = yusuan.update(tmp_path / "from-a", both[1], warn=told.append)
    assert {row["source_url"] for row in package.rows("documents")} == {"https://a.cn/2"}
    assert "source_url was https://a.cn/1, is https://a.cn/2 now" in told[0]


# Manifests


@pytest.mark.parametrize(("rows", "message"), [
    ("name,url\nm.md,https://a.cn/m", r"sources\.csv, line 1: .*want of file"),
    ("file,url\nx.md,https://a.cn/m", r"line 2: x\.md is not in this folder"),
    ("file,url\n../m.md,https://a.cn/m", r"line 2: file “\.\./m\.md”"),
    ("file,url\nm.md,javascript:alert(1)", r"line 2: url .*no http or https address"),
    ("file,url\nm.md,https://me:pw@a.cn/m", r"line 2: url .*password"),
    ("file,available\nm.md,3/1/26", r"line 2: available “3/1/26”; write it like"),
    ("file,url\nm.md,https://a.cn/m\nm.md,https://a.cn/n", r"line 3: m\.md is in line 2 already"),
    ("file,sha256\nm.md," + "0" * 64, r"line 2: m\.md has SHA-256 \w{64}, not as stated"),
    ('file,url\n"m.md', r"sources\.csv, line \d: "),
])  # fmt: skip
def test_a_manifest_that_is_wrong(tmp_path: Path, rows: str, message: str) -> None:
    write(tmp_path, FIRST, "m.md")
    write(tmp_path, rows, "sources.csv")
    with pytest.raises(YusuanError, match=message):
        provenance_of([tmp_path], find_sources([tmp_path]))


def test_the_nearest_manifest_counts_and_may_be_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "2023").mkdir()
    one, other = write(tmp_path, FIRST, "m.md"), write(tmp_path / "2023", MENDED, "n.md")
    write(tmp_path, "file,url\nm.md,http://a.cn/1\n2023/n.md,http://a.cn/2\n", "sources.csv")
    text = "网址,文件名,下载日期\nhttp://a.cn/3,n.md,2023年4月1日\n"
    write(tmp_path / "2023", text, "sources.csv", "gb18030")
    found = provenance_of([tmp_path], find_sources([tmp_path]))
    assert (found[one].source_url, found[other].source_url) == ("http://a.cn/1", "http://a.cn/3")
    assert str(found[other].retrieved) == "2023-04-01"


@pytest.mark.parametrize("text", [
    "", "ftp://a.cn/x", "//a.cn/x", "https://", "https://a.cn/a b", "http://a.cn:99999/", "https://a.cn/<x>",
])  # fmt: skip
def test_what_is_no_official_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        official_address(text)


# The command


@pytest.mark.parametrize(("arguments", "message"), [
    (["{out}", "{none}"], "no such file"),
    (["{none}", "{later}"], "none"),
    (["{out}", "{out}"], "a data package, no disclosures"),
    (["{out}", "{later}", "--source-url", "https://a.cn/"], "about one file, but 3 are given"),
    (["{out}", "{later}/a.md", "--source-url", "javascript:1"], "no http or https address"),
    (["{out}", "{later}/a.md", "--available", "3/1/26"], "write it like 2026-03-01"),
    (["{out}", "{later}", "--replaces", "m.md"], "--replaces is about one file"),
    (["{out}", "{later}", "-o", "{out}/data/new"], "lies within the package"),
    (["{out}", "{later}/sources.csv"], "a manifest, no disclosure; give its folder"),
])  # fmt: skip
def test_commands_that_cannot_be_done_change_nothing(
    updated: tuple[yusuan.Package, list[str]], folders: Mapping[str, Path], arguments: list[str],
    message: str,
) -> None:  # fmt: skip
    package, _ = updated
    before = {name: path.stat().st_mtime_ns for name, path in files(package).items()}
    places: dict[str, Any] = {"out": package.folder, "none": "/nowhere/none", **folders}
    ran = CliRunner().invoke(main, ["update", *(each.format(**places) for each in arguments)])
    assert ran.exit_code == 2 and message in ran.stderr and "Traceback" not in ran.stderr
    assert {name: path.stat().st_mtime_ns for name, path in files(package).items()} == before


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not locked there")
def test_one_update_at_a_time(
    updated: tuple[yusuan.Package, list[str]], folders: Mapping[str, Path], tmp_path: Path
) -> None:
    package, _ = updated
    out = tmp_path / "package"
    shutil.copytree(package.folder, out)
    with sole_writer(out):
        for arguments in (["update", str(out)], ["build", "-o", str(out)]):
            ran = CliRunner().invoke(main, [*arguments, str(folders["later"])])
            assert ran.exit_code == 2
            assert (
                ran.stderr.strip().count("\n") == 0 and "another process is writing" in ran.stderr
            )
    with sole_writer(out, reading=True), sole_writer(out, reading=True):
        pass  # two that only read it
    yusuan.update(out, folders["later"])


def test_what_another_process_wrote_meanwhile_stays(tmp_path: Path) -> None:
    out = tmp_path / "new"
    with sole_writer(out) as unchanged:
        unchanged()
        out.mkdir()
        with pytest.raises(YusuanError, match="another process has written it meanwhile"):
            unchanged()


def test_a_label_as_long_as_any_in_two_documents(tmp_path: Path) -> None:
    """Together they are longer than a cell that the csv module reads unless told."""
    for number in "12":
        rows = (*ROWS[:1], ROWS[1].replace("水利工程", number + "水利工程" * 24_700), ROWS[2])
        text = disclosure_text(rows=rows)
        write(tmp_path, text, f"{number}.md")
        write(tmp_path, text.replace("2023年部门", f"202{number}年部门"), f"{number}b.md")
    package = yusuan.build(tmp_path, tmp_path / "package")
    assert sum(1 for _ in package.rows("expenditure-function"))


def test_a_source_that_was_tampered_with_is_refused(
    updated: tuple[yusuan.Package, list[str]], folders: Mapping[str, Path], tmp_path: Path
) -> None:
    package, _ = updated
    document = next(row["document"] for row in package.rows("documents"))
    source = package.source(document)
    content = source.read_bytes()
    try:
        source.write_bytes(content + b"\n")
        with pytest.raises(YusuanError, match="is not the file that was read"):
            yusuan.update(package.folder, folders["later"], tmp_path / "out")
    finally:
        source.write_bytes(content)
    assert not (tmp_path / "out").exists()


def test_no_document_of_the_package_is_lost(
    updated: tuple[yusuan.Package, list[str]],
    folders: Mapping[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As where it was read with words of the user's own that are not given now."""
    package, _ = updated
    monkeypatch.setattr(yusuan.Package, "named_sources", _unreadable(yusuan.Package.named_sources))
    with pytest.raises(YusuanError, match=r"m\.md: in the package, but nothing is read of it now"):
        yusuan.update(package.folder, folders["later"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def _unreadable(unpacked: Any) -> Any:
    """What unpacks a package with m.md as a text without tables."""

    def changed(earlier: yusuan.Package, scratch: Path) -> Any:
        held = unpacked(earlier, scratch)
        for path in held:
            if path.name == "m.md":
                path.write_text("no table", "utf-8")
        return held

    return changed

"""Many packages at once: the same rules, the same relations as in a document by itself."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from benchmarks.errors.layouts import make_draft
from benchmarks.errors.page import draw
from benchmarks.layouts.layouts import LAYOUTS
from benchmarks.layouts.render import FORMATS, render
from benchmarks.rules_sql import write_csv
from click.testing import CliRunner

from tests.conftest import SAMPLE
from yusuan import Package, checking
from yusuan.checks import load_rules
from yusuan.checks.sql import sweep as sweeping
from yusuan.checks.sql.ledger import Ledger
from yusuan.checks.sql.sweep import Sweep, fill_from, find_source, load_documents
from yusuan.cli import main
from yusuan.facts import PackageContents, compile_contents
from yusuan.model.errors import YusuanError
from yusuan.narrative.disclosure import understand
from yusuan.portals.static import write_parquet
from yusuan.schema import catalogue
from yusuan.sources import read_document

Named = list[tuple[object, ...]]


def read(path: Path) -> PackageContents:
    return compile_contents([understand(read_document(path))])


def in_folder(contents: PackageContents, folder: Path) -> Path:
    """What a sweep reads of a package."""
    for name in ("facts", "documents"):
        write_csv(folder / "data" / f"{name}.csv", catalogue()[name], contents)
    return folder


def of_contents(contents: Sequence[PackageContents]) -> tuple[Named, Named]:
    """All relations and those that fail, document by document, amounts by name."""
    related: Named = []
    failing: Named = []
    with Ledger(load_rules()) as ledger:
        for each in contents:
            ledger.fill(each.facts, each.documents)
            names = [fact.fact for fact in each.facts]
            related += [
                (rule, names[one], names[part], sign, names[total])
                for rule, one, part, sign, total in ledger.relations()
            ]
            failing += [(rule, names[i], *numbers) for rule, i, *numbers in ledger.failing()]
    return sorted(related, key=str), sorted(failing, key=str)


def of_packages(folders: Sequence[Path]) -> tuple[Named, Named]:
    """The same of sweeping, all at once."""
    sources = [find_source(folder) for folder in folders]
    with Ledger(load_rules()) as ledger:
        repeated = load_documents(ledger, sources)
        key = fill_from(ledger, sources, repeated=bool(repeated))
        names: dict[int, str] = {}
        for source in sources:
            reader = "read_parquet" if source.parquet else "read_csv"
            names |= dict(
                ledger.connection.execute(
                    f"select {key('fact')}, fact from {reader}('{source.facts}')"
                ).fetchall()
            )
        related: Named = [
            (rule, names[one], names[part], sign, names[total])
            for rule, one, part, sign, total in ledger.relations()
        ]
        failing: Named = [(rule, names[i], *numbers) for rule, i, *numbers in ledger.failing()]
    return sorted(related, key=str), sorted(failing, key=str)


def test_documents_and_packages_give_the_same_relations(
    contents: PackageContents, tmp_path: Path
) -> None:
    made = [contents]
    for number, name in enumerate(sorted(LAYOUTS)[::4]):
        folder = tmp_path / f"layout-{number}"
        folder.mkdir()
        made.append(read(render(LAYOUTS[name](), "markdown", folder)))
    for layout in ("yuan", "central"):
        draft = make_draft(layout, "sweep")
        draft.format = "markdown"
        path = tmp_path / f"{layout}.{FORMATS['markdown'][0]}"
        path.write_bytes(draw(draft, {}))
        made.append(read(path))
    folders = [in_folder(each, tmp_path / str(number)) for number, each in enumerate(made)]
    related, failing = of_packages(folders)
    assert (related, failing) == of_contents(made)
    assert len(related) > 1_000 and len(failing) > 5
    families = {load_rules()[rule].family for rule, *_ in related}  # type: ignore[index]
    assert families == {
        "row-sum",
        "column-sum",
        "code-sum",
        "equal",
        "class-sum",
        "rows-agree",
        "sum",
    }


def test_real_documents_too(corpus: Path, tmp_path: Path) -> None:
    with checking.Readers() as readers:  # which keep what was read of the corpus
        documents = [each.disclosure for each in readers.read(sorted(corpus.rglob("*.pdf")))]
    made = [compile_contents([each]) for each in documents if each]
    assert len(made) == len(documents)
    folders = [in_folder(each, tmp_path / str(number)) for number, each in enumerate(made)]
    assert of_packages(folders) == of_contents(made)


def test_further_tables_and_other_years_take_no_part(
    contents: PackageContents, tmp_path: Path
) -> None:
    """What ``own`` says is worked out anew from the files: without it there are more relations."""
    folder = in_folder(contents, tmp_path)
    (file,) = folder.glob("data/documents.csv")
    before, _ = of_packages([folder])
    file.write_text(file.read_text("utf-8").replace(",2022,approved,", ",2021,approved,"), "utf-8")
    after, _ = of_packages([folder])
    families = {load_rules()[rule].family for rule, *_ in set(before) - set(after)}  # type: ignore[index]
    assert families == {"class-sum", "rows-agree"}


def test_parquet_gives_the_same_as_csv(package: Package, tmp_path: Path) -> None:
    (tmp_path / "parquet").mkdir()
    write_parquet(package, tmp_path / "parquet")
    assert find_source(tmp_path).parquet and not find_source(package.folder).parquet
    assert of_packages([tmp_path]) == of_packages([package.folder])
    csv_rows = [vars_of(found) for found in Sweep([package.folder])]
    parquet_rows = [vars_of(found) for found in Sweep([tmp_path])]
    assert len(csv_rows) > 3
    assert parquet_rows == csv_rows


def vars_of(found: object) -> dict[str, object]:
    names = [name for name in found.__dataclass_fields__ if name != "package"]  # type: ignore[attr-defined]
    return {name: getattr(found, name) for name in names}


def test_names_that_hash_alike_are_told_apart(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = of_packages([package.folder])
    monkeypatch.setattr(
        sweeping, "_KEYS", (lambda name: f"length({name})::UBIGINT", sweeping._sure)
    )
    assert of_packages([package.folder]) == right


def test_batches_and_repeated_documents(package: Package, tmp_path: Path) -> None:
    copy = shutil.copytree(package.folder / "data", tmp_path / "copy" / "data").parent
    whole = list(Sweep([package.folder]))
    both = Sweep([package.folder, copy], batch=1)
    assert list(both) == whole
    assert both.documents == 1
    assert both.left_out == [f"7a12ebf01553: {copy / 'data' / 'facts.csv'}"]
    assert [found.package for found in Sweep([copy, package.folder])] == [str(copy)] * len(whole)


@pytest.mark.smoke
def test_the_command_lists_what_rounding_does_not_explain(package: Package) -> None:
    ran = CliRunner().invoke(main, ["sweep", str(package.folder)])
    rows = list(csv.DictReader(ran.stdout.splitlines()))
    (wrong,) = [row for row in rows if row["cell"] == "A3"]
    assert (wrong["rule"], wrong["verdict"], wrong["line"]) == ("row-sum", "error", "307")
    assert (wrong["printed"], wrong["unit"]) == ("96.5", "10000")
    assert (wrong["amount"], wrong["expected"], wrong["difference"]) == (
        "965000", "1290000", "-325000",
    )  # fmt: skip
    assert "rounding" not in {row["verdict"] for row in rows}
    assert "136 amounts of 1 documents in 1 packages" in ran.stderr
    assert ran.exit_code == 1
    again = CliRunner().invoke(
        main, ["sweep", str(package.folder), "--format", "jsonl", "--rounding"]
    )
    objects = [json.loads(line) for line in again.stdout.splitlines()]
    assert [{k: str(v) for k, v in o.items() if v is not None} for o in objects
            if o["verdict"] != "rounding"] == [{k: v for k, v in row.items() if v} for row in rows]  # fmt: skip
    assert len(objects) > len(rows)


def damaged(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / "data" / f"{name}.csv"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("facts", "fact,document", "fact,paper", "line 1: columns fact, paper"),
        ("facts", ",24920000,", ",many,", "the amount many is no number"),
        ("documents", "7a12ebf01553", "000000000000", "is of a document that the documents"),
        (
            "facts",
            "\n7a12ebf01553-revenue-expenditure-summary-expenditure-201-amount,",
            "\n7a12ebf01553-revenue-expenditure-summary-revenue-fiscal-appropriation-amount,",
            "is there twice",
        ),
    ],
)
def test_damaged_packages_are_refused(
    package: Package, tmp_path: Path, name: str, old: str, new: str, told: str
) -> None:
    folder = shutil.copytree(package.folder / "data", tmp_path / "data").parent
    damaged(folder, name, old, new)
    with pytest.raises(YusuanError, match=told) as caught:
        list(Sweep([folder]))
    assert "anew" in str(caught.value)


def test_a_folder_without_a_package_is_told(tmp_path: Path) -> None:
    ran = CliRunner().invoke(main, ["sweep", str(tmp_path)])
    assert ran.exit_code == 2
    assert "no package here" in ran.stderr and not ran.stdout


FORKED = """
import multiprocessing, pathlib, sys
from yusuan.checks import check, load_rules
from yusuan.facts import compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

contents = compile_contents([understand(read_document(pathlib.Path(sys.argv[1])))])
# other rules need another ledger, so that the one kept is closed
count = lambda: len(check(contents, list(load_rules())))
found = count()
fork = multiprocessing.get_context("fork")
answer = fork.SimpleQueue()
child = fork.Process(target=lambda: answer.put(count()), daemon=True)
child.start()
child.join(60)
assert child.exitcode == 0, child.exitcode
assert answer.get() == found > 0
"""


def test_a_forked_process_checks_too() -> None:
    """The ledger that is kept for the next document is not that of the parent.

    The parent is a process of its own: this one has threads of other tests, and no child of it is safe.
    """
    ran = subprocess.run(
        [sys.executable, "-c", FORKED, str(SAMPLE)], capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr


def test_amounts_are_fen_or_nothing() -> None:
    """The SQL says of an amount what ``to_fen`` does."""
    texts = ["0", "-0.5", "12.34", "0.001", "92233720368547758.07", "92233720368547758.08", "-7"]
    expected = [0, -50, 1234, None, 2**63 - 1, None, -700]
    for kind, query in (("VARCHAR", sweeping._FEN_OF_TEXT), ("DECIMAL(38, 6)", sweeping._FEN_OF_DECIMAL)):  # fmt: skip
        rows = duckdb.execute(
            f"select {query} from (select '' as fact, unnest(?)::{kind} as amount)", [texts]
        ).fetchall()
        assert [fen for (fen,) in rows] == expected

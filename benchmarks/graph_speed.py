"""A package of many facts to a loaded, validated graph, beside what other tools take.

``python -m benchmarks.graph_speed [FACTS ...] [--others] [--morph PYTHON]`` copies the
document of the sample under other names until there are so many facts (100000 if not told), and
runs every step in a process of its own: CPU seconds and peak memory of each. ``--others`` adds
the same rows as terms of pyoxigraph and of rdflib, and pySHACL where there are few facts;
``--morph`` is the interpreter of an environment in which Morph-KGC is installed.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path

from benchmarks.graph_queries import published, queries
from benchmarks.graph_terms import statements
from benchmarks.rml import rml_mapping
from yusuan.figures import derived_rows
from yusuan.graph.prefixes import PREFIXES
from yusuan.package import Package, open_package
from yusuan.schema import catalogue

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "datapackage"
DOCUMENT = "7a12ebf01553"
COPIED = ("departments", "documents", "facts", "projects", "published-tables", "findings")
YEARS = 25
SLOW = 20_000
"""Facts up to which pySHACL is tried."""

Told = dict[str, float]


def copies(folder: Path, facts: int) -> Package:
    """A package of so many facts or a few more: the sample's document under many names.

    Each department has one for each of 25 years. Amounts differ, as they do in documents; the
    numbers of a copy no longer add up.
    """
    shutil.copytree(SAMPLE, folder)
    package = open_package(SAMPLE)
    each = sum(1 for _ in package.rows("facts"))
    count = -(-facts // each)
    for resource_ in catalogue().resources:
        name = resource_.name
        columns = [field.name for field in resource_.fields]
        if resource_.derived_from or (
            name not in COPIED and not {"document", "finding"} & {*columns}
        ):
            continue
        rows = [row for row in package.rows(name) if name in COPIED and not row.get("claim")]
        places = range(0, count, YEARS) if name == "departments" else range(count)
        made = (_copied(row, place) for place in places for row in rows)
        with (folder / resource_.path).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(made)
    copied = open_package(folder)
    derived: dict[str, list[list[str]]] = defaultdict(list)
    for name, row in derived_rows(copied.rows):
        derived[name].append(row)
    for resource_ in catalogue().derived:
        with (folder / resource_.path).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(field.name for field in resource_.fields)
            writer.writerows(derived[resource_.name])
    return copied


def _copied(row: dict[str, str], place: int) -> Iterable[str]:
    key = f"{place:012x}"
    row = {name: cell.replace(DOCUMENT, key) for name, cell in row.items()}
    if "department" in row:
        row["department"] += f"-{place // YEARS}"
    if "fiscal_year" in row:
        row["fiscal_year"] = str(2000 + place % YEARS)
    if "printed" in row and "amount" in row:
        amount, unit = Decimal(row["amount"]), int(row["unit"])
        row["amount"] = f"{amount + place * unit:f}"
        row["printed"] = f"{amount / unit + place:f}"
    if "division_name" in row:
        row["name"] += f"（{place // YEARS}）"
    return row.values()


def generate(folder: Path) -> Told:
    from yusuan.graph.trig import trig

    with (folder / "made.trig").open("wb") as stream:
        stream.writelines(trig(open_package(folder)))
    return {}


def load(folder: Path) -> Told:
    import pyoxigraph as ox

    from yusuan.graph.write import load_trig

    shutil.rmtree(folder / "store", ignore_errors=True)
    store = ox.Store(str(folder / "store"))
    load_trig(store, folder / "made.trig")
    store.flush()
    return {}


def ask(folder: Path) -> Told:
    import pyoxigraph as ox

    store = ox.Store.read_only(str(folder / "store"))
    base = open_package(folder).base
    return _answered(
        {**queries(base), **published(base)},
        lambda query: len(list(store.query(query, use_default_graph_as_union=True))),  # type: ignore[arg-type]
    )


def write_the_rows(folder: Path) -> Told:
    from yusuan.virtual_graph.rows import write_rows

    path = folder / "rows.duckdb"
    write_rows(open_package(folder), path)
    return {"bytes": path.stat().st_size}


def ask_the_rows(folder: Path) -> Told:
    from yusuan.virtual_graph.answers import RowsEngine
    from yusuan.virtual_graph.patterns import Dataset

    base = open_package(folder).base
    engine = RowsEngine(folder / "rows.duckdb", 1 << 30)
    return _answered(
        {**queries(base), **published(base)},
        lambda query: sum(1 for _ in engine.answer(query, Dataset()).items()),
    )


def validate(folder: Path) -> Told:
    from yusuan.graph.validate import graph_violations

    return {"violations": sum(1 for _ in graph_violations(folder / "made.trig"))}


def with_pyoxigraph(folder: Path) -> Told:
    """The rows as terms of pyoxigraph, serialised as they come."""
    import pyoxigraph as ox

    quads = (
        ox.Quad(
            ox.NamedNode(subject), ox.NamedNode(predicate),
            ox.NamedNode(value) if isinstance(value, str)
            else ox.Literal(value[0], language=value[2]) if value[2]
            else ox.Literal(value[0], datatype=ox.NamedNode(value[1])),
            ox.NamedNode(graph) if graph else ox.DefaultGraph(),
        )
        for subject, predicate, value, graph in statements(open_package(folder))
    )  # fmt: skip
    ox.serialize(quads, output=str(folder / "again.nq"), format=ox.RdfFormat.N_QUADS)
    return {}


def with_rdflib(folder: Path) -> Told:
    """The rows as terms of rdflib in a graph in memory, serialised, then asked."""
    import rdflib

    graph = rdflib.Graph()
    package = open_package(folder)
    for subject, predicate, value, _ in statements(package):
        term = (
            rdflib.URIRef(value) if isinstance(value, str)
            else rdflib.Literal(value[0], lang=value[2]) if value[2]
            else rdflib.Literal(value[0]) if value[1] == str(rdflib.XSD.string)
            else rdflib.Literal(value[0], datatype=rdflib.URIRef(value[1]))
        )  # fmt: skip
        graph.add((rdflib.URIRef(subject), rdflib.URIRef(predicate), term))
    graph.serialize(folder / "again.nt", format="nt", encoding="utf-8")
    return {"triples": len(graph)}


def load_rdflib(folder: Path) -> Told:
    """The triples that rdflib wrote, parsed again, and asked."""
    import rdflib

    start = time.process_time()
    graph = rdflib.Graph().parse(folder / "again.nt", format="nt")
    loaded = time.process_time() - start
    asked = _answered(
        queries(open_package(folder).base), lambda query: len(list(graph.query(query)))
    )
    return {"load alone": loaded, **asked}


def with_morph(folder: Path, python: str) -> Told:
    """The rows by the same mapping in RML."""
    (folder / "mapping.ttl").write_text(rml_mapping(open_package(folder)), "utf-8")
    (folder / "morph.ini").write_text(
        f"[CONFIGURATION]\noutput_format = N-QUADS\noutput_file = {folder}/morph.nq\n"
        "number_of_processes = 1\nlogging_level = ERROR\nna_values = ,\n"
        f"[SOURCE]\nmappings = {folder}/mapping.ttl\n"
    )
    subprocess.run([python, "-m", "morph_kgc", str(folder / "morph.ini")], check=True)
    with (folder / "morph.nq").open("rb") as stream:
        return {"quads": sum(1 for _ in stream)}


def with_pyshacl(folder: Path) -> Told:
    import pyshacl
    import rdflib

    from yusuan.graph.shapes import package_shapes

    graph = rdflib.Dataset(default_union=True).parse(folder / "made.trig", format="trig")
    graph.parse(ROOT / "ontology" / "yusuan.ttl")
    shapes = rdflib.Graph().parse(data=package_shapes(open_package(folder).base))
    conforms, *_ = pyshacl.validate(graph, shacl_graph=shapes)
    return {"conforms": conforms}


def _answered(asked: Mapping[str, str], ask_one: Callable[[str], int]) -> Told:
    told: Told = {}
    for name, query in asked.items():
        start = time.process_time()
        rows = ask_one(query)
        told[f"{name} ({rows} rows)"] = round(time.process_time() - start, 3)
    return told


OURS: dict[str, Callable[[Path], Told]] = {
    "ours: generate": generate, "ours: load": load, "ours: all queries": ask,
    "ours: validate": validate, "ours: write the rows": write_the_rows,
    "ours: all queries of the rows": ask_the_rows,
}  # fmt: skip
OTHERS: dict[str, Callable[[Path], Told]] = {
    "pyoxigraph terms: generate": with_pyoxigraph, "rdflib: generate": with_rdflib,
    "rdflib: load and six queries": load_rdflib, "pySHACL: validate": with_pyshacl,
}  # fmt: skip
MORPH = "Morph-KGC: generate"


def measured(step: str, folder: Path, morph: str, minutes: int, gigabytes: int) -> str:
    """A step in a process of its own, as a row of the table: CPU seconds, megabytes, results."""
    command = [sys.executable, "-m", "benchmarks.graph_speed", "--step", step, str(folder),
               "--morph", morph]  # fmt: skip

    def limited() -> None:
        if not step.startswith("ours"):
            resource.setrlimit(resource.RLIMIT_CPU, (60 * minutes, 60 * minutes))
            resource.setrlimit(resource.RLIMIT_AS, (gigabytes << 30, gigabytes << 30))

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=limited)
    if done.returncode:
        late = {-signal.SIGXCPU, -signal.SIGKILL}
        why = f"{minutes} minutes" if done.returncode in late or "SIGXCPU" in done.stderr else (
            f"{gigabytes} GB" if "Memory" in done.stderr else done.stderr.strip()[-300:])  # fmt: skip
        return f"| {step} | did not finish: {why} | | |"
    told = json.loads(done.stdout.splitlines()[-1])
    cpu, mb = told.pop("cpu"), told.pop("mb")
    results = "; ".join(f"{name} {value:,.10g}" for name, value in told.items())
    return f"| {step} | {cpu:.1f} | {mb:.0f} | {results} |"


def _step(name: str, folder: Path, morph: str) -> None:
    # A tool of another environment is a child; its cost is all that counts then.
    who = resource.RUSAGE_CHILDREN if name == MORPH else resource.RUSAGE_SELF
    before = resource.getrusage(who)
    told = with_morph(folder, morph) if name == MORPH else (OURS | OTHERS)[name](folder)
    used = resource.getrusage(who)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"cpu": cpu, "mb": used.ru_maxrss / 1024, **told}))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("facts", nargs="*", type=int, default=[100_000])
    parser.add_argument("--others", action="store_true", help="pyoxigraph, rdflib, pySHACL as well")
    parser.add_argument("--morph", default="", help="Python of an environment with Morph-KGC")
    parser.add_argument("--minutes", type=int, default=15, help="CPU time that others may take")
    parser.add_argument("--gigabytes", type=int, default=16, help="memory that others may take")
    parser.add_argument("--steps", default="", help="only those whose name has this in it")
    parser.add_argument("--folder", type=Path, help="where the packages are made")
    parser.add_argument("--step", nargs=2, metavar=("STEP", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.step:
        _step(given.step[0], Path(given.step[1]), given.morph)
        return
    for facts in given.facts:
        with tempfile.TemporaryDirectory(dir=given.folder) as around:
            folder = Path(around) / "package"
            count = sum(1 for _ in copies(folder, facts).records("facts"))
            print(f"\n| {count:,} facts | CPU s | peak MB | |\n|---|---|---|---|")
            steps = [*OURS, *(OTHERS if given.others else ())]
            if count > SLOW and given.others:
                steps.remove("pySHACL: validate")
            if given.morph:
                steps.insert(5, MORPH)
            elif given.others:
                print(f"| {MORPH} | not tried: no --morph | | |")
            for step in (step for step in steps if given.steps in step):
                row = measured(step, folder, given.morph, given.minutes, given.gigabytes)
                print(row, flush=True)
            if (made := folder / "made.trig").exists():
                with made.open("rb") as stream:
                    quads = sum(line.endswith((b" ;\n", b" .\n")) for line in stream)
                print(f"\n{quads - len(PREFIXES):,} quads in {made.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

"""Whether the tests notice when a threshold moves: ``python -m benchmarks.thresholds``.

A threshold is a number at the top of a module that tunes what is recognised, joined or judged
(``FOLDERS``). Each is moved a step up and a step down in a forked process, in which the tests run that
call a function which reads it. ``record`` finds these: it runs the tests once and notes which
functions each calls, in ``build/thresholds.json``. They run within a budget of processor time for
each move, those named like the module first.

A move is noticed when one of them fails, or takes ten times longer.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import os
import re
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from tests.conftest import ROOT

from yusuan.workers import pool

FOLDERS = (
    "sources", "tables", "narrative", "facts", "linking", "error_localisation", "checks", "codes", "model",
)  # fmt: skip
NO_THRESHOLDS = {
    "sources/limits.py": "what a hostile file may take; held by tests/attacks",
    "sources/read.py _HEAD": "bytes looked at", "sources/archive.py _UTF8_FLAG": "a format's",
    "sources/containers.py _HEADER": "a format's", "sources/containers.py _FREE": "a format's",
    "sources/spreadsheets/date_format.py _LAST_DAY": "a format's",
    "sources/spreadsheets/number_format.py _MOST_PLACES": "a format's",
    "sources/spreadsheets/ods.py _MOST_COLUMNS": "a format's",
    "sources/spreadsheets/ods.py _STYLE_DEPTH": "a limit", "sources/word.py _DEEPEST": "a limit",
    "sources/spreadsheets/conditional_format.py _MOST_LOOKS": "a limit",
    "sources/spreadsheets/xls.py _STRUCK": "a format's",
    "sources/pdf/hidden_text.py _CATALOGUE": "a limit",
    "sources/pdf/hidden_text.py _CLIP_POINTS": "speed: others are looked at in a drawing",
    "sources/pdf/visibility.py _TURNS": "speed: how often a page is drawn",
    "sources/pdf/lines.py _LONGEST": "speed: the end of a word that can be decimals",
    "sources/pdf/joining.py _EARLIER": "speed: tables that each table is compared with",
    "sources/pdf/markup.py _CURVES": "a format's",
    "sources/html_styles.py _SCREEN": "a convention",
    "sources/aligned_text.py _PLACE": "a convention", "sources/aligned_text.py _PITCH": "a convention",
    "sources/pdf/rendering.py _SCALE": "a resolution", "sources/pdf/rendering.py _PIXELS": "a limit",
    "sources/pdf/visibility.py _CELL": "a resolution", "sources/pdf/visibility.py _CELLS": "a limit",
    **dict.fromkeys(
        (f"sources/spreadsheets/{name}" for name in (
            "xlsx.py _ROWS", "xlsx.py _COLUMNS", "xls.py _BOUND_SHEET", "xls.py _BEGIN", "xls.py _END",
            "xls.py _FORMULA", "xls.py _CONDITIONAL", "xls.py _RULE",
        )), "a format's",
    ),
    **dict.fromkeys(
        (f"tables/undetected.py {name}" for name in ("_MOST_WAYS", "_MOST_COLUMNS", "_MOST_ROWS")),
        "speed",
    ),
    "lexicon/numbers.py _LONGEST_CELL": "speed: no number is as long",
    "checks/run.py _TOGETHER": "speed", "checks/sql/sweep.py BATCH": "speed",
    "checks/rulefile.py _DEEPEST": "a limit", "checks/families/projects.py _MOST_CHOICES": "speed",
    "checks/families/plausible.py _LEAP": "the calendar", "facts/codes.py COFOG_YEAR": "a publication",
    "checks/families/plausible.py _WHOLE": "100 %", "checks/families/rates.py _WHOLE": "100 %",
    "tables/columns.py _DEEPEST": "no limit", "tables/mending.py _ADDED": "speed: no class has as many rows",
    "narrative/passages.py _LONGEST_PASSAGE": "a limit",
    "error_localisation/explanations.py _MANY": "speed: a range that is gone through",
    "error_localisation/localisation.py EXPLANATIONS": "speed: more are not sought, and called incomplete",
    "checks/families/slipped.py _MOST_ROWS": "speed", "checks/families/slipped.py _MOST_TRIED": "speed",
    "checks/families/code_names.py SEARCHED": "speed: the finding says that no more were sought",
    "narrative/identity.py _MOST_NAMES": "speed", "narrative/quantities.py _LOOK_BACK": "speed",
}  # fmt: skip
"""By module or constant, with what it is instead."""

RECORD = ROOT / "build" / "thresholds.json"
TESTS = (
    "tests/sources", "tests/linking", "tests/error_localisation", "tests/codebooks", "tests/corrections",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").glob("test_*.py")),
)  # fmt: skip
SLOW_FIXTURES = frozenset({"package", "mixed", "corpus", "corpus_checked", "readers", "pool"})
OWN_PROCESSES = frozenset(
    f"tests/{name}.py" for name in (
        "test_reading", "test_wheel", "test_docs", "test_dependencies", "test_cli", "test_corpus_verdicts",
        "test_corpus_coverage", "test_representative", "test_architecture", "sources/test_hostile",
        "sources/test_legacy",
    )
)  # fmt: skip
"""Tests of programs and processes, which say nothing of one threshold."""
LONGEST_TEST = 2.0
"""Seconds of a processor; a test that takes longer is left out."""
SOURCE = ROOT / "src" / "yusuan"
_QUIETLY = ("-qq", "-p", "no:cacheprovider", "-o", "addopts=")


@dataclass(frozen=True)
class Threshold:
    """A constant with its value, and the functions that read it: by module their first lines."""

    module: str
    name: str
    value: int | float
    readers: Mapping[str, frozenset[int]]

    @property
    def moves(self) -> tuple[int | float, int | float]:
        """A step up and a step down: one of a small number, a quarter of others."""
        if isinstance(self.value, int) and abs(self.value) < 10:
            return self.value + 1, self.value - 1
        step = abs(self.value) / 4
        up, down = self.value + step, self.value - step
        return (round(up), round(down)) if isinstance(self.value, int) else (up, down)


def thresholds() -> Iterator[Threshold]:
    """All of ``FOLDERS``."""
    trees = {
        path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text("utf-8"))
        for folder in FOLDERS
        for path in sorted((SOURCE / folder).rglob("*.py"))
    }
    for module, tree in trees.items():
        for name, value in _numbers(tree):
            if module not in NO_THRESHOLDS and f"{module} {name}" not in NO_THRESHOLDS:
                using = {each: trees[each] for each in trees if _imports(trees[each], module, name)}
                readers = {
                    each: _readers(SOURCE / each, using[each], name) for each in using
                } | {module: _readers(SOURCE / module, tree, name)}  # fmt: skip
                yield Threshold(module, name, value, readers)


def _imports(tree: ast.Module, module: str, name: str) -> bool:
    """Whether a module imports a constant of another."""
    source = f"yusuan.{module[:-3].replace('/', '.')}"
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == source
        and any(alias.name == name for alias in node.names)
        for node in tree.body
    )


def _numbers(tree: ast.Module) -> Iterator[tuple[str, int | float]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                pairs = list(zip(names, values, strict=False))
            case ast.Assign(targets=[name], value=value):
                pairs = [(name, value)]
            case ast.AnnAssign(target=name, value=ast.expr() as value):
                pairs = [(name, value)]
            case _:
                continue
        for name, value in pairs:
            with contextlib.suppress(ValueError, TypeError):
                number = ast.literal_eval(value)
                if (
                    isinstance(name, ast.Name)
                    and name.id.isupper()
                    and type(number) in (int, float)
                ):
                    yield name.id, number


def _readers(path: Path, tree: ast.Module, name: str) -> frozenset[int]:
    """The first lines of the functions that read a name, as their code objects have them."""

    def lines(code: CodeType) -> Iterator[int]:
        inner = [each for each in code.co_consts if isinstance(each, CodeType)]
        for each in inner:
            nested = [c for c in each.co_consts if isinstance(c, CodeType)]
            if name in each.co_names or any(name in c.co_names for c in nested):
                yield each.co_firstlineno
            yield from lines(each)

    return frozenset(lines(compile(tree, str(path), "exec")))


class Recorder:
    """A pytest plugin that notes which functions of ours each test that passes calls, and how long it
    takes (seconds of a processor)."""

    def __init__(self) -> None:
        self.tests: dict[str, dict[str, Any]] = {}
        self._failed: set[str] = set()
        self._called: set[int] = set()
        self._codes: dict[int, CodeType] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [
            item
            for item in items
            if not SLOW_FIXTURES & set(getattr(item, "fixturenames", ()))
            and _file(item.nodeid) not in OWN_PROCESSES
        ]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._called.clear()
        began = time.process_time()
        sys.settrace(self._note)  # of calls alone
        try:
            return (yield)
        finally:
            sys.settrace(None)
            found = defaultdict(set)
            for number in self._called:
                code = self._codes[number]
                if code.co_filename.startswith(str(SOURCE)):
                    module = Path(code.co_filename).relative_to(SOURCE).as_posix()
                    found[module].add(code.co_firstlineno)
            self.tests[_name(item)] = {
                "seconds": round(time.process_time() - began, 3),
                "calls": {module: sorted(lines) for module, lines in found.items()},
                "failed": item.nodeid in self._failed,
            }

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.outcome != "passed":
            self._failed.add(report.nodeid)

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if id(code) not in self._called:
            self._called.add(id(code))
            self._codes[id(code)] = code  # so that no other gets its number


def record(tests: Sequence[str]) -> None:
    """Run the tests once and write what each calls."""
    pool._PROCESSES = False  # what is read in another process is not seen
    noting = Recorder()
    pytest.main([*_QUIETLY, *tests], plugins=[noting])
    RECORD.parent.mkdir(exist_ok=True)
    known = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    run = {_file(name) for name in noting.tests}
    kept = {name: test for name, test in known.items() if _file(name) not in run}
    RECORD.write_text(json.dumps({**kept, **noting.tests}, indent=0))


class Collected:
    """A pytest plugin that notes the names of the tests there are, and keeps those asked for, in
    their order. Names on the command line will not do: pytest escapes an identifier that is not
    ASCII once more each time it collects in one process, and then does not find it."""

    def __init__(self, asked: Sequence[str] | None = None) -> None:
        self.names: set[str] = set()
        self._asked = asked

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        found = {_name(item): item for item in items}
        self.names.update(found)
        if self._asked is not None:
            items[:] = [found[name] for name in self._asked]


def _name(item: pytest.Item) -> str:
    return re.sub(r"\\+", r"\\", item.nodeid)


def _file(test: str) -> str:
    return test.partition("::")[0]


def related(threshold: Threshold, tests: Mapping[str, Any], budget: float) -> list[str]:
    """The tests that call a function which reads a threshold, within a budget: first those whose
    file or own name has that of its module, then those that call least besides."""
    stem = Path(threshold.module).stem
    found = sorted(
        (
            stem not in name,
            sum(map(len, test["calls"].values())),
            test["seconds"],
            name,
        )
        for name, test in tests.items()
        if not test["failed"]
        and test["seconds"] <= LONGEST_TEST
        and any(
            lines & set(test["calls"].get(module, ()))
            for module, lines in threshold.readers.items()
        )
    )
    chosen: list[str] = []
    for _, _, seconds, name in found:
        budget -= seconds
        if budget < 0 and chosen:
            break
        chosen.append(name)
    return chosen


def noticed(threshold: Threshold, value: int | float, tests: Sequence[str], budget: float) -> bool:
    """Whether one of the tests fails where a threshold is moved, in a process of its own.

    Raises RuntimeError where pytest could not run the tests, which says nothing of the threshold."""
    child = os.fork()
    if not child:
        status = 3
        try:
            seconds = int(10 + 10 * budget)
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            _move(threshold, value)
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            files = dict.fromkeys(map(_file, tests))
            status = int(pytest.main([*_QUIETLY, "-x", *files], plugins=[Collected(tests)]))
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1, -signal.SIGXCPU, -signal.SIGKILL):
        raise RuntimeError(f"{threshold.module} {threshold.name}: pytest ended with {code}")
    return code != 0


def _move(threshold: Threshold, value: int | float) -> None:
    """Set a constant in its module and in those that have imported it."""
    own = import_module(f"yusuan.{threshold.module[:-3].replace('/', '.')}")
    before = getattr(own, threshold.name)
    for name, module in list(sys.modules.items()):
        if name.startswith("yusuan.") and vars(module).get(threshold.name, None) is before:
            setattr(module, threshold.name, value)


def main() -> None:
    """Print each threshold with what was noticed, and the share of all moves."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("action", nargs="?", choices=["move", "record"], default="move")
    parser.add_argument("--tests", nargs="+", default=list(TESTS), help="what to record")
    parser.add_argument("--only", default="", help="part of the names (module NAME) to move")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of all, each Nth")
    parser.add_argument("--seconds", type=float, default=4.0, help="of tests for each move")
    options = parser.parse_args()
    if options.action == "record":
        record(options.tests)
        return
    tests = json.loads(RECORD.read_text())
    pool._PROCESSES = False
    began = time.process_time()
    chosen = [t for t in thresholds() if options.only in f"{t.module} {t.name}"][:: options.every]
    # imported once, for all forks; tests that are gone since they were recorded are left out
    there = Collected()
    files = sorted({file for file in map(_file, tests) if (ROOT / file).exists()})
    pytest.main([*_QUIETLY, "--collect-only", *files], plugins=[there])
    tests = {name: test for name, test in tests.items() if name in there.names}
    moves = held = 0
    for threshold in chosen:
        run = related(threshold, tests, options.seconds)
        found = [bool(run) and noticed(threshold, v, run, options.seconds) for v in threshold.moves]
        moves, held = moves + 2, held + sum(found)
        marks = " ".join(
            f"{value:g} {'noticed' if seen else 'NOT NOTICED' if run else 'NO TEST'}"
            for value, seen in zip(threshold.moves, found, strict=True)
        )
        print(f"{threshold.module} {threshold.name} = {threshold.value:g}: {marks} ({len(run)} tests)",
              flush=True)  # fmt: skip
    spent = time.process_time() + sum(os.times()[2:4]) - began
    print(
        f"{held} of {moves} moves of {len(chosen)} thresholds noticed ({held / max(moves, 1):.0%}), {spent:.0f} s of a processor"
    )


if __name__ == "__main__":
    main()

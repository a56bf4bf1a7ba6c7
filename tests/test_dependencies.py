"""The locks hold what pyproject.toml asks for, and licences and audits are judged on both sides."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.dependencies import LOCKS, ROOT, Metadata, Pin, Policy, audited, pins, policy

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RUNTIME = [Requirement(text) for text in PROJECT["dependencies"]]
DEVELOPMENT = [Requirement(text) for text in PROJECT["optional-dependencies"]["dev"]]
CHECKERS = {
    "mypy",
    "ruff",
    "axe-playwright-python",
    "playwright",
    "pandas-stubs",
    "types-pyyaml",
    "types-lxml",
}
"""Not in the lowest set: nothing that runs needs them, and `make check` tries the locked ones."""

every_lock = pytest.mark.parametrize("name", ["runtime", "development", "lowest"])


def lock(name: str) -> dict[str, list[Pin]]:
    found: dict[str, list[Pin]] = {}
    for pin in pins(LOCKS / f"{name}.txt"):
        found.setdefault(canonicalize_name(pin.requirement.name), []).append(pin)
    return found


def minimum(requirement: Requirement) -> Version:
    (version,) = (one.version for one in requirement.specifier if one.operator == ">=")
    return Version(version)


def needed(name: str) -> Iterator[Requirement]:
    yield from RUNTIME
    if name != "runtime":
        yield from DEVELOPMENT


@every_lock
def test_every_requirement_is_locked_within_its_bounds(name: str) -> None:
    """Run `make lock` after changing a bound in pyproject.toml."""
    held = lock(name)
    for requirement in needed(name):
        key = canonicalize_name(requirement.name)
        if name == "lowest" and key in CHECKERS:
            continue
        assert key in held, f"{key} is not in requirements/{name}.txt: run `make lock`"
        for pin in held[key]:
            assert pin.version in requirement.specifier, f"{key}: run `make lock`"


@every_lock
def test_a_lock_names_hashes_and_no_place(name: str) -> None:
    """Whatever mirror serves the files, they are the same."""
    for entries in lock(name).values():
        for pin in entries:
            assert pin.hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in pin.hashes)
            assert pin.requirement.url is None
    text = (LOCKS / f"{name}.txt").read_text("utf-8")
    assert not re.search(r"://|^\s*-(?!-hash=)", text, re.MULTILINE)


def test_what_builds_the_wheel_is_installed_by_hash() -> None:
    """docs/deploy.md names what its build needs, all of which is locked."""
    (named,) = re.findall(
        r"sed -nE '/\^\(([^)]+)\)==", (ROOT / "docs" / "deploy.md").read_text("utf-8")
    )
    needed = {"pip", "hatchling", *(
        canonicalize_name(requirement.name)
        for requirement in map(Requirement, metadata.requires("hatchling") or ())
        if requirement.marker is None or requirement.marker.evaluate()
    )}  # fmt: skip
    assert set(named.split("|")) == needed <= set(lock("development"))


def test_the_lowest_set_is_the_minimums() -> None:
    """So that what `make lowest` tries is what pyproject.toml promises."""
    held = lock("lowest")
    for requirement in (*RUNTIME, *DEVELOPMENT):
        key = canonicalize_name(requirement.name)
        if key not in CHECKERS:
            assert {Version(pin.version) for pin in held[key]} == {minimum(requirement)}, key


def test_what_runs_is_what_is_developed_with() -> None:
    development = lock("development")
    for key, entries in lock("runtime").items():
        assert [str(pin.requirement) for pin in entries] == [
            str(pin.requirement) for pin in development[key]
        ]


def test_make_installs_with_locked_tools_alone() -> None:
    """Without build isolation: pip and what builds the project are of the lock."""
    assert {"pip", "hatchling"} <= lock("development").keys()


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_each_python_and_platform_gets_one_version_of_each(python: str, platform: str) -> None:
    environment = {
        "python_version": python, "python_full_version": f"{python}.9", "sys_platform": platform,
        "platform_python_implementation": "CPython", "implementation_name": "cpython",
    }  # fmt: skip

    def applies(marker: Marker | None) -> bool:
        return marker is None or marker.evaluate(environment)

    held = lock("development")
    for requirement in needed("development"):
        entries = held[canonicalize_name(requirement.name)]
        assert sum(applies(pin.requirement.marker) for pin in entries) == 1, requirement.name


def test_distributions_are_judged_by_what_they_state() -> None:
    held = policy()

    def judged(**fields: str | list[str]) -> bool:
        stated = {
            key.replace("_", "-"): value if isinstance(value, list) else [value]
            for key, value in fields.items()
        }
        return held.judged("something", Metadata(stated))[0]

    osi = "License :: OSI Approved :: "
    assert judged(License_Expression="MIT")
    assert judged(License_Expression="BSD-3-Clause AND (GPL-3.0-only OR Apache-2.0)")
    assert judged(License_Expression="Apache-2.0 WITH LLVM-exception")
    assert judged(License="BSD", Classifier=["Framework :: X", f"{osi}BSD License"])
    assert judged(License="MIT License", Classifier=["License :: OSI Approved"])
    assert judged(License_Expression="MPL-2.0")

    assert not judged(License_Expression="AGPL-3.0-or-later")
    assert not judged(License_Expression="GPL-2.0-only")
    assert not judged(License_Expression="LGPL-3.0-or-later")
    assert not judged(License_Expression="MIT AND GPL-3.0-only")
    assert not judged(License_Expression="MIT OR")
    assert not judged(License_Expression="(MIT")
    assert not judged(License_Expression="MIT MIT")
    assert not judged(
        Classifier=[f"{osi}MIT License", f"{osi}GNU Affero General Public License v3"]
    )
    assert not judged(License="", Classifier=[])
    assert not judged(License="Proprietary")
    # The expression is the newer field: what else is said does not count.
    assert not judged(License_Expression="GPL-3.0-only", Classifier=[f"{osi}MIT License"])


def test_what_was_looked_up_replaces_what_is_stated() -> None:
    held = Policy({"MIT": []}, {"one": "MIT OR GPL-2.0-only", "two": "GPL-2.0-only"})
    stated = Metadata({"License-Expression": ["GPL-2.0-only"]})
    assert held.judged("one", stated) == (True, "MIT OR GPL-2.0-only")
    assert not held.judged("two", Metadata({"License-Expression": ["MIT"]}))[0]
    assert not held.judged("three", stated)[0]


def test_what_was_looked_up_is_still_installed() -> None:
    assert policy().looked_up.keys() <= lock("runtime").keys()


KNOWN = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
CLEAN = {"name": "b", "version": "1", "vulns": []}
UNKNOWN = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("found", "status", "says"),
    [
        ([CLEAN], 0, "no vulnerability is known of 1"),
        ([CLEAN, KNOWN, UNKNOWN], 1, "a 1: PYSEC-1, mended in 2"),
        ([CLEAN, UNKNOWN], 2, "not audited: the service knows nothing of 1 of 2"),
        ([], 2, "not audited"),
        (None, 2, "not audited: no advisory service could be reached"),
    ],
)
def test_an_audit_without_answers_is_no_pass(
    found: list[object] | None,
    status: int,
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = tmp_path / "answer.json"
    if found is not None:
        answer.write_text(json.dumps({"dependencies": found}), "utf-8")
    assert audited(answer) == status
    assert says in capsys.readouterr().out

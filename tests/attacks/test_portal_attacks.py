"""A CKAN that fails, in small; ``python -m tests.attacks.portal`` tries every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks import portal
from tests.attacks.victim import victim
from yusuan import Package


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Package, Package]:
    """A package, and what it becomes."""
    folder = tmp_path_factory.mktemp("portal")
    before = portal.with_terms(victim(folder))
    return before, portal.changed(before, folder / "changed")


@pytest.mark.parametrize("point", portal.IN_SMALL, ids=str)
def test_a_portal_that_fails_does_no_harm(
    states: tuple[Package, Package], point: portal.Point, tmp_path: Path
) -> None:
    assert list(portal.mistakes(*states, point, tmp_path)) == []


def test_the_faults_are_many() -> None:
    assert len(portal.points()) > 500

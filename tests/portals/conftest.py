"""The sample published as a site, once for all tests that only look at it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from yusuan import Package
from yusuan.portals import publish_static

ROOT = Path(__file__).resolve().parents[2]
SITE = "https://data.example.org/budget/"


@pytest.fixture(scope="session")
def site(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("published") / "site"
    publish_static(package, out, site=SITE)
    return out


@pytest.fixture(scope="session")
def reference() -> Path:
    """Specifications kept outside the repository."""
    folder = Path(os.environ.get("YUSUAN_REFERENCE", ROOT.parent / "shared" / "reference"))
    if not folder.is_dir():
        pytest.skip(f"the reference specifications are not at {folder} (set YUSUAN_REFERENCE)")
    return folder

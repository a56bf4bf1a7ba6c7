"""What every test may use: the sample disclosure, and one package built from it."""

from __future__ import annotations

import copy
import fcntl
import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import yusuan
from tests.browser import real_browser
from tests.readers import shared_readers
from tests.representative import FULL, few_or
from tests.show.disclosures import pdf_disclosure
from tests.sources.makers import MAKERS, archive, text_file
from yusuan.codes import store
from yusuan.facts import PackageContents, compile_contents
from yusuan.narrative.disclosure import Disclosure, understand
from yusuan.pipeline import CheckedSources, check_sources
from yusuan.sources import read_document

# How long an example takes says more of the machine than of the code.
settings.register_profile("untimed", deadline=None, max_examples=few_or(50, 100))
settings.load_profile("untimed")

# As the command does it: looking for garbage every 700 objects takes a tenth of the time.
gc.set_threshold(100_000, 20, 20)

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "datapackage" / "source" / "7a12ebf01553.txt"
CORPUS = Path(os.environ.get("YUSUAN_CORPUS", ROOT.parent / "shared" / "corpus"))


def pytest_collection_finish() -> None:
    """What was collected stays to the end and need not be looked through for garbage."""
    gc.collect()
    gc.freeze()


def of_run(factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run of the tests share."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def built_once(
    factory: pytest.TempPathFactory, name: str, build: Callable[[Path], yusuan.Package]
) -> yusuan.Package:
    """A package that all workers of a run read; the first that needs it builds it."""
    shared = of_run(factory) / name
    with shared.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker may be building it
        if not shared.exists():
            own = factory.mktemp(name)
            build(own / "package")
            own.rename(shared)
    return yusuan.open_package(shared / "package")


@pytest.fixture(scope="session", autouse=True)
def same_for_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The code lists, the cache and the language of whoever runs the tests have no say in them; readers
    are shared."""
    kept = of_run(tmp_path_factory) / "read"
    kept.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(of_run(tmp_path_factory) / "cache"))
        patch.setenv("LC_ALL", "C.UTF-8")
        patch.delenv("YUSUAN_LANG", raising=False)
        patch.setenv(store.VARIABLE, str(tmp_path_factory.mktemp("no-codes")))
        with shared_readers(kept, [SAMPLE.parent, CORPUS]):
            yield


@pytest.fixture(scope="session")
def quick_framework() -> Iterator[None]:
    """Validation by Frictionless in half the time, for tests of what is found in packages.

    It copies every field of every table, and of every table that one refers to, by way of a
    descriptor which it checks anew. Here a field is copied as it is. That the framework untouched finds
    the package valid is tested in ``test_package.py``.
    """
    from frictionless import Field

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Field, "to_copy", copy.copy)
        yield


@pytest.fixture(scope="session")
def sample() -> Path:
    """The founding document: a department's 2022 budget disclosure."""
    return SAMPLE


@pytest.fixture(scope="session")
def disclosure(sample: Path) -> Disclosure:
    return understand(read_document(sample))


@pytest.fixture(scope="session")
def contents(disclosure: Disclosure) -> PackageContents:
    return compile_contents([disclosure])


@pytest.fixture(scope="session")
def package(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> yusuan.Package:
    """The sample built whole: package, database, graph. Read it, never write into it."""
    return built_once(tmp_path_factory, "built", lambda folder: yusuan.build(sample, folder))


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> yusuan.Package:
    """One disclosure as PDF (upright and turned), XLSX, CSV, DOCX, text, and PDF in a ZIP."""
    folder = tmp_path_factory.mktemp("mixed")
    files = {
        "一.pdf": pdf_disclosure(), "转.pdf": pdf_disclosure(90),
        "包.zip": archive({"附件/表#1.pdf": pdf_disclosure(180)}),
        **{f"表.{suffix}": MAKERS[suffix]() for suffix in ("xlsx", "csv", "docx")},
        "文.txt": text_file(),
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return built_once(tmp_path_factory, "mixed-built", lambda built: yusuan.build(folder, built))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real disclosures of other provinces, which are not part of this repository."""
    if not CORPUS.is_dir():
        pytest.skip(f"the corpus of real disclosures is not at {CORPUS} (set YUSUAN_CORPUS)")
    return CORPUS


def some_of(corpus: Path) -> list[Path]:
    """The smallest PDF of each folder of the corpus; in a full run, all of them."""
    found = sorted(corpus.rglob("*.pdf"), key=lambda path: path.stat().st_size)
    small = {path.parent: path for path in reversed(found)}
    return sorted(found if FULL else small.values())


@pytest.fixture(scope="session")
def corpus_checked(corpus: Path) -> CheckedSources:
    """The corpus read and checked. Look at it, never change it."""
    return check_sources(corpus)


@pytest.fixture(scope="session")
def corpus_linked(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> yusuan.Package:
    """A package of each folder of the corpus, joined: all of it. Read it, never write into it."""

    def linked(folder: Path) -> yusuan.Package:
        apart = tmp_path_factory.mktemp("corpus")
        parts = sorted(path for path in corpus.iterdir() if path.is_dir())
        built = [yusuan.build(part, apart / part.name, jobs=2).folder for part in parts]
        return yusuan.link(built, folder)

    return built_once(tmp_path_factory, "corpus-linked", linked)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A real browser; tests that need it say so where there is none."""
    with real_browser() as browser:
        yield browser

"""Inputs that are large in one dimension, in small; ``large`` reads them at their full size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.attacks import oversize
from tests.attacks.oversize import LARGE, Blocks
from yusuan import reading
from yusuan.model.document import Document
from yusuan.model.errors import YusuanError
from yusuan.reading import Readers
from yusuan.sources import limits, read_document

CONVERTED = ("rtf", "odt")
"""Formats that an office program reads first, which takes seconds."""


def test_all_are_read_or_refused(tmp_path: Path) -> None:
    """Four of each thing; no reader dies, hangs or makes a mistake."""
    paths = []
    for number, each in enumerate(each for each in LARGE if each.suffix not in CONVERTED):
        folder = tmp_path / str(number)
        folder.mkdir()
        paths.append(each.write(folder, 4 / each.size))
    with Readers() as readers:
        results = list(readers.read(paths))
    kinds = [result.kind for result in results]
    assert {*kinds} <= {"read", "refused"}, [r.error for r in results if r.kind not in kinds]
    assert kinds.count("read") > 0.9 * len(kinds), [r.error for r in results if r.error]


def _tables(count: int) -> Blocks:
    return [block for n in range(count) for block in (f"说明{n}", (("甲", "乙"), ("1", "2")))]


LIMITS: tuple[tuple[str, int, str, Callable[[int], bytes]], ...] = (
    ("TABLES", 3, "txt", lambda n: oversize.txt(_tables(n))),
    ("PARAGRAPHS", 5, "txt", lambda n: oversize.txt(["说明"] * n)),
    ("WORD_PARAGRAPHS", 5, "docx", lambda n: oversize.docx([""] * (n - 1) + ["说明"])),
    ("PAGE_TAGS", 12, "html", lambda n: b"<p>x</p>" + b"<b>" * (n - 2)),
    ("PAGE_ATTRIBUTES", 6, "html", lambda n: b"<p>x</p>" + b"<b a=1>" * n),
)


@pytest.mark.parametrize(("name", "most", "suffix", "make"), LIMITS, ids=lambda v: str(v)[:20])
def test_a_limit_refuses_what_is_beyond_it_only(
    name: str, most: int, suffix: str, make: Callable[[int], bytes],
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(limits, name, most)
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(make(most))
    assert read_document(path).blocks
    path.write_bytes(make(most + 1))
    with pytest.raises(YusuanError, match=f"{most} "):
        read_document(path)


def test_a_document_that_takes_the_processor_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(document: Document) -> None:
        while True:
            pass

    path = tmp_path / "a.txt"
    path.write_text("部门预算", "utf-8")
    monkeypatch.setattr(limits, "PROCESSOR_SECONDS", 0.05)
    monkeypatch.setattr(reading, "understand", endless)
    with pytest.raises(YusuanError, match=r"a\.txt: takes more than 0\.05 seconds"):
        reading.start()({"path": str(path)}, b"")

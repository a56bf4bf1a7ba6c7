"""A short run of the fuzzer over every format; ``python -m benchmarks.fuzz`` is the long one."""

import pytest
from benchmarks.fuzz import FORMATS, fuzz

from tests.representative import few_or

COUNT = few_or(4, 100)


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_files_are_read_or_refused(name: str) -> None:
    counts, mistakes, _, _ = fuzz(name, [FORMATS[name]()], COUNT, seed=20)
    assert mistakes == []
    assert counts["read"] + counts["refused"] > 0

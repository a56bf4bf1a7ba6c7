"""Damaged files of every format end in a reading or in one sentence, never in a traceback."""

import io
import zipfile
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sources.makers import MAKERS
from yusuan.model.errors import YusuanError
from yusuan.sources.formats import FORMATS
from yusuan.sources.kinds import kind_of
from yusuan.sources.reading import Reading

FLIPS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), max_size=8)
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@cache
def made(suffix: str) -> bytes:
    return MAKERS[suffix]()


def damaged(content: bytes, flips: list[tuple[int, int]], cut: int) -> bytes:
    data = bytearray(content)
    for place, change in flips:
        data[place % len(data)] ^= change
    return bytes(data[: len(data) - cut % len(data)])


def attempt(content: bytes, suffix: str) -> None:
    name = f"broken.{suffix}"
    try:
        kind = kind_of(content, f".{suffix}", name)
        reading = FORMATS[kind].read(content, name)
    except YusuanError as error:
        assert name in str(error)
        assert "\n" not in str(error)
    else:
        assert isinstance(reading, Reading)


@pytest.mark.parametrize("suffix", MAKERS)
@QUICK
@given(flips=FLIPS, cut=st.sampled_from([0, 0, 1, 100, 3000, 7919]))
def test_damaged_bytes(suffix: str, flips: list[tuple[int, int]], cut: int) -> None:
    attempt(damaged(made(suffix), flips, cut), suffix)


def main_part(suffix: str) -> str:
    with zipfile.ZipFile(io.BytesIO(made(suffix))) as container:
        names = container.namelist()
    return next(n for n in names if n.endswith(("document.xml", "sheet1.xml", "content.xml")))


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "ods"])
@QUICK
@given(flips=FLIPS, cut=st.sampled_from([0, 0, 0, 1, 500]))
def test_damaged_parts_in_a_sound_container(
    suffix: str, flips: list[tuple[int, int]], cut: int
) -> None:
    part = main_part(suffix)
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made(suffix))) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, damaged(content, flips, cut) if name == part else content)
    attempt(stream.getvalue(), suffix)

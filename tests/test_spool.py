"""Values put away in a file while a run goes over many documents."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yusuan.files import spool
from yusuan.files.spool import Records, Spool

KEYS = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(KEYS, st.one_of(st.none(), st.text()))), st.integers(1, 4))
def test_a_spool_is_a_dictionary(steps: list[tuple[str, str | None]], held: int) -> None:
    """None stands for taking a value out."""
    expected: dict[str, str] = {}
    tried: Spool[str] = Spool(held)
    for key, value in steps:
        if value is None:
            assert tried.pop(key, None) == expected.pop(key, None)
        else:
            tried[key] = expected[key] = value
        assert list(tried) == list(expected) and len(tried) == len(expected)
    assert dict(tried) == expected


@given(st.dictionaries(KEYS, st.lists(st.integers())), st.integers(1, 3))
def test_records_come_back_in_their_order(documents: dict[str, list[int]], held: int) -> None:
    tried: Records[int] = Records(held)
    for document, records in documents.items():
        tried.add(document, records)
    flat = [number for records in documents.values() for number in records]
    assert tried == flat and len(tried) == len(flat) and tried[:2] == flat[:2]
    for document, records in documents.items():
        assert tried.of(document) == records
    assert tried.of("another") == []


def test_only_the_latest_values_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run over a few documents writes nothing; one over many leaves no file behind."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    tried: Spool[bytes] = Spool(2)
    for number in range(2):
        tried[str(number)] = bytes(100)
    assert tried._file is None
    for number in range(2, 50):
        tried[str(number)] = bytes(100)
    assert tried._file is not None and len(tried._held) == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_told_with_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(
        spool.tempfile,
        "TemporaryFile",
        lambda: Path("/dev/full").open("r+b", buffering=0),  # noqa: SIM115
    )
    tried: Spool[bytes] = Spool(1)
    tried["a"] = bytes(100)
    with pytest.raises(OSError, match="No space left") as raised:
        tried["b"] = bytes(100)
    assert raised.value.filename == str(tmp_path)

"""What reading processes send is data: whole when it is right, refused when it is not."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yusuan.narrative.disclosure import Disclosure
from yusuan.process.serialization import BadReply, RecordCodec
from yusuan.reader import Reply, packed, unpacked


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("run",)


def test_a_disclosure_comes_back_as_it_was(disclosure: Disclosure) -> None:
    back = unpacked(packed(Reply("read", disclosure))).value
    assert back == disclosure
    grids = {id(table.rows) for table in back.tables}
    assert len(grids) == len(back.tables)


def test_records_that_stand_twice_come_back_as_one(disclosure: Disclosure) -> None:
    codec = RecordCodec(Disclosure)
    back = codec.decode(codec.encode((disclosure, disclosure)), tuple)
    assert back[0] is back[1]


def test_a_pickle_is_refused_and_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadReply):
        unpacked(pickle.dumps(Evil()))
    assert capsys.readouterr().out == ""


def message(tree: object) -> bytes:
    text = json.dumps(tree).encode()
    return len(text).to_bytes(8) + text


@pytest.mark.parametrize("tree", [
    None, [], [-2], [-2, "read", "no disclosure", False], [-2, "read", [0], False],
    [-2, "refused", 5, False], [-2, "refused", "x", 1], [-1, 0], [-1, -1], [-99], [999],
    [-2, "read", [-8, 0, 10**9], False], [-6, "x"], [-7, "x"], [-4, 1], {"a": 1}, 1.5, ["__import__"],
])  # fmt: skip
def test_what_is_no_reply_is_refused(tree: object) -> None:
    with pytest.raises(BadReply):
        unpacked(message(tree))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(BadReply):
        unpacked(content)


def test_a_field_of_another_type_is_refused(disclosure: Disclosure) -> None:
    whole = packed(Reply("read", disclosure))
    end = 8 + int.from_bytes(whole[:8])
    tree = json.loads(whole[8:end])
    tree[2][1] = "a text instead of a document"
    text = json.dumps(tree).encode()
    with pytest.raises(BadReply):
        unpacked(len(text).to_bytes(8) + text + whole[end:])

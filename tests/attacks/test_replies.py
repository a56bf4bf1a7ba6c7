"""What reading processes send is data: whole when it is right, refused when it is not."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yusuan.narrative.disclosure import Disclosure
from yusuan.workers.messages import BadReply, unpacked_message
from yusuan.workers.serialization import RecordCodec

CODEC = RecordCodec(Disclosure)


class Evil:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("run",)


def test_a_disclosure_comes_back_as_it_was(disclosure: Disclosure) -> None:
    back = CODEC.decode(CODEC.encode(disclosure), Disclosure)
    assert back == disclosure
    grids = {id(table.rows) for table in back.tables}
    assert len(grids) == len(back.tables)


def test_records_that_stand_twice_come_back_as_one(disclosure: Disclosure) -> None:
    back = CODEC.decode(CODEC.encode((disclosure, disclosure)), tuple)
    assert back[0] is back[1]


def test_a_pickle_is_refused_and_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadReply):
        CODEC.decode(pickle.dumps(Evil()), Disclosure)
    with pytest.raises(BadReply):
        unpacked_message(pickle.dumps(Evil()))
    assert capsys.readouterr().out == ""


def message(tree: object) -> bytes:
    text = json.dumps(tree).encode()
    return len(text).to_bytes(8) + text


@pytest.mark.parametrize("tree", [
    None, [], [-2], "no disclosure", [0], [-2, "read", [0], False], [-1, 0], [-1, -1], [-99], [999],
    [-8, 0, 10**9], [-6, "x"], [-7, "x"], [-4, 1], {"a": 1}, 1.5, ["__import__"],
])  # fmt: skip
def test_what_is_no_reply_is_refused(tree: object) -> None:
    with pytest.raises(BadReply):
        CODEC.decode(message(tree), Disclosure)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(BadReply):
        CODEC.decode(content, Disclosure)


def test_a_field_of_another_type_is_refused(disclosure: Disclosure) -> None:
    whole = CODEC.encode(disclosure)
    end = 8 + int.from_bytes(whole[:8])
    tree = json.loads(whole[8:end])
    tree[1] = "a text instead of a document"
    text = json.dumps(tree).encode()
    with pytest.raises(BadReply):
        CODEC.decode(len(text).to_bytes(8) + text + whole[end:], Disclosure)

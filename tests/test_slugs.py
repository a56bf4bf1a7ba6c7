"""Identifiers are those that pypinyin gives, from the cache or not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from tests.conftest import ROOT
from yusuan.files.cache import cache_folder, cached
from yusuan.model.text import clean, normal
from yusuan.schema.slugs import syllables

_PHRASES = sorted(PHRASES_DICT)
_PARTS = st.one_of(
    st.sampled_from(_PHRASES),
    st.sampled_from(_PHRASES).map(lambda phrase: phrase[:-1]),
    st.sampled_from(_PHRASES).map(lambda phrase: phrase[1:]),
    st.sampled_from(sorted(PINYIN_DICT)).map(chr),
    st.sampled_from(["重庆", "银行", "行政", "a1", "，", "（一）", " ", "の"]),
)


def read_by_pypinyin(text: str) -> list[str]:
    read: list[str] = lazy_pinyin(text, style=Style.NORMAL)
    return read


@given(st.lists(_PARTS, max_size=5).map("".join))
def test_syllables_are_those_of_pypinyin(text: str) -> None:
    assert list(syllables(text)) == read_by_pypinyin(text)


@pytest.mark.parametrize("name", ["expenditure-function", "expenditure-economic-department"])
def test_names_of_codes_are_read_the_same(name: str) -> None:
    with (ROOT / "schemas" / "codes" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        names = {row["name"] for row in csv.DictReader(stream)}
    assert len(names) > 80
    assert [n for n in names if list(syllables(n)) != read_by_pypinyin(n)] == []


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "yusuan"
    return tmp_path / "yusuan"


def test_what_was_kept_is_not_made_again_until_its_key_changes(folder: Path) -> None:
    made = []

    def make() -> dict[str, list[int]]:
        made.append(1)
        return {"年": [len(made)]}

    assert cached("a", "1", make) == cached("a", "1", make) == {"年": [1]}
    assert cached("a", "2", make) == cached("a", "2", make) == {"年": [2]}
    assert [file.name for file in folder.iterdir()] == ["a.json"]


@pytest.mark.parametrize("broken", ["", "1\n", "1\n{", "2\n[]", "1", "\udcff"])
def test_a_broken_file_is_made_anew(folder: Path, broken: str) -> None:
    folder.mkdir()
    (folder / "a.json").write_bytes(broken.encode("utf-8", "surrogateescape"))
    assert cached("a", "1", lambda: [7]) == [7]
    assert cached("a", "1", lambda: [8]) == [7]


def test_what_json_would_change_is_not_kept(folder: Path) -> None:
    assert cached("a", "1", lambda: {0: "本年"}) == {0: "本年"}
    assert cached("a", "1", lambda: {1: "上年"}) == {1: "上年"}


def test_where_nothing_can_be_written_nothing_is_kept(folder: Path) -> None:
    folder.write_text("a file is in the way")
    assert cached("a", "1", lambda: 1) == 1
    assert cached("a", "1", lambda: 2) == 2


ODD = st.text(st.sampled_from("甲a1*_#|\\<b>/（１②² \u3000\u200b\xad\n“《"), max_size=12)


@given(ODD)
def test_texts_have_one_normal_form_whether_or_not_anything_in_them_changes(text: str) -> None:
    """A blank behind a text, which changes nothing, makes that all is looked for in it."""
    assert clean(text + " ") == clean(text)
    assert normal(text + " ") == normal(text)
    assert not set(normal(text)) & set(" \u3000\u200b\xad\n“《１（②")

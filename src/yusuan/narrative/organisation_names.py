"""Names of organisations: their place, what can be a name, which two are of one, and former ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from yusuan.codes import CodeList, code_list
from yusuan.lexicon.phrases import expression, phrase
from yusuan.model.text import normal
from yusuan.schema import data_path, read_yaml

__all__ = [
    "Division",
    "division_of",
    "ends_as_organisation",
    "former_names",
    "is_organisation",
    "may_be_name",
    "name_form",
    "name_match",
    "organisation_in",
    "place_key",
    "place_of_other_kind",
    "without_management",
]

_SUFFIX = re.compile(
    r"(?:特别行政区|(?:维吾尔|壮族|回族)?自治区|(?:.{1,6}族)+自治[州县旗]|自治[州县旗]|省|市|地区|盟|县|区|旗)$"
)


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division: its code of six digits (GB/T 2260) and its full name."""

    code: str
    name: str


@lru_cache(maxsize=8)
def _by_name(known: CodeList, year: int | None) -> dict[str, list[Division]]:
    """Divisions under their full name and under the name without 省/市/县/区 (two or more signs)."""
    names: dict[str, list[Division]] = defaultdict(list)
    for entry in known.entries:
        if entry.private and (year is None or entry.away(year)):
            continue
        division = Division(entry.code, entry.name)
        short = _SUFFIX.sub("", entry.name)
        for name in {entry.name, short if len(short) >= 2 else entry.name}:
            if division not in names[name]:
                names[name].append(division)
    return names


def division_of(
    name: str, year: int | None = None, *, doubtful: bool = False
) -> tuple[Division | None, str]:
    """The most local division a name starts with, and the rest of the name.

    Of the user's own divisions those of the year count, without a year none. Several places share
    a name; only one inside the division named before it, or one that is alone with its name, is taken. Otherwise the answer stops at what is certain. A place of
    another kind (县, where the list has 区) is that of the list only inside one named before it,
    unless ``doubtful`` ones are asked for as well.

    >>> division_of("江苏省人大常委会办公厅"), division_of("白水市文化馆")
    ((Division(code='320000', name='江苏省'), '人大常委会办公厅'), (None, '白水市文化馆'))
    """
    steps = _divisions_in(name, year)
    if not doubtful and len(steps) == 1 and _is_of_other_kind(*steps[0]):
        return None, name
    return steps[-1] if steps else (None, name)


def place_of_other_kind(name: str) -> tuple[Division, bool] | None:
    """The division that a name begins with, where it calls the place another kind than the list
    does, and whether it is taken for the place all the same: where the one above is named.

    >>> place_of_other_kind("浙江省临安县水利局"), place_of_other_kind("浙江省临安区水利局")
    ((Division(code='330112', name='临安区'), True), None)
    """
    steps = _divisions_in(name, None)
    if not steps or not _is_of_other_kind(*steps[-1]):
        return None
    return steps[-1][0], len(steps) > 1


def _is_of_other_kind(division: Division, rest: str) -> bool:
    """Whether a name that begins with a division, ``rest`` behind it, calls it another kind of
    place than the list does."""
    kind = _BARE.match(rest)
    return bool(_BELOW.match(rest)) or (kind is not None and not division.name.endswith(kind[1]))


def _divisions_in(name: str, year: int | None) -> list[tuple[Division, str]]:
    """The divisions that a name begins with, from the top, each with the rest behind it."""
    steps: list[tuple[Division, str]] = []
    known = code_list("administrative-division")
    rest, named = name, _by_name(known, None if known is known.public() else year)
    while step := _next_division(rest, steps[-1][0] if steps else None, named):
        rest = rest[step[1] :]
        steps.append((step[0], rest))
    return steps


def _next_division(
    rest: str, inside: Division | None, named: Mapping[str, list[Division]]
) -> tuple[Division, int] | None:
    for length in range(min(12, len(rest) - 2), 1, -1):
        matches = named.get(rest[:length], [])
        if inside is not None:
            stem = inside.code.rstrip("0") if inside.code.endswith("00") else inside.code
            stem = stem if len(stem) % 2 == 0 else stem + "0"
            matches = [m for m in matches if m.code.startswith(stem) and m.code != inside.code]
        codes = {match.code for match in matches}
        if len(codes) == 1:
            return matches[-1], length
    return None


NameMatch = Literal["same", "short"]
"""The same name but for its form, or one that is a short form (简称) of the other."""

_LEVEL = r"特别行政区|自治区|自治州|自治县|自治旗|新区|地区|省|市|盟|州|县|区|旗"
_PLACE = re.compile(
    rf"^([\u4e00-\u9fff]{{0,8}}?)({_LEVEL})(?!场|政|容|域|划|块|民|属|直|级|委|人大|政协|人民政府)"
)
_BARE = re.compile(rf"^({_LEVEL})(?=[\u4e00-\u9fff]{{2}})(?!场|政协?$|容|域|划|块|民|属|直)")
_BELOW = re.compile("镇|乡(?!村)|街道")
"""Kinds of places below those of the list: 白水镇 is no 白水县."""
_GAP = re.compile(r"[^\u4e00-\u9fff]+")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class _NameWords:
    endings: re.Pattern[str]
    matters: re.Pattern[str]
    no_matters: re.Pattern[str]
    no_names: re.Pattern[str]
    whole_words: re.Pattern[str]
    joined_by: re.Pattern[str]
    management: tuple[str, ...]


@cache
def _name_words() -> _NameWords:
    """The words of ``identity`` in ``schemas/narrative.yaml``."""
    given = read_yaml(data_path("schemas", "narrative.yaml"))["identity"]
    either = {key: "|".join(map(re.escape, given[key])) for key in ("body_endings", "matters")}
    return _NameWords(
        endings=re.compile(rf"(?:{either['body_endings']})(?:\(.{{2,20}}\))?$"),
        matters=re.compile(either["matters"]),
        no_matters=re.compile(expression(given["no_matters"])),
        no_names=re.compile(expression(given["no_names"])),
        whole_words=re.compile(expression(given["whole_words"])),
        joined_by=re.compile(expression(given["joined_by"])),
        management=tuple(given["management"]),
    )


def ends_as_organisation(name: str) -> bool:
    """Whether a name ends as those of organisations do.

    >>> ends_as_organisation("临安县水利局"), ends_as_organisation("临安县水利")
    (True, False)
    """
    return _name_words().endings.search(name) is not None


def is_organisation(name: str) -> bool:
    """Whether a name says more than a place.

    >>> is_organisation("普陀区司法局"), is_organisation("普陀区"), is_organisation("甲市")
    (True, False, False)
    """
    rest = division_of(f"{name}某某")[1].removesuffix("某某")
    return bool(rest) and not re.fullmatch(rf".{{0,6}}(?:{_LEVEL})(?:本级|级)?", rest)


def may_be_name(name: str) -> bool:
    """Whether words before a year, as a sentence begins, can be a name: no verbs, no other's.

    >>> may_be_name("甲省文联办公厅"), may_be_name("本表反映某法院"), may_be_name("上级水利局")
    (True, False, False)
    """
    plain = re.sub(r"^[^(]*公安|\([^()]*\)", "", name)
    return len(name) >= 3 and not _name_words().no_names.search(plain)


def organisation_in(text: str) -> str | None:
    """The organisation that the title of a table, of a page or of a file names, wherever it stands.

    The text is in normal form. A name ends where the matter of the title begins.

    >>> organisation_in("2016年甲市国资委财政拨款三公经费预算表"), organisation_in("部门收支总表")
    ('甲市国资委', None)
    >>> organisation_in("甲县财政局预算评审中心单位收支表")
    '甲县财政局预算评审中心'
    """
    text = re.sub(r"(?:20)?\d\d年度?|20\d\d", " ", text)
    for chunk in _GAP.split(text):
        found = phrase("organisation.before_name").sub("", chunk)
        for name in _before_matter(found):
            if is_organisation(name) and may_be_name(name):
                return name
    return None


def _before_matter(chunk: str) -> Iterator[str]:
    """What may be a name at the start of a chunk, the longest first."""
    words = _name_words()
    within = {
        at
        for match in words.whole_words.finditer(chunk)
        for at in range(match.start() + 1, match.end())
    }
    if 3 <= len(chunk) <= 40 and ends_as_organisation(chunk) and not words.matters.match(chunk):
        yield chunk
    for end in range(min(len(chunk) - 1, 40), 2, -1):
        name, rest = chunk[:end], chunk[end:]
        if (
            end not in within
            and words.endings.search(name)
            and not words.matters.match(name)
            and words.matters.match(rest)
            and not words.no_matters.match(rest)
            and not any(words.matters.match(name[at:]) and not words.no_matters.match(name[at:])
                        for at in range(2, end - 1))
        ):  # fmt: skip
            yield name


@lru_cache(maxsize=1 << 14)
def name_form(name: str) -> tuple[tuple[str, ...], str]:
    """The places that a name begins with, from the top, and the rest in the form compared.

    A place of the list of divisions is given with its code, one of another kind than in the list
    (临安县) with the code and the kind, a level without a name (省水利厅) as the level alone.
    (本级) and (机关) at the end are left out, and so is what joins words.

    >>> name_form("甲省水利厅（本级）"), name_form("省水利厅"), name_form("江苏省水利厅")
    ((('甲省',), '水利厅'), (('省',), '水利厅'), (('320000江苏省',), '水利厅'))
    >>> name_form("浙江省临安县水利局"), name_form("浙江省临安区水利局")
    ((('330112县',), '水利局'), (('330112临安区',), '水利局'))
    """
    rest = phrase("organisation.own_level").sub("", normal(name))
    places = []
    if steps := _divisions_in(rest, None):
        division, rest = steps[-1]
        places = [f"{division.code}{division.name}"]
    if bare := _BARE.match(rest):  # 临安|县水利局, where the list knows 临安区 alone
        if not steps or _is_of_other_kind(division, rest):
            places = [f"{division.code if steps else ''}{bare[1]}"]
        rest = rest[bare.end() :]
    while (
        (match := _PLACE.match(rest))
        and len(match[1])
        and not phrase("organisation.common_word").search(match[1])
    ):
        if len(rest) - match.end() < _SHORTEST:
            break
        places.append(match[0])
        rest = rest[match.end() :]
    return tuple(places), _name_words().joined_by.sub("", rest)


def name_match(one: str, two: str) -> NameMatch | None:
    """Whether two names can be of one organisation, and how.

    Names of different places are of different organisations, and so are those of a place and of one
    within it. A name without a place says nothing against it; 管理委员会 may be left out.

    >>> name_match("上海市规划和自然资源局", "上海市普陀区规划和自然资源局") is None
    True
    >>> name_match("省检察院", "江苏省人民检察院"), name_match("甲县水利局(本级)", "甲县水利局")
    ('short', 'same')
    """
    (places, rest), (others, other) = name_form(one), name_form(two)
    if not rest or not other or not _one_place(places, others):
        return None
    if without_management(rest) == without_management(other):
        return "same"
    return "short" if _is_short_form(*sorted((rest, other), key=len)) else None


def place_key(place: str) -> str:
    """What a place of ``name_form`` is known by: the code if it is listed, and its kind if that
    is another than in the list; else the name."""
    named = place[:1].isdigit() and not re.fullmatch(_LEVEL, place[6:])
    return place[:6] if named else place


def without_management(rest: str) -> str:
    """The rest of a name without 管理委员会, which may be left out of it."""
    for word in _name_words().management:
        rest = rest.replace(word, "")
    return rest


def _one_place(places: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether the most local places can be the same one."""
    if not places or not others:
        return True
    one, two = places[-1], others[-1]
    if place_key(one) == place_key(two):
        return True
    bare = any(re.fullmatch(_LEVEL, place) for place in (one, two))
    return bare and (one.endswith(two) or two.endswith(one))


def _is_short_form(short: str, long: str) -> bool:
    """Whether the characters of a name stand in a longer one in their order (国资委).

    Both begin alike, and the last character is one of the last three. A name that the longer
    one only goes on from is that of the organisation above (教育局, 教育局考试院).
    """
    if len(short) < _SHORTEST or long.startswith(short):
        return False
    if short[-1] not in long[-3:]:
        return False
    begins = short[0] == long[0] or long.endswith(short)
    rest = iter(long)
    return begins and all(character in rest for character in short)


# Former names


_OLD = r"([^\d,，。;；:：、()《》]{3,30}?)"


def former_names(texts: Iterable[str], names: Sequence[str]) -> tuple[str, ...]:
    """Former names stated beside one of its ``names``, in the wordings of schemas/linking.yaml.

    The texts are in normal form; a name may be printed without its place.

    >>> former_names(["临安县水利局由原临安县水利水电局更名而来。"], ["临安县水利局"])
    ('临安县水利水电局',)
    """
    full = sorted(set(names), key=lambda name: (-len(name), name))
    rests = sorted(
        {rest for name in names if len(rest := division_of(name, doubtful=True)[1]) >= 3}
        - set(full)
    )
    # 水利局 by itself is the department's; in 建德市水利局 it is another's
    alone = [rf"(?:(?<![\u4e00-\u9fff])|(?<=为)){re.escape(rest)}" for rest in rests]
    known = "(?:" + "|".join([*map(re.escape, full), *alone]) + ")"
    wordings = read_yaml(data_path("schemas", "linking.yaml"))["former_names"]
    patterns = [re.compile(w.replace("{name}", known).replace("{old}", _OLD)) for w in wordings]
    found = [m[1] for text in texts if "原" in text or "名" in text
             for pattern in patterns for m in pattern.finditer(text)]  # fmt: skip
    return tuple(dict.fromkeys(name for name in found if name not in {*full, *rests}))

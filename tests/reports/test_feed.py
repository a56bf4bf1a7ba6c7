"""The Atom feed of a package, read as a reader of feeds reads it (RFC 4287)."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

import yusuan
from tests.disclosures import ROWS, disclosure_text, write
from yusuan.reports.feed import as_atom, feed_entries

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"
DATE_TIME = re.compile(
    r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-]\d\d:\d\d)"
)
TAGS = {"div", "dl", "dt", "dd", "span", "a", "p", "table", "caption", "tr", "th", "td"}
ROOT = "https://data.example.org/budget/"


@dataclass
class Entry:
    id: str
    title: str
    updated: str
    published: str | None
    author: str
    content: str
    links: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)


def only(element: ElementTree.Element, name: str) -> str:
    """The text of an element that must be there once, and hold text only."""
    [found] = element.findall(ATOM + name)
    assert not len(found)
    assert found.text
    return found.text


def parsed(body: bytes) -> list[Entry]:
    """The entries of a feed that has all that the specification requires, and no link but to the web."""
    feed = ElementTree.fromstring(body)
    assert feed.tag == f"{ATOM}feed"
    assert only(feed, "title")
    assert feed.find(f"{ATOM}link[@rel='self']") is not None
    entries = []
    for each in feed.findall(f"{ATOM}entry"):
        [author] = each.findall(f"{ATOM}author")
        [content] = each.findall(f"{ATOM}content")
        assert content.get("type") == "xhtml"
        [div] = content
        assert div.tag == f"{XHTML}div"
        entries.append(
            Entry(
                only(each, "id"), only(each, "title"), only(each, "updated"),
                each.findtext(f"{ATOM}published"), only(author, "name"),
                " ".join(" ".join(div.itertext()).split()),
                {link.attrib["rel"]: link.attrib["href"] for link in each.findall(f"{ATOM}link")},
                [element.tag.removeprefix(XHTML) for element in div.iter()],
            )
        )  # fmt: skip
    identifiers = [only(feed, "id"), *(entry.id for entry in entries)]
    assert len({*identifiers}) == len(identifiers)
    assert all(urlsplit(each).scheme in ("http", "https") for each in identifiers)
    times = [only(feed, "updated"), *(entry.updated for entry in entries)]
    assert all(DATE_TIME.fullmatch(each) for each in times)
    assert times[0] == max(times[1:])
    for element in feed.iter():
        if href := element.get("href"):
            assert href.startswith(ROOT) or element.get("rel") == "via"
            assert urlsplit(href).scheme in ("http", "https")
    return entries


def atom(package: yusuan.Package) -> bytes:
    return as_atom(package, feed_entries(package), ROOT, "documents/{document}.html", "")


@pytest.fixture(scope="module")
def reissued(tmp_path_factory: pytest.TempPathFactory) -> yusuan.Package:
    """A budget of February, the same of March with its project at 260, and one without a date."""
    folder = tmp_path_factory.mktemp("reissued")
    rows = tuple(row.replace("250", "260").replace("350", "360") for row in ROWS)
    dated = "五、国有资产占有使用情况\n本部门共有车辆{}辆。\n\n桐庐县水利局\n2023年{}月1日"
    for name, text in (
        ("一.md", disclosure_text(narrative=dated.format(11, 2))),
        ("二 <b>.md", disclosure_text(rows=rows, narrative=dated.format(12, 3))),
        ("三.md", disclosure_text().replace("水利局", "林业局")),
    ):
        write(folder, text, name)
    return yusuan.build(folder, folder / "package")


def test_an_entry_for_each_document_the_newest_first(reissued: yusuan.Package) -> None:
    entries = parsed(atom(reissued))
    assert [(entry.updated[:10], entry.published and entry.published[:10]) for entry in entries] == [
        ("2023-03-01", "2023-03-01"), ("2023-03-01", "2023-02-01"), ("2023-01-01", None),
    ]  # fmt: skip
    latest, _, undated = entries
    documents = {row["file"]: row["document"] for row in reissued.rows("documents")}
    key = documents["二 <b>.md"]
    assert latest.id == f"{reissued.base}id/document/{key}"
    assert (latest.title, latest.author) == (
        "浙江省桐庐县水利局2023年部门预算公开",
        "浙江省桐庐县水利局",
    )
    assert latest.links["alternate"] == f"{ROOT}documents/{key}.html"
    assert latest.links["enclosure"] == f"{ROOT}source/{key}.md"
    for told in ("2023", "年初预算 / Approved", "落款日期 / Date of issue 2023-03-01", "二 <b>.md"):
        assert told in latest.content
    assert "the document states no date" in undated.content
    assert "落款日期" not in undated.content


def test_the_date_made_public_comes_before_that_of_issue(
    reissued: yusuan.Package, tmp_path: Path
) -> None:
    made_public = {"2023-02-01": "2023-04-05"}
    changed = edited(
        reissued, tmp_path, "documents", available=lambda row: made_public.get(row["published"], "")
    )
    first = parsed(atom(changed))[0]
    assert first.published == "2023-04-05T00:00:00Z"
    assert "公开日期 / Date made public 2023-04-05" in first.content


def test_what_a_reissue_changed_is_told(reissued: yusuan.Package) -> None:
    latest, replaced, other = parsed(atom(reissued))
    [old] = [row["superseded"] for row in reissued.rows("budgets") if row["superseded"]]
    assert f"取代 / Replaces 浙江省桐庐县水利局2023年部门预算公开 ({old})" in latest.content
    assert "项目支出 / Project expenditure 2,500,000.00 2,600,000.00 +100,000.00" in latest.content
    assert "车辆 / Vehicles held 11 辆 12 辆 +1 辆" in latest.content
    assert "基本支出" not in latest.content  # did not change
    assert "已被取代 / Replaced by" in replaced.content
    assert "table" not in replaced.tags + other.tags


@pytest.mark.parametrize(("stated", "updated"), [
    ({"available": "2023-05-05"}, "2023-05-05T00:00:00Z"),
    ({"retrieved": "2023-06-01"}, "2023-06-01T00:00:00Z"),
    ({}, "2023-02-01T00:00:01Z"),
])  # fmt: skip
def test_what_was_replaced_is_updated_then(
    reissued: yusuan.Package, tmp_path: Path, stated: dict[str, str], updated: str
) -> None:
    """Section 4.2.15: the entry of the old document says now by which it was replaced."""

    def of_the_new(name: str) -> Callable[[dict[str, str]], str]:
        own = ("", "2023-02-01") if name == "published" else ("", "")
        return lambda row: (stated.get(name, ""), *own)[0 if row["file"].startswith("二") else -1]

    columns = {name: of_the_new(name) for name in ("available", "published", "retrieved")}
    [old] = [row["superseded"] for row in reissued.rows("budgets") if row["superseded"]]
    entries = parsed(atom(edited(reissued, tmp_path, "documents", **columns)))
    [replaced] = [entry for entry in entries if entry.id.endswith(old)]
    assert (replaced.updated, replaced.published) == (updated, "2023-02-01T00:00:00Z")


def test_a_reissue_without_figures_before_says_only_that_it_replaces(
    reissued: yusuan.Package, tmp_path: Path
) -> None:
    copy = edited(reissued, tmp_path, "documents")
    [old] = [row["superseded"] for row in reissued.rows("budgets") if row["superseded"]]
    for name in ("facts", "claims"):
        path = copy.folder / "data" / f"{name}.csv"
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith(old)), "utf-8")
    latest = parsed(atom(copy))[0]
    assert "取代 / Replaces" in latest.content
    assert "table" not in latest.tags
    assert "no headline figure changed" not in latest.content


def test_the_same_package_gives_the_same_bytes(reissued: yusuan.Package) -> None:
    assert atom(reissued) == atom(yusuan.open_package(reissued.folder))


# Attacks


def edited(
    package: yusuan.Package,
    folder: Path,
    name: str,
    **columns: Callable[[dict[str, str]], str],
) -> yusuan.Package:
    """A copy of the package with the columns of a resource changed, where it has them."""
    copy = shutil.copytree(package.folder, folder / "copy", ignore=shutil.ignore_patterns("graph"))
    path = copy / "data" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        row.update({key: make(row) for key, make in columns.items() if key in row})
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return yusuan.open_package(copy)


HOSTILE = (
    "<script>alert(1)</script>", "]]></title><x>", '"><svg onload=alert(1)>', "&amp;&lt;", "{{7*7}}",
    "javascript:alert(1)", "a\ufffe\x0b\x1b\u202eb", "<!DOCTYPE x [<!ENTITY e 'x'>]>&e;",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_strangers_are_texts(reissued: yusuan.Package, tmp_path: Path, text: str) -> None:
    columns = ("title", "file", "media_type", "source_url")
    hostile = edited(reissued, tmp_path, "documents", **dict.fromkeys(columns, lambda row: text))
    body = atom(hostile)
    clean = re.sub("[\ufffe\x0b\x1b\u202e]+", "", text)
    for entry in parsed(body):
        assert entry.title.replace(" ", "") == clean.replace(" ", "")
        assert {*entry.tags} <= TAGS
        assert "via" not in entry.links
    assert b"<script" not in body and b"<svg" not in body


def test_an_official_address_is_linked_if_it_is_one(
    reissued: yusuan.Package, tmp_path: Path
) -> None:
    for number, (text, linked) in enumerate((
        ("https://www.example.gov.cn/a?b=1&c=2", True), ("javascript:alert(1)//https://x", False),
        ("data:text/html,x", False), ("https://x/\"><script>", False), ("//x.example", False),
    )):  # fmt: skip
        folder = tmp_path / str(number)
        folder.mkdir()
        changed = edited(reissued, folder, "documents", source_url=lambda row, text=text: text)
        assert {entry.links.get("via") for entry in parsed(atom(changed))} == {
            text if linked else None
        }


@pytest.mark.parametrize(("column", "value"), [
    ("fiscal_year", "99999"), ("fiscal_year", "x"), ("published", "2023-02-30"), ("bytes", "many"),
])  # fmt: skip
def test_what_is_no_date_or_number_is_one_sentence(
    reissued: yusuan.Package, tmp_path: Path, column: str, value: str
) -> None:
    damaged = edited(
        reissued, tmp_path, "documents", **{"published": lambda row: "", column: lambda row: value}
    )
    with pytest.raises(yusuan.YusuanError, match=r"cannot be (made|derived)"):
        atom(damaged)

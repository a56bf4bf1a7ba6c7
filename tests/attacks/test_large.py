"""Inputs that are large in one dimension, in small; ``large`` reads them at their full size."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType

import pytest

from tests.attacks import oversize
from tests.attacks.oversize import LARGE, Blocks
from tests.coded import budget
from tests.representative import in_turn
from yusuan import reading
from yusuan.checks import check, run
from yusuan.checks.families.code_names import SEARCHED
from yusuan.codes import CodeList
from yusuan.error_localisation import Localisation
from yusuan.facts import compile_contents, contents
from yusuan.model.document import Cell, Document, Grid, Paragraph, Position
from yusuan.model.errors import YusuanError
from yusuan.narrative.disclosure import understand
from yusuan.narrative.passages import Passage
from yusuan.pipeline import check_sources
from yusuan.reading import Readers
from yusuan.sources import legacy, limits, read_document
from yusuan.sources.blocks import within_limits
from yusuan.tables import TableRow, captions
from yusuan.tables.captions import printed_tables
from yusuan.tables.nesting import nearest_below

CONVERTED = ("rtf", "odt")
"""Formats that an office program reads first, which takes seconds."""


def test_all_are_read_or_refused(tmp_path: Path) -> None:
    """Four of each thing; no reader dies, hangs or makes a mistake. What all formats can hold is
    read in some of them in turn, in a full run in all."""
    pairs = in_turn(list(oversize.SHAPES), [s for s in oversize.FORMATS if s not in CONVERTED], 3)
    taken = {f"{shape}, {suffix}" for shape, suffix in pairs}
    shaped = {f"{shape}, {suffix}" for shape in oversize.SHAPES for suffix in oversize.FORMATS}
    paths = []
    for number, each in enumerate(
        each for each in LARGE if each.name in taken or each.name not in shaped
    ):
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


ROW = "<row><c><v>1</v></c></row>"
SHEET = (
    '<table:table><table:table-row><table:table-cell office:value-type="string"><text:p>1</text:p>'
    "</table:table-cell></table:table-row>{}</table:table>"
)
LIMITS: tuple[tuple[str, int, str, Callable[[int], bytes]], ...] = (
    ("TABLES", 3, "txt", lambda n: oversize.txt(_tables(n))),
    ("TABLES", 3, "html", lambda n: oversize.html(_tables(n))),
    ("TABLES", 3, "docx", lambda n: oversize.docx(_tables(n))),
    ("CELLS", 8, "html", lambda n: oversize.html([[("1", "2")] * (n // 2) + [("3",)] * (n % 2)])),
    ("CELLS", 8, "docx", lambda n: oversize.docx([[("1",)] * n])),
    ("PARAGRAPHS", 5, "txt", lambda n: oversize.txt(["说明"] * n)),
    ("PARAGRAPHS", 5, "html", lambda n: oversize.html(["说明"] * n)),
    ("PARAGRAPHS", 5, "docx", lambda n: oversize.docx(["说明"] * n)),
    ("WORD_PARAGRAPHS", 5, "docx", lambda n: oversize.docx([""] * (n - 1) + ["说明"])),
    ("WORD_RUNS", 5, "docx", lambda n: oversize.docx(["说明"] * n)),
    ("TAG_ATTRIBUTES", 5, "html", lambda n: b"<p" + b" a=" * n + b"x" * 5_000 + b">x</p>"),
    ("STYLE_LOOKS", 5, "html", lambda n: b"<style>p{color:red}</style>" + b"<p>x</p>" * n),
    ("LINES", 5, "txt", lambda n: b"a" + b"\n" * (n - 1) + b"b"),
    ("LINES", 5, "csv", lambda n: b"a,1" + b"\n" * (n - 1) + b"b,2"),
    ("RUNNING_TEXT", 8, "txt", lambda n: b"a" * (n - 4) + b"\n\nbbbb"),
    ("RUNNING_TEXT", 8, "html", lambda n: b"<p>" + b"a" * (n - 4) + b"</p><p>bbbb</p>"),
    ("ROWS", 5, "csv", lambda n: oversize.csv([[("1", "2")] * n])),
    ("ROWS", 5, "xlsx", lambda n: oversize.xlsx([[("1", "2")] * n])),
    ("ROWS", 5, "ods", lambda n: oversize.ods([[("1", "2")] * n])),
    ("ROWS", 5, "docx", lambda n: oversize.docx([[("1", "2")] * n])),
    ("LISTED", 9, "xlsx", lambda n: oversize.workbook([ROW + "<row/>" * (n - 2)])),
    (
        "LISTED",
        9,
        "ods",
        lambda n: oversize.open_document(
            "spreadsheet", SHEET.format("<table:table-row/>" * (n - 2))
        ),
    ),
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


def test_a_page_with_too_many_points_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line and five boxes of five points each; the other page is read."""
    path = tmp_path / "a.pdf"
    pages = (
        oversize._pdf_texts() + "1 2 m 3 4 l S",
        oversize._pdf_texts(["部门预算公开"]).split("40 680")[0],
    )
    path.write_bytes(oversize.pdf_pages(pages))
    points = 2 + 5 * 5
    monkeypatch.setattr(limits, "PAGE_POINTS", points)
    assert not any(note.scope == "page" for note in read_document(path).notes)
    monkeypatch.setattr(limits, "PAGE_POINTS", points - 1)
    (told,) = (note for note in read_document(path).notes if note.scope == "page")
    assert told.page == 1 and "too many points" in str(told)


def test_a_table_of_tags_in_text_ends_where_it_ends(tmp_path: Path) -> None:
    """However many begin before it and behind it and never end."""
    whole = "<table><tr><td>甲</td><td>1</td></tr>\n<tr><td>乙</td><td>2</td></tr></table>"
    path = tmp_path / "a.txt"
    path.write_text("<table>\n" * 3 + f"部门预算\n{whole}\n<table>\n末", "utf-8")
    found = read_document(path).blocks
    (table,) = (block for block in found if isinstance(block, Grid))
    assert [[cell.text for cell in row] for row in table.rows] == [["甲", "1"], ["乙", "2"]]
    assert table.position.line == 5


SCRIPT = "<script>for (i = 0; i <n; i++) {" + "a b = c; " * 3_000 + "}</script>"
DRAWN = f'<svg><path d="{"L 1 2 " * 3_000}"></path></svg>'


@pytest.mark.parametrize("odd", [SCRIPT, DRAWN, SCRIPT + DRAWN, "<p>" + "1 " * 3_000 + "</p>"],
                         ids=["script", "drawing", "both", "text"])  # fmt: skip
def test_what_only_looks_like_attributes_is_none(odd: str, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"{odd}<p>部门预算</p>", "utf-8")
    assert read_document(path).blocks


def _apart(blocks: Blocks) -> Blocks:
    return [part for block in blocks for part in (block, "说明")]


ROWS = [[("1", "2")] * 3]
"""A table of three rows: nine cells and rows."""
REPEATED = oversize.open_document("text", "<table:table><table:table-row "
    'table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="2"/>'
    "</table:table-row></table:table>")  # fmt: skip
BEYOND: tuple[tuple[str, int, str, bytes], ...] = (
    ("OFFICE_TABLE_PARTS", 9, "rtf", oversize.rtf(ROWS)),
    ("OFFICE_TABLE_PARTS", 9, "odt", oversize.odt(ROWS)),
    ("OFFICE_TABLE_PARTS", 9, "odt", REPEATED),
    ("OFFICE_TABLE_PARTS", 18, "rtf", oversize.rtf(ROWS * 2)),  # one table there
    ("OFFICE_TABLE_PARTS", 13, "odt", oversize.odt(ROWS * 2)),  # 13² = 169 > 2 · 9²
    ("OFFICE_TABLE_PARTS", 13, "rtf", oversize.rtf(_apart(ROWS * 2))),
    (
        "OFFICE_TABLE_PARTS",
        6,
        "rtf",
        rb"{\rtf1 \cell\row{\*\x \par}\cell\row \bin5 \cell\\cell\cell\row}",
    ),
    ("TABLES", 2, "rtf", oversize.rtf(_apart(ROWS * 2))),
    ("TABLES", 2, "odt", oversize.odt(ROWS * 2)),
    ("OFFICE_PARAGRAPHS", 4, "rtf", oversize.rtf(["说明"] * 4)),
    ("OFFICE_PARAGRAPHS", 4, "odt", oversize.odt(["说明"] * 4)),
    ("OFFICE_WORDS", 10, "rtf", rb"{\rtf1\pard{}{}{}}"),
    ("OFFICE_CELL_TEXT", 2_002, "rtf", oversize.rtf([[("说" * 2_002,)]])),
    ("OFFICE_CELL_TEXT", 2_002, "odt", oversize.odt([[("说" * 2_002,)]])),
    ("OFFICE_CELL_TEXT", 5_004, "rtf", oversize.rtf([[("1" * 3_002, "1" * 4_003)]])),
    ("OFFICE_CELL_TEXT", 5_004, "odt", oversize.odt([[("1" * 3_002, "1" * 4_003)]])),
    (
        "OFFICE_CELL_TEXT",
        2_002,
        "rtf",
        rb"{\rtf1 \b\'b0\'a1" + rb"\'b0\'a1\b0 " * 2_001 + rb"\cell}",
    ),
    ("OFFICE_PARTS", 9, "odt", oversize.odt(["说明"] * 5)),
)


@pytest.mark.parametrize(("name", "most", "suffix", "content"), BEYOND)
def test_what_libreoffice_needs_too_long_for_it_does_not_get(
    name: str, most: int, suffix: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def given(content: bytes, file: str, target: str) -> bytes:
        raise YusuanError("given to LibreOffice")

    monkeypatch.setattr(legacy, "_converted", given)
    monkeypatch.setattr(limits, name, most)
    with pytest.raises(YusuanError, match="given to LibreOffice"):
        legacy.read_legacy_text(content, f"a.{suffix}")
    monkeypatch.setattr(limits, name, most - 1)
    with pytest.raises(YusuanError, match=f"more than {most - 1:,} .*LibreOffice would take too"):
        legacy.read_legacy_text(content, f"a.{suffix}")


def test_what_is_behind_a_limit_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A web page of 20,000 tables takes what the first 2,000 take."""
    blocks = iter([Paragraph("说明", Position(n)) for n in range(9)])
    monkeypatch.setattr(limits, "PARAGRAPHS", 4)
    with pytest.raises(YusuanError, match=r"line 4: more lines of text than the 4 "):
        list(within_limits(blocks, "a.html"))
    assert len(list(blocks)) == 4


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


def test_a_document_that_takes_too_long_to_check_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are as if it had not been given, and what else could not be used is still told."""
    names = {"a": "水利局", "b": "教育局", "c": "卫生局"}
    for name, body in names.items():
        text = oversize.txt([*oversize.COVER, oversize.TABLE]).decode().replace("水利局", body)
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    (tmp_path / "d.txt").write_text("通知", "utf-8")
    find_claims, judged = contents.find_claims, run.judged
    busy = {"教育局": "compile", "卫生局": "check"}

    def waits(at: str, text: str) -> None:
        while any(body in text and where == at for body, where in busy.items()):
            pass

    monkeypatch.setattr(limits, "CHECK_SECONDS", 0.5)
    monkeypatch.setattr(
        contents,
        "find_claims",
        lambda texts, names, *a, **k: (
            waits("compile", "".join(names)),
            find_claims(texts, names, *a, **k),
        )[1],
    )
    monkeypatch.setattr(
        run,
        "judged",
        lambda rules, subjects, operands: (
            waits("check", subjects[0].record.title or ""),
            judged(rules, subjects, operands),
        )[1],
    )
    found = check_sources(tmp_path)
    assert [record.file for record in found.contents.documents] == ["a.txt"]
    late = [
        told for told in found.skipped if "more than 0.5 seconds of a processor to check" in told
    ]
    assert sorted(told[:5] for told in late) == ["b.txt", "c.txt"]
    assert len(found.skipped) == 3
    assert {entry.file for entry in found.contents.unrecognised if entry.scope == "file"} == {
        "b.txt", "c.txt", "d.txt",
    }  # fmt: skip


def test_one_sign_without_end_is_read_in_good_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No search begins anew at each of them: that took minutes of a processor."""
    path = tmp_path / "a.txt"
    path.write_bytes(oversize.txt(oversize._one_word(20_000)))
    monkeypatch.setattr(limits, "CHECK_SECONDS", 10)
    check(compile_contents([understand(read_document(path))]))


def _chain(levels: int) -> list[TableRow]:
    """Rows each of which is the only part of the one before."""
    return [
        TableRow(str(n), "subtotal", *[None] * 9, (), Position(n), anchor=str(n),
                 parent=str(n - 1) if n else None)
        for n in range(levels + 1)
    ]  # fmt: skip


@pytest.mark.parametrize(("levels", "found"), [(1, 1), (10, 1), (11, 0), (5_000, 0)])
def test_blank_rows_are_looked_through_so_many_levels_down(levels: int, found: int) -> None:
    rows = _chain(levels)
    assert len(nearest_below(rows[0], rows, lambda row: row is rows[-1])) == found


def test_codes_are_sought_for_the_first_thirty_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one more, that one is told as well, without what is like it."""
    sought: list[str] = []
    monkeypatch.setattr(CodeList, "candidates", lambda _, code, *__: sought.append(code) or [])
    for folder, count in (("few", SEARCHED), ("many", SEARCHED + 1)):
        (tmp_path / folder).mkdir()
        codes = [(f"2399{n:03}", f"样例{n}") for n in range(count)]
        budget(tmp_path / folder, "水利厅", codes)
        sought.clear()
        (told,) = (
            f for f in check_sources(tmp_path / folder).findings if f.rule == "unlisted-codes"
        )
        assert len(sought) == SEARCHED
        assert codes[-1][0] in told.message_zh
        assert told.message_zh.count("（相近：") == SEARCHED


def test_grids_that_go_on_with_a_table_are_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice as many take twice as many looks: rows are not gone through anew for each grid."""

    def looks(pages: int) -> int:
        path = tmp_path / f"{pages}.txt"
        blocks: Blocks = [
            block for n in range(pages)
            for block in ("部门支出总体情况表", (oversize.HEAD, (f"21303{n:02}", f"项目{n}", "1", "1", "")))
        ]  # fmt: skip
        path.write_bytes(oversize.txt(blocks))
        document = read_document(path)
        count = 0
        texts = captions._texts

        def counted(row: tuple[Cell, ...]) -> tuple[str, ...]:
            nonlocal count
            count += 1
            return texts(row)

        with monkeypatch.context() as patched:
            patched.setattr(captions, "_texts", counted)
            (table,) = printed_tables(document)
        assert len(table.grid.rows) == 2 * pages
        return count

    assert looks(80) < 2.2 * looks(40)


def test_a_paragraph_of_a_whole_book_says_what_its_sentences_say(tmp_path: Path) -> None:
    """What is before a number is looked at as far back as it may matter, not to the beginning."""
    said = [
        f"2023年一般公共预算财政拨款支出{n}.50万元，比上年增加{n % 7}万元。" for n in range(1, 200)
    ]
    found = []
    for name, lines in (("one", ["".join(said)]), ("each", said)):
        path = tmp_path / f"{name}.txt"
        path.write_bytes(oversize.txt([*oversize.COVER, oversize.TABLE, *lines]))
        contents = compile_contents([understand(read_document(path))])
        found.append([(c.subject, c.measure, c.value, c.fiscal_year) for c in contents.claims])
    assert found[0] == found[1] and len(found[0]) > len(said)
    text = "".join(said)
    passage = Passage(text, ((0, Position(1)),), "", "", False)
    assert text.endswith(passage.before(len(text))) and len(passage.before(len(text))) == 3_000
    assert passage.before(2_999) == text[:2_999] == passage.beginning(2_999)
    assert passage.beginning(len(text)) == text[:3_000]


STEADY = ("tables that join", "wrong rows", "claims", "departments", "glossary", "target forms")  # fmt: skip


@pytest.mark.parametrize("shape", STEADY)
def test_twice_as_much_takes_twice_the_work(
    shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No function of ours is called four times as often when there is twice as much of a thing.
    What searches within limits of its own is left out: nearest codes, and which number is wrong."""
    monkeypatch.setattr(CodeList, "candidates", lambda *_: [])
    monkeypatch.setattr(run, "localise", lambda *_: Localisation((), ()))

    def calls(count: int) -> Counter[CodeType]:
        path = tmp_path / "a.csv"
        path.write_bytes(oversize.csv(oversize.SHAPES[shape][0](count)))
        made: Counter[CodeType] = Counter()

        def note(frame: FrameType, event: str, _: object) -> None:
            if event == "call":
                made[frame.f_code] += 1

        sys.setprofile(note)
        try:
            check(compile_contents([understand(read_document(path))]))
        finally:
            sys.setprofile(None)
        return made

    calls(2)  # what is kept from then on
    once, twice = calls(20), calls(40)
    assert [
        (code.co_qualname, once[code], count) for code, count in twice.items()
        if "yusuan" in code.co_filename and count > 2.5 * once[code] + 300
    ] == []  # fmt: skip

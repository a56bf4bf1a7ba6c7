"""Archives are one disclosure; older formats go through LibreOffice."""

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.layouts.layouts import LAYOUTS
from benchmarks.layouts.render import render

from tests.disclosures import disclosure_text
from tests.sources.makers import MAKERS, archive, csv_file, docx_file, xlsx_file
from yusuan.facts import compile_contents
from yusuan.model.document import Document, Paragraph
from yusuan.model.errors import YusuanError
from yusuan.narrative.disclosure import understand
from yusuan.sources import limits, read_document


def read(folder: Path, content: bytes, name: str = "disclosure.zip") -> Document:
    (folder / name).write_bytes(content)
    return read_document(folder / name)


def test_members_in_counting_order_with_pages_numbered_on(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        archive({
            "附件10.txt": "尾".encode(), "附件2.xlsx": xlsx_file(), "附件1.txt": "首".encode(),
            "图.png": b"?", "__MACOSX/._a.txt": b"?", "~$附件2.docx": b"?",
        }),
    )  # fmt: skip
    first, last = document.blocks[0], document.blocks[-1]
    assert isinstance(first, Paragraph) and (first.text, first.position.page) == ("首", 1)
    assert isinstance(last, Paragraph) and (last.text, last.position.page) == ("尾", 3)
    grid = next(document.grids)
    assert {cell.position.page for row in grid.rows for cell in row} == {2}
    assert document.pages == 3
    assert document.media_type == "application/zip"


def test_a_table_without_a_caption_is_named_by_its_file(tmp_path: Path) -> None:
    table = "项目,金额\n甲,1\n".encode()
    document = read(tmp_path, archive({"1收入.csv": table, "2支出.csv": table}))
    assert [paragraph.text for paragraph in document.paragraphs] == ["1收入", "2支出"]


def test_names_in_gbk(tmp_path: Path) -> None:
    content = archive({"XXXX.csv": "项目,金额\n甲,1\n".encode()})
    document = read(tmp_path, content.replace(b"XXXX", "附件".encode("gbk")))
    assert [paragraph.text for paragraph in document.paragraphs] == ["附件"]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"a.txt": b"x", "in.zip": archive({"b.txt": b"y"})}, "in.zip: an archive within"),
        ({"图.png": b"?"}, "nothing to read in this archive"),
        ({"附件.docx": b"PK\x03\x04 broken"}, "附件.docx: damaged"),
        ({"附件.csv": b" \n"}, "附件.csv: the file is empty"),
    ],
)
def test_a_part_that_cannot_be_read_is_named(
    tmp_path: Path, members: dict[str, bytes], message: str
) -> None:
    with pytest.raises(YusuanError, match=message):
        read(tmp_path, archive(members))


def test_paths_out_of_the_folder_write_nothing(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    read(inside, archive({"../../evil.csv": csv_file(), "/tmp/evil.txt": b"x"}))
    assert [path.name for path in tmp_path.rglob("*")] == ["inside", "disclosure.zip"]


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yusuan.sources.limits.UNPACKED_BYTES", 2**20)
    bomb = archive({"a.txt": b"0" * 2**21})
    with pytest.raises(YusuanError, match="would unpack to 1 files of 2 MB"):
        read(tmp_path, bomb)
    # The same with a directory that declares a size of one byte.
    liar = bomb.replace(struct.pack("<I", 2**21), struct.pack("<I", 1))
    with pytest.raises(YusuanError, match="damaged"):
        read(tmp_path, liar)


def test_locked_members_say_so(tmp_path: Path) -> None:
    content = bytearray(archive({"a.txt": b"text"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(YusuanError, match=r"a\.txt is locked with a password"):
        read(tmp_path, bytes(content))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
WORD = OLE + "WordDocument".encode("utf-16-le") + bytes(8)


def test_without_libreoffice_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(YusuanError, match=r"old\.doc: .* install it, or .* save it as DOCX"):
        read(tmp_path, WORD, "old.doc")


def fake_office(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A program in place of LibreOffice, which the machines of the tests need not have."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(program))


def test_older_formats_are_converted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ready.docx").write_bytes(docx_file())
    fake_office(tmp_path, monkeypatch, f'cp "{tmp_path}/ready.docx" "$7/source.docx"')
    document = read(tmp_path, WORD, "old.wps")
    assert document.blocks == read(tmp_path, docx_file(), "new.docx").blocks
    assert document.media_type == "application/vnd.ms-works"


def test_a_conversion_that_fails_or_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_office(tmp_path, monkeypatch, "echo no such filter")
    with pytest.raises(YusuanError, match="could not convert it"):
        read(tmp_path, WORD, "old.doc")
    monkeypatch.setattr(limits, "OFFICE_SECONDS", 0.3)
    fake_office(tmp_path, monkeypatch, "sleep 60")
    with pytest.raises(YusuanError, match="did not finish"):
        read(tmp_path, WORD, "old.doc")


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_conversion_that_takes_the_processor_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OFFICE_PROCESSOR_SECONDS", 1)
    fake_office(tmp_path, monkeypatch, "sh -c 'while :; do :; done'")
    with pytest.raises(YusuanError, match=r"more than 1 seconds of a processor; open the file"):
        read(tmp_path, WORD, "old.doc")


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_real_conversion(tmp_path: Path) -> None:
    """The same amounts in the same cells of the same tables, whichever of the two is read."""
    new = render(LAYOUTS["hebei"](), "docx", tmp_path)
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "doc", "--outdir", tmp_path, new],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip

    def amounts(path: Path) -> list[tuple[object, ...]]:
        facts = compile_contents([understand(read_document(path))]).facts
        return [(f.table, f.key, f.column, f.phase, f.printed, f.unit) for f in facts]

    assert len(amounts(new)) > 200
    assert amounts(new.with_suffix(".doc")) == amounts(new)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.mht", b"MIME-Version: 1.0\r\n", "a web archive"),
        (
            "a.xlsx",
            OLE + "EncryptedPackage".encode("utf-16-le") + bytes(4),
            "locked with a password",
        ),
        ("a.ofd", archive({"OFD.xml": b"<ofd/>"}), "an OFD document"),
        ("a.docx", b"plain text", "damaged or cut off"),
    ],
)
def test_kinds_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(YusuanError, match=message):
        read(tmp_path, content, name)


def test_every_format_made_here_is_known() -> None:
    from yusuan.sources.read import FORMATS

    assert {f".{suffix}" for suffix in MAKERS} <= FORMATS.keys()


FIRST = disclosure_text()
OF_NEXT_YEAR = FIRST.replace("2023年部门预算", "2024年部门预算")
OF_ACCOUNTS = FIRST.replace("2023年部门预算", "2023年度部门决算")
BARE = FIRST.partition("表3")[2]
"""The table without its cover."""


@pytest.mark.parametrize(("other", "name", "stated"), [
    (OF_NEXT_YEAR, "b.md", "b.md: 2024 approved"),
    (OF_ACCOUNTS, "b.md", "b.md: 2023 executed"),
    ("表3" + BARE, "某局2024年部门预算.md", "某局2024年部门预算.md: 2024 approved"),
], ids=["another-year", "accounts", "by-its-name"])  # fmt: skip
def test_the_disclosures_of_several_years_are_no_one_document(
    tmp_path: Path, other: str, name: str, stated: str
) -> None:
    """Their figures would all be of one year; which is told, with what to do."""
    content = archive({"a.md": FIRST.encode(), name: other.encode()})
    document = read(tmp_path, content)
    with pytest.raises(YusuanError, match=r"several years or phases .*unpack it") as caught:
        understand(document)
    assert "a.md: 2023 approved" in str(caught.value) and stated in str(caught.value)


@pytest.mark.parametrize("body", ["浙江省桐庐县财政局", "浙江省临安县水利局", "桐庐县水文中心"])
def test_the_disclosures_of_several_departments_are_no_one_document(
    tmp_path: Path, body: str
) -> None:
    """All their rows would be of one department."""
    other = FIRST.replace("浙江省桐庐县水利局", body)
    assert other != FIRST
    content = archive({"a.md": FIRST.encode(), "b.md": other.encode()})
    with pytest.raises(YusuanError, match=r"several departments or units .*unpack it") as caught:
        understand(read(tmp_path, content))
    assert f"b.md: {body}" in str(caught.value)


@pytest.mark.parametrize("other", [
    "浙江省桐庐县水利局2022年部门决算公开说明\n\n没有表格。", "表3" + BARE, FIRST,
    BARE.replace("表3", "2022年绩效自评表"), FIRST.replace("浙江省桐庐县水利局", "桐庐县水利局（本级）"),
    FIRST.replace("浙江省桐庐县水利局", "水利局"),
], ids=["no-tables", "no-cover", "the-same-year", "no-budget", "own-level", "shorter"])  # fmt: skip
def test_attachments_of_one_disclosure_stay_one_document(tmp_path: Path, other: str) -> None:
    content = archive({"a.md": FIRST.encode(), "附件2.md": other.encode()})
    assert understand(read(tmp_path, content)).identity.fiscal_year == 2023


BARE_TABLE, OTHER_NUMBERS = ("表3" + text for text in (BARE, BARE.replace("100", "120")))


@pytest.mark.parametrize(("names", "apart"), [
    (("桐庐县水利局2024年部门预算.md", "桐庐县财政局2024年部门预算.md"), "departments or units"),
    (("2024年部门预算/水利局.md", "2024年部门预算/财政局.md"), "departments or units"),
    (("桐庐县水利局/部门预算.md", "桐庐县财政局/部门预算.md"), "departments or units"),
    (("水利局2023.md", "水利局2024.md"), "years or phases"),
    (("水利局/2023年/附件1.md", "水利局/2024年/附件1.md"), "years or phases"),
], ids=["name", "bare-name", "folder", "year", "folder-of-year"])  # fmt: skip
@pytest.mark.parametrize("other", [BARE_TABLE, OTHER_NUMBERS], ids=["same-bytes", "other-numbers"])
def test_members_that_only_their_names_tell_apart_are_no_one_document(
    tmp_path: Path, names: tuple[str, str], apart: str, other: str
) -> None:
    content = archive(dict(zip(names, (BARE_TABLE.encode(), other.encode()), strict=True)))
    with pytest.raises(YusuanError, match=rf"several {apart} .*unpack it") as caught:
        understand(read(tmp_path, content, "公开.zip"))
    assert all(name in str(caught.value) for name in names)


def test_attachments_whose_names_say_nothing_else_are_each_read(tmp_path: Path) -> None:
    """Nor is a table taken for the rest of one with its title in another file: both are facts, and
    which of them is counted is told."""
    content = archive({"一/附件.md": FIRST.encode(), "二/附件.md": OTHER_NUMBERS.encode()})
    first, other = understand(read(tmp_path, content)).tables
    assert first.amounts == other.amounts == 7 and (first.number, other.number) == (1, 2)
    assert [problem.rule for problem in (*first.problems, *other.problems)] == ["repeated-table"]
    assert "数字不同" in other.problems[0].detail_zh


def test_two_files_of_one_name_are_told(tmp_path: Path) -> None:
    content = archive({"a.md": FIRST.encode(), "b.md": FIRST.encode()}).replace(b"b.md", b"a.md")
    with pytest.raises(YusuanError, match=r"two files are named a\.md; unpack it"):
        read(tmp_path, content)

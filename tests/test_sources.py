"""Files become paragraphs and grids with positions; what cannot be read is said plainly."""

from pathlib import Path

import pytest

from tests.disclosures import disclosure_text, write
from yusuan.model.document import Grid, Paragraph
from yusuan.model.errors import YusuanError
from yusuan.sources import find_sources, read_document


def test_a_text_is_paragraphs_and_grids(tmp_path: Path) -> None:
    path = write(tmp_path, "# 标题\n\n单位：万元\n\n科目\t金额\n办公费\t15\n\n说明。\n")
    document = read_document(path)
    kinds = [type(block).__name__ for block in document.blocks]
    assert kinds == ["Paragraph", "Paragraph", "Grid", "Paragraph"]
    grid = next(document.grids)
    cell = grid.rows[1][1]
    assert (cell.text, cell.address, cell.position.line) == ("15", "B2", 6)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    text = disclosure_text()
    plain = read_document(write(tmp_path, text, "plain.txt"))
    other = read_document(write(tmp_path, text, "other.txt", encoding))
    assert other.blocks == plain.blocks


def test_pipe_tables_and_windows_line_ends(tmp_path: Path) -> None:
    path = write(tmp_path, "| 科目 | 金额 |\r\n|---|---:|\r\n| 办公费 | 15 |\r\n")
    grid = next(read_document(path).grids)
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["科目", "金额"],
        ["办公费", "15"],
    ]
    assert grid.rows[1][0].position.line == 3


def test_page_breaks_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "第一页\n\f第二页\n科目\t金额\n办公费\t1\n")
    blocks = read_document(path).blocks
    assert [block.position.page for block in blocks] == [1, 2, 2]
    assert isinstance(blocks[2], Grid)
    assert isinstance(blocks[1], Paragraph)


def test_a_folder_is_searched_and_hidden_files_are_not(tmp_path: Path) -> None:
    write(tmp_path, "x", "b.md")
    write(tmp_path, "x", "a.txt")
    write(tmp_path, "x", "picture.png")
    (tmp_path / ".hidden").mkdir()
    write(tmp_path / ".hidden", "x", "c.txt")
    assert [path.name for path in find_sources([tmp_path])] == ["a.txt", "b.md"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "the file is empty"),
        ("blank.txt", b" \n\n ", "the file is empty"),
        ("binary.txt", bytes(range(256)) * 20, "not a text"),
        ("plan.dwg", b"AC1032", "cannot be read yet"),
        ("wide.txt", ("科目" + "\t1" * 10_000).encode(), "line 1: a row of 10,001 columns"),
    ],
)
def test_unreadable_files_say_why(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(YusuanError, match=message) as caught:
        read_document(path)
    assert name in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(YusuanError, match="no such file or folder"):
        find_sources([tmp_path / "nothing.md"])
    with pytest.raises(YusuanError, match="no disclosure in this folder"):
        find_sources([tmp_path])


@pytest.mark.parametrize("footer", ["- 12 -", "— 3 —", "第 12 页 共 40 页"])
def test_a_printed_page_number_does_not_end_a_table(tmp_path: Path, footer: str) -> None:
    path = write(tmp_path, f"科目\t金额\n办公费\t15\n{footer}\n水费\t12\n")
    (grid,) = read_document(path).grids
    assert [row[0].text for row in grid.rows] == ["科目", "办公费", "水费"]

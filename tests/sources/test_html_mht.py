"""Saved web pages: the page among the parts of a mail message, in whatever encoding."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from yusuan.model.document import Document
from yusuan.model.errors import YusuanError
from yusuan.sources import read_document

PAGE = (
    "<html><head><link rel=stylesheet href='cid:css'><title>公开</title></head><body><p>部门收入总表</p>"
    "<table><tr><td>项目</td><td>金额</td></tr><tr><td>甲</td><td>600.00<i class=no>9</i></td></tr>"
    "</table></body></html>"
)
SHEET = ".no { display: none }"


def saved(*parts: tuple[str, str, str], encoding: str = "quoted-printable") -> bytes:
    """A message of parts: subtype of text, content and charset."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = "saved page"
    message.make_related()
    for subtype, content, charset in parts:
        part = EmailMessage(policy=policy.SMTP)
        part.set_content(content, subtype=subtype, charset=charset, cte=encoding)
        message.attach(part)
    return b"From: <Saved by a browser>\r\n" + message.as_bytes()


def read(folder: Path, content: bytes, name: str = "page.mht") -> Document:
    (folder / name).write_bytes(content)
    return read_document(folder / name)


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gb18030"])
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
@pytest.mark.parametrize("name", ["page.mht", "page.mhtml", "page.xls"])
def test_the_page_with_its_style_sheet(
    tmp_path: Path, charset: str, encoding: str, name: str
) -> None:
    parts = (("html", PAGE, charset), ("css", SHEET, "utf-8"))
    document = read(tmp_path, saved(*parts, encoding=encoding), name)
    assert [paragraph.text for paragraph in document.paragraphs] == ["部门收入总表"]
    (grid,) = document.grids
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["项目", "金额"],
        ["甲", "600.00"],
    ]
    assert document.encoding is None


def test_sheets_of_a_workbook_saved_so_are_pages(tmp_path: Path) -> None:
    frame = "<html><title>甲局2024年部门预算</title><frameset><frame src=1.htm></frameset></html>"
    parts = [("html", page, "gb2312") for page in (frame, PAGE, PAGE.replace("600", "700"))]
    document = read(tmp_path, saved(*parts))
    assert [grid.position.page for grid in document.grids] == [1, 2]
    assert [grid.rows[1][1].text for grid in document.grids] == ["600.009", "700.009"]
    assert document.title == "甲局2024年部门预算"


def test_without_a_page_it_says_so(tmp_path: Path) -> None:
    for content in (b"MIME-Version: 1.0\r\n", saved(("css", SHEET, "utf-8"))):
        with pytest.raises(YusuanError, match=r"page\.mht: a web archive"):
            read(tmp_path, content)


def test_parts_within_parts_without_end(tmp_path: Path) -> None:
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(5000)
    )
    with pytest.raises(YusuanError, match=r"page\.mht"):
        read(tmp_path, b"MIME-Version: 1.0\r\n" + head)

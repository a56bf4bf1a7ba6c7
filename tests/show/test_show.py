"""The cell of a fact, outlined in its page or table, and what `yusuan show` says of it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from click.testing import CliRunner, Result
from lxml import html
from PIL import Image, ImageChops

import yusuan
from tests.disclosures import disclosure_text, write
from tests.show.disclosures import FACT, fact_of, pdf_disclosure
from yusuan import Package
from yusuan.cli import main
from yusuan.show.drawing import CellPictures
from yusuan.show.page_pictures import CELL, ROW
from yusuan.show.place import CellPlace, find_place

TOTAL = "expenditure-summary-2130306-total"
OVER_THE_BREAK = "expenditure-summary-2130310-project"


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, ["show", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def draw(
    place: CellPlace, width: int = 1200, height: int | None = None, timeout: float | None = None
) -> bytes:
    with CellPictures() as pictures:
        return pictures.draw(place, width, height, timeout)


def drawn(package: Package, fact: str, width: int = 1200, height: int | None = None) -> Image.Image:
    return Image.open(io.BytesIO(draw(find_place(package, fact), width, height)))


def blank(rotation: int, page: int, width: int = 1200) -> Image.Image:
    """The page as it is, without marks."""
    with pdfium.PdfDocument(pdf_disclosure(rotation)) as document:
        shown = document[page - 1]
        return shown.render(scale=(width - 0.5) / shown.get_size()[0]).to_pil().convert("RGB")


def where(image: Image.Image, colour: tuple[int, int, int]) -> tuple[int, int, int, int] | None:
    """The box around the pixels of one colour."""
    away = ImageChops.difference(image, Image.new("RGB", image.size, colour))
    strongest = away.convert("RGB").split()
    most = ImageChops.lighter(ImageChops.lighter(strongest[0], strongest[1]), strongest[2])
    return most.point(lambda value: 255 * (value == 0)).getbbox()


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("file", "rotation", "name", "page"),
    [("一.pdf", 0, FACT, 2), ("一.pdf", 0, OVER_THE_BREAK, 3), ("转.pdf", 90, FACT, 2),
     ("包.zip", 180, OVER_THE_BREAK, 3)],
)  # fmt: skip
def test_the_cell_is_outlined_and_not_covered(
    mixed: Package, file: str, rotation: int, name: str, page: int
) -> None:
    place = find_place(mixed, fact_of(mixed, file, name))
    assert place.page and place.page.box and place.page.page == page
    image = drawn(mixed, fact_of(mixed, file, name))
    plain = blank(rotation, page)
    assert image.size == plain.size
    scale = image.width / (842 if rotation == 90 else 595)
    left, top, right, bottom = (round(edge * scale) for edge in place.page.box)
    outline = where(image, CELL)
    assert outline == pytest.approx((left - 4, top - 4, right + 4, bottom + 4), abs=1.1)
    inside = (left + 1, top + 1, right - 1, bottom - 1)
    assert ImageChops.difference(image.crop(inside), plain.crop(inside)).getbbox() is None


def test_the_rest_of_the_row_is_tinted_and_can_be_read(mixed: Package) -> None:
    image, plain = drawn(mixed, fact_of(mixed, "一.pdf", TOTAL)), blank(0, 2)
    scale = image.width / 595
    left, top, right, bottom = where(image, ROW) or (0, 0, 0, 0)
    # From the code at the left edge of the table (60) to its right edge (530), one row (20) high.
    assert (left / scale, right / scale) == pytest.approx((60, 530), abs=1.5)
    assert round(top / scale) in (170, 171) and round(bottom / scale) in (189, 190)
    label = [round(edge * scale) for edge in (155, 172, 285, 188)]
    printed, still = (
        _ink(each.crop((label[0], label[1], label[2], label[3]))) for each in (plain, image)
    )
    assert printed.getbbox() is not None
    assert ImageChops.subtract(printed, still).getbbox() is None


def _ink(image: Image.Image) -> Image.Image:
    return image.convert("L").point(lambda value: 255 * (value < 90))


def test_the_row_of_a_table_set_sideways_runs_down_the_page(mixed: Package) -> None:
    image = drawn(mixed, fact_of(mixed, "转.pdf", TOTAL))
    scale = image.width / 842
    left, top, right, bottom = where(image, ROW) or (0, 0, 0, 0)
    assert (top / scale, bottom / scale) == pytest.approx((60, 530), abs=1.5)
    assert round((right - left) / scale) in (19, 20)


def test_a_smaller_picture_and_a_part_of_it(mixed: Package) -> None:
    assert drawn(mixed, fact_of(mixed, "一.pdf"), 400).size == (400, 566)
    part = drawn(mixed, fact_of(mixed, "一.pdf"), 1200, 500)
    assert part.size == (1200, 500)
    outline = where(part, CELL)
    assert outline and outline[1] > 100 and outline[3] < 400


@pytest.mark.parametrize("file", ["表.xlsx", "表.csv", "表.docx", "文.txt"])
def test_other_formats_show_the_table_as_read(mixed: Package, file: str) -> None:
    place = find_place(mixed, fact_of(mixed, file))
    page = html.fromstring(draw(place).decode())
    (cell,) = page.xpath('//*[@id="cell"]')
    assert cell.text == place.fact["printed"] == "250"
    texts = [each.text or "" for each in cell.getparent()]
    assert texts[0] == place.fact["line"] and "水利工程运行与维护" in texts
    assert "部门支出总体情况表" in page.xpath('//*[@class="caption"]')[0].text_content()
    headings = page.xpath("//thead//th[not(@class)]/text()")
    assert {"功能分类科目编码", "基本支出", "项目支出"} <= set(headings)
    said = page.xpath('//*[@class="where"]')[0].text_content()
    assert file in said and place.fact["fragment"] in said
    assert not page.xpath("//link | //img | //script[@src] | //iframe")


def test_the_lines_around_are_shown_for_a_text(mixed: Package) -> None:
    place = find_place(mixed, fact_of(mixed, "文.txt"))
    page = html.fromstring(draw(place).decode())
    (line,) = page.xpath('//ol/li[@class="here"]')
    assert line.get("value") == place.fact["line"]
    assert line.text == "213\t03\t06\t水利工程运行与维护\t250\t\t250"


def test_a_long_table_is_cut_around_the_cell(tmp_path: Path) -> None:
    rows = tuple(f"213\t03\t{n:02d}\t项目{n}\t{n}\t{n}\t" for n in range(1, 99)) * 3
    package = yusuan.build(write(tmp_path, disclosure_text(rows=rows)), tmp_path / "package")
    fact = list(package.rows("facts"))[300]
    page = html.fromstring(draw(find_place(package, fact["fact"])).decode())
    assert page.xpath('//*[@id="cell"]/text()') == [fact["printed"]]
    assert 200 < len(page.xpath("//tbody/tr")) < 206
    assert len(page.xpath('//tr[@class="gap"]')) == 2
    assert page.xpath("//thead//th[text()='基本支出']")


def test_what_is_printed_is_text_and_not_markup(tmp_path: Path) -> None:
    rows = ("213\t03\t01\t<script>alert(1)</script>\t100\t100\t",)
    package = yusuan.build(write(tmp_path, disclosure_text(rows=rows)), tmp_path / "package")
    page = draw(find_place(package, next(package.rows("facts"))["fact"])).decode()
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page


def test_show_says_where_and_writes_a_file_named_after_the_fact(
    mixed: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    fact = fact_of(mixed, "一.pdf")
    result = run(mixed.folder, fact)
    assert result.exit_code == 0
    assert result.output == (
        f"{fact}.png: 一.pdf, page 2, line 6, cell E3 (page=2&viewrect=450,170,80,20): "
        "prints 250.00 in 万元, which is 2,500,000.00 yuan\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == [f"{fact}.png"]
    assert run(mixed.folder, fact_of(mixed, "表.docx"), "-o", "cell.html").exit_code == 0
    assert "250" in Path("cell.html").read_text("utf-8")


def test_a_finding_shows_its_fact(package: Package, tmp_path: Path) -> None:
    finding = next(row for row in package.rows("findings") if row["fact"])
    result = run(package.folder, finding["finding"], "-o", tmp_path / "a.html")
    assert f"line {finding['line']}, cell {finding['cell']}" in result.output
    without = next(row for row in package.rows("findings") if not row["fact"])
    refused = run(package.folder, without["finding"], "-o", tmp_path / "b.html")
    assert refused.exit_code == 2 and "about no single fact" in refused.output
    assert not (tmp_path / "b.html").exists()


def no_folder(package: Package, folder: Path) -> list[str | Path]:
    return [folder / "nowhere", "x"]


def no_package(package: Package, folder: Path) -> list[str | Path]:
    return [package.folder / "source", "x"]


def unknown_fact(package: Package, folder: Path) -> list[str | Path]:
    return [package.folder, fact_of(package, "一.pdf").replace("project", "projekt")]


def a_folder_for_output(package: Package, folder: Path) -> list[str | Path]:
    return [package.folder, fact_of(package, "一.pdf"), "-o", folder]


def no_folder_for_output(package: Package, folder: Path) -> list[str | Path]:
    return [package.folder, fact_of(package, "一.pdf"), "-o", folder / "no" / "a.png"]


def wrong_suffix(package: Package, folder: Path) -> list[str | Path]:
    return [package.folder, fact_of(package, "一.pdf"), "-o", folder / "budget.db"]


def altered(package: Package, folder: Path, alter: Callable[[Path], None]) -> list[str | Path]:
    copy = folder / "package"
    shutil.copytree(package.folder, copy)
    fact = fact_of(package, "一.pdf")
    alter(copy / "source" / f"{fact.partition('-')[0]}.pdf")
    return [copy, fact, "-o", folder / "a.png"]


def source_missing(package: Package, folder: Path) -> list[str | Path]:
    return altered(package, folder, Path.unlink)


def source_changed(package: Package, folder: Path) -> list[str | Path]:
    return altered(package, folder, lambda path: path.write_bytes(path.read_bytes() + b"\n"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (no_folder, "no data package here"), (no_package, "no data package here"),
        (unknown_fact, "the nearest are "), (a_folder_for_output, "a folder; name a file, such as"),
        (no_folder_for_output, "no such folder; make it first"),
        (wrong_suffix, "give the file a name that ends in .png"),
        (source_missing, "missing; build the package anew"),
        (source_changed, "changed since the package was built"),
    ],
)  # fmt: skip
def test_mistakes_are_one_sentence_and_leave_nothing(
    mixed: Package,
    tmp_path: Path,
    arguments: Callable[[Package, Path], list[str | Path]],
    sentence: str,
) -> None:
    result = run(*arguments(mixed, tmp_path))
    assert result.exit_code == 2
    assert sentence in result.output and len(result.output.splitlines()) == 1
    assert {path.name for path in tmp_path.iterdir()} <= {"package"}


def test_an_unknown_fact_names_the_nearest(mixed: Package, tmp_path: Path) -> None:
    result = run(*unknown_fact(mixed, tmp_path))
    assert f"the nearest are {fact_of(mixed, '一.pdf')}" in result.output


def test_a_damaged_pdf_and_one_that_takes_too_long_are_sentences(
    mixed: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = find_place(mixed, fact_of(mixed, "一.pdf"))
    with pytest.raises(yusuan.YusuanError, match=r"not drawn within 0.001 seconds"):
        draw(place, timeout=0.001)
    monkeypatch.setattr(type(place), "content", lambda self: b"%PDF-1.7 and no more")
    with pytest.raises(yusuan.YusuanError, match=r"一.pdf: cannot be shown \(.*\)"):
        draw(place)

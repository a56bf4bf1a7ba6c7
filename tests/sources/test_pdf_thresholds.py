"""How characters, printed lines, rulings and what lies over them are told, just on both sides of
each number that decides it. What tables are made of them: ``test_pdf_table_thresholds``."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
import pytest
from PIL import Image

from tests.sources.pdf_drawing import FONT, HEIGHT, WIDTH, Drawing
from tests.sources.pdf_printed import apart, glyph, glyphs, printed, table
from yusuan.sources.pdf import hidden_text, lines, markup, reading, rendering, visibility
from yusuan.sources.pdf.glyphs import (
    Frame,
    Glyph,
    SlantedChar,
    is_garbled,
    read_chars,
    without_overprints,
)
from yusuan.sources.pdf.objects import painted
from yusuan.sources.pdf.page import _hangs, _is_crowded, _sliver
from yusuan.sources.pdf.ruled_tables import _edges, same_rows, walls_of
from yusuan.sources.pdf.rulings import Ruling, _filled, _on_paper, _visible, merged_rulings

INK = (0, 0, 0, 255)


def page_of(drawing: Drawing) -> pdfium.PdfPage:
    return pdfium.PdfDocument(io.BytesIO(drawing.content()))[0]


# Characters


@pytest.mark.parametrize(("degrees", "slanted"), [(8.0, False), (10.0, True)])
def test_glyphs_aslant_are_no_part_of_the_text(degrees: float, slanted: bool) -> None:
    drawing = Drawing()
    drawing.canvas.translate(100, 400)
    drawing.canvas.rotate(degrees)
    drawing.canvas.drawString(0, 0, "A")
    found: list[object] = []
    chars = list(read_chars(page_of(drawing).get_textpage(), found))  # type: ignore[arg-type]
    assert (len(found), len(chars)) == ((1, 0) if slanted else (0, 1))


@pytest.mark.parametrize(("bad", "garbled"), [(5, False), (7, True)])
def test_glyphs_of_a_page_that_mean_nothing(bad: int, garbled: bool) -> None:
    assert is_garbled(glyphs("\ufffd" * bad + "字" * (20 - bad), 0)) == garbled


@pytest.mark.parametrize(("aside", "kept"), [(2.2, 1), (2.8, 2)])
def test_glyphs_printed_again_beside_themselves(aside: float, kept: int) -> None:
    assert len(without_overprints([glyph("字", 0), glyph("字", aside)])) == kept


# Lines, words and the text of cells


@pytest.mark.parametrize(("lower", "count"), [(4.5, 1), (5.5, 2)])
def test_lines_of_characters_at_one_height(lower: float, count: int) -> None:
    assert len(lines.lines_of([glyph("字", 0), glyph("字", 20, 100 + lower)])) == count


@pytest.mark.parametrize(("gap", "text"), [(9.0, "1326.81"), (11.0, "1 326.81")])
def test_lines_with_a_number_set_apart(gap: float, text: str) -> None:
    assert lines.cell_text(apart(["1", "326.81"], gap), 100) == text


@pytest.mark.parametrize(("aside", "text"), [(2.5, "1 / 2"), (3.0, "12")])
def test_lines_with_digits_on_each_other(aside: float, text: str) -> None:
    assert lines.GlyphLine((glyph("1", 0), glyph("2", aside))).text == text


@pytest.mark.parametrize(("width", "full"), [(30.5, True), (33.5, False)])
def test_lines_that_fill_their_cell(width: float, full: bool) -> None:
    assert lines.is_full(printed((0, "字")), width) == full


@pytest.mark.parametrize(("gap", "words"), [(1.05, 1), (1.35, 2)])
def test_lines_with_a_digit_behind_decimals(gap: float, words: int) -> None:
    found = lines.text_line(lines.GlyphLine(tuple(apart(["1.25", "3"], gap))), 0.6)
    assert len(found.words) == words


@pytest.mark.parametrize(("gap", "words"), [(72.0, 1), (88.0, 2)])
def test_lines_with_a_word_that_is_set_wide(gap: float, words: int) -> None:
    found = lines.text_line(lines.GlyphLine(tuple(apart(["合", "计"], gap))), 0.6)
    assert len(found.words) == words


@pytest.mark.parametrize(("then", "words"), [(2.2, ["收", "入表"]), (2.8, ["收入表"])])
def test_lines_with_single_ideographs_set_apart(then: float, words: list[str]) -> None:
    spaced = (glyph("收", 0), glyph("入", 30), glyph("表", 40 + then))
    found = lines.text_line(lines.GlyphLine(spaced), 0.6)
    assert [word.text.replace(" ", "") for word in found.words] == words


@pytest.mark.parametrize(("aside", "words"), [(11.5, 3), (14.5, 1)])
def test_lines_with_headings_of_one_ideograph(aside: float, words: int) -> None:
    spaced = [glyph(text, 60 * i + 25 + aside) for i, text in enumerate("类款项")]
    word = lines._word_of(spaced)
    assert len(lines.pieces_at(word, (0, 60, 120, 180))) == words


@pytest.mark.parametrize(("gap", "words"), [(2.2, 1), (2.8, 2)])
def test_lines_cut_at_an_edge_of_columns(gap: float, words: int) -> None:
    word = lines._word_of(apart(["合计", "支出"], gap))
    assert len(lines.pieces_at(word, (0, 21, 80))) == words


@pytest.mark.parametrize(("edge", "words"), [(10.26, 2), (10.34, 1)])
def test_lines_with_characters_over_an_edge(edge: float, words: int) -> None:
    found = lines.text_line(printed((0, "合计")), 0.6, (edge,))
    assert len(found.words) == words


@pytest.mark.parametrize(
    ("texts", "narrow", "wide"),
    [(("合", "计"), 8.1, 9.9), (("合", "1"), 4.05, 4.95), (("1", "2"), 1.8, 2.2)],
)
def test_lines_with_blanks_between_characters(
    texts: tuple[str, str], narrow: float, wide: float
) -> None:
    close, far = (lines.GlyphLine(tuple(apart(texts, gap))).text for gap in (narrow, wide))
    assert (close, far) == ("".join(texts), " ".join(texts))


@pytest.mark.parametrize(
    ("gap", "heading", "words"),
    [(36, False, 1), (44, False, 2), (22.5, True, 1), (27.5, True, 2)],
)
def test_lines_with_ideographs_far_apart(gap: float, heading: bool, words: int) -> None:
    spaced = lines.GlyphLine(tuple(apart(["甲", "乙"], gap)))
    assert len(lines.text_line(spaced, 0.6, heading=heading).words) == words


# Rulings and the cells between them


@pytest.mark.parametrize(("height", "shade"), [(2.5, False), (3.5, True)])
def test_rulings_are_thin_shapes(height: float, shade: bool) -> None:
    found = _filled([(0, 0), (100, 0), (100, height), (0, height)])
    assert {ruling.shade for ruling in found} == {shade}


@pytest.mark.parametrize(("side", "count"), [(1.3, 2), (1.7, 0)])
def test_rulings_of_dots(side: float, count: int) -> None:
    assert len(list(_filled([(0, 0), (side, 0), (side, side), (0, side)]))) == count


@pytest.mark.parametrize(
    ("drawn", "count"),
    [
        ([(0, 0, 99), (2.6, 0, 99)], 1),  # side by side
        ([(0, 0, 99), (3.4, 0, 99)], 2),
        ([(0, 0, 50), (0, 52.6, 99)], 1),  # one behind the other
        ([(0, 0, 50), (0, 53.4, 99)], 2),
        ([(0, 0, 1.8)], 0),  # long enough to be one
        ([(0, 0, 2.2)], 1),
        ([(0, 13.0 * i, 13.0 * i + 6) for i in range(8)], 1),  # dashes
        ([(0, 15.0 * i, 15.0 * i + 6) for i in range(8)], 8),
        ([(0, 11.0 * i, 11.0 * i + 6) for i in range(5)], 5),  # too few for dashes
        ([(0, 11.0 * i, 11.0 * i + 6) for i in range(6)], 1),
        ([(0, 15.5 * i, 15.5 * i + 10.5) for i in range(8)], 1),  # too long for them
        ([(0, 18.5 * i, 18.5 * i + 13.5) for i in range(8)], 8),
    ],
)
def test_rulings_merged(drawn: list[tuple[float, float, float]], count: int) -> None:
    assert len(merged_rulings(Ruling(True, *each) for each in drawn)) == count


@pytest.mark.parametrize(("above", "kept"), [(2.6, True), (3.4, False)])
def test_rulings_at_the_edge_of_the_paper(above: float, kept: bool) -> None:
    cut = _on_paper(Ruling(True, -above, 0, 50), Frame(0, 0, 0, 100, 100))
    assert (cut is not None) == kept


@pytest.mark.parametrize(("grey", "seen"), [(240, True), (252, False)])
def test_rulings_that_are_pale(grey: int, seen: bool) -> None:
    assert _visible((grey, grey, grey, 255)) == seen


@pytest.mark.parametrize(("length", "walls"), [(54, set()), (66, {(0, 0)})])
def test_ruled_tables_whose_lines_run_along_part_of_a_side(
    length: float, walls: set[tuple[int, int]]
) -> None:
    assert walls_of([Ruling(True, 0, 0, length)], (0,), (0, 100)) == walls


@pytest.mark.parametrize(("out", "edges"), [(7, (10, 50)), (9, (1, 10, 50))])
def test_ruled_tables_with_an_open_edge(out: float, edges: tuple[float, ...]) -> None:
    upright = [Ruling(False, 10, 0, 40), Ruling(False, 50, 0, 40)]
    level = [Ruling(True, at, 10 - out, 50) for at in (0, 40)]
    assert _edges(upright, level, 7.0) == edges


ROWS = tuple(20.0 * row for row in range(11))
"""Edges of rows."""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (ROWS, (*ROWS[:7], ROWS[7] + 1.3, *ROWS[8:]), True),
        (ROWS, (*ROWS[:7], ROWS[7] + 1.7, *ROWS[8:]), False),
        (ROWS, ROWS[3:], True),
        (ROWS, ROWS[4:], False),
        (ROWS[:3], ROWS[:3], True),
        (ROWS[:2], ROWS[:2], False),
    ],
    ids=["level", "aside", "a head", "more than a head", "two rows", "one row"],
)
def test_ruled_tables_with_the_same_rows(
    one: tuple[float, ...], other: tuple[float, ...], same: bool
) -> None:
    assert same_rows(one, other) == same


# Cells of a page


@pytest.mark.parametrize(("gap", "hangs"), [(1.7, True), (2.3, False)])
def test_page_keeps_a_closing_sign_with_what_it_closes(gap: float, hangs: bool) -> None:
    assert _hangs(glyph("）", 10 + gap), glyph("字", 0)) == hangs


@pytest.mark.parametrize(
    ("small", "narrowest"), [(9, 6.5), (11, 4.0)], ids=["few small ones", "more of them"]
)
def test_page_of_small_text_has_narrow_columns(small: int, narrowest: float) -> None:
    sizes = [4.0] * small + [6.5] * (100 - small)
    assert _sliver([glyph("字", 0, size=size) for size in sizes]) == narrowest


def test_ruled_tables_in_large_text_have_columns_wider_than_borders_within_borders() -> None:
    assert 6 < _sliver([glyph("字", 0)] * 10) < 8


@pytest.mark.parametrize(("cells", "crowded"), [(2, False), (3, True)])
def test_page_whose_cells_hold_two_numbers(cells: int, crowded: bool) -> None:
    assert _is_crowded(table([["1.00 2.00"]] * cells + [["3.00"]])) == crowded


# What is printed over text, or is no part of it


@pytest.mark.parametrize(("beyond", "strikes"), [(10.8, True), (13.2, False)])
def test_markup_by_a_line_that_is_longer_than_a_label(beyond: float, strikes: bool) -> None:
    through = markup._through(Ruling(True, 95, 0, 20 + beyond), glyphs("合计", 0))
    assert (through is not None) == strikes


@pytest.mark.parametrize(("size", "marks"), [(7.4, 1), (8.2, 0)])
def test_markup_of_a_raised_sign(size: float, marks: int) -> None:
    both = lines.GlyphLine((*glyphs("合计", 0), glyph("1", 20, 96, size)))
    assert len(markup.raised_marks([both])) == marks


@pytest.mark.parametrize("count", [6, 7])
def test_markup_of_many_raised_signs(count: int) -> None:
    both = lines.GlyphLine((*glyphs("合计", 0), *glyphs("1" * count, 20, 96, 6)))
    assert len(markup.raised_marks([both])) == (count if count < 7 else 0)


@pytest.mark.parametrize(("red", "bright"), [(70, False), (90, True)])
def test_markup_in_the_colours_of_seals(red: int, bright: bool) -> None:
    assert markup.is_bright((red, 0, 0, 255)) == bright


@pytest.mark.parametrize(("red", "alike"), [(36, True), (44, False)])
def test_markup_in_one_colour(red: int, alike: bool) -> None:
    assert markup._alike((200, 0, 0, 255), (200 - red, 0, 0, 255)) == alike


@pytest.mark.parametrize(("up", "struck"), [(1.3, False), (1.7, True), (5.3, True), (5.7, False)])
def test_markup_by_a_line_through_the_middle(up: float, struck: bool) -> None:
    through = Ruling(True, 100 - up, 0, 20)
    found, _ = markup.struck_out(glyphs("合计", 0), [through], lambda drawn: [True] * len(drawn))
    assert {each.struck for each in found} == {struck}


@pytest.mark.parametrize(
    ("directions", "arcs"),
    [((1, 2, 3, 4), 1), ((1, 2, 3), 0), ((1, 1, 2, 3, 3), 1), ((1, 1, 1, 2, 2), 0)],
)
def test_markup_by_characters_along_a_ring(
    directions: tuple[int, ...], arcs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markup, "colour", lambda owner: (200, 0, 0, 255))
    chars = [SlantedChar(60 + 9 * i, 60, 9, each / 5, 1) for i, each in enumerate(directions)]
    assert len(markup._arcs(chars)) == arcs


@pytest.mark.parametrize(
    ("width", "height", "rings"),
    [(100, 135, 1), (100, 170, 0), (40, 40, 1), (32, 32, 0), (205, 205, 1), (240, 240, 0)],
)
def test_markup_by_a_ring(width: float, height: float, rings: int) -> None:
    drawing = Drawing()
    drawing.canvas.setStrokeColor("red")
    drawing.canvas.ellipse(100, 100, 100 + width, 100 + height)
    page = page_of(drawing)
    assert len(markup._rings(list(painted(page)))) == rings


# Text that nobody sees


@pytest.mark.parametrize(("grey", "fades"), [(36, True), (45, False)])
def test_hidden_text_in_a_colour_like_what_is_behind_it(grey: int, fades: bool) -> None:
    assert hidden_text._may_fade(INK, {(grey, grey, grey)}) == fades


@pytest.mark.parametrize(("shades", "fades"), [(220, False), (300, True)])
def test_hidden_text_over_many_colours(shades: int, fades: bool) -> None:
    behind = {(i % 200, i // 200, 0) for i in range(shades)}
    assert hidden_text._may_fade((255, 255, 255, 255), behind) == fades


@pytest.mark.parametrize(("opacity", "fades"), [(110, True), (145, False)])
def test_hidden_text_that_is_transparent(opacity: int, fades: bool) -> None:
    assert hidden_text._may_fade((0, 0, 0, opacity), {(255, 255, 255)}) == fades


@pytest.mark.parametrize(("height", "covers"), [(2.6, 0), (3.4, 1)])
def test_hidden_text_under_a_shape(height: float, covers: int) -> None:
    drawing = Drawing()
    drawing.text(60, 100, "123")
    drawing.rectangle(50, 95, 200, 95 + height, "white")
    assert len(hidden_text.find_hidden_text(page_of(drawing), False).covers) == covers


@pytest.mark.parametrize(("width", "under"), [(2.2, set()), (2.8, {0})])
def test_hidden_text_of_which_part_is_covered(
    width: float, under: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hidden_text, "text_object", lambda place, index: 7)
    candidates = hidden_text.HiddenTextCandidates({7: 0}, covers=[(1, (0, 0, width, 10))])
    char = ("字", (0.0, 0.0, 10.0, 10.0), (0.0, 0.0), 0, 0)
    assert hidden_text.covered(0, [char], candidates) == under


def grey_image(line: int) -> Image.Image:
    """White paper with a level line of a grey."""
    image = Image.new("L", (60, 21), 255)
    image.paste(line, (10, 10, 50, 11))
    return image


@pytest.mark.parametrize(("darker", "drawn"), [(56, False), (72, True)])
def test_rendering_of_a_pale_line(darker: int, drawn: bool) -> None:
    assert rendering._is_drawn(grey_image(255 - darker), (10, 8, 50, 13)) == drawn


@pytest.mark.parametrize(("end", "drawn"), [(46, False), (50, True)])
def test_rendering_of_a_line_that_is_covered_in_part(end: int, drawn: bool) -> None:
    image = grey_image(0)
    image.paste(255, (end, 0, 60, 21))
    assert rendering._is_drawn(image, (10, 8, 50, 13)) == drawn


@pytest.mark.parametrize(("darker", "differs"), [(14, 0), (18, 255)])
def test_rendering_with_and_without_a_text(darker: int, differs: int) -> None:
    one, other = (Image.new("RGB", (1, 1), (255, grey, 255)) for grey in (255, 255 - darker))
    assert rendering.difference_of(one, other).getpixel((0, 0)) == differs


@pytest.mark.parametrize(("width", "shown"), [(42, False), (56, True)])
def test_rendering_of_a_part_of_a_character(width: int, shown: bool) -> None:
    assert rendering.is_shown((width, 100), (100, 100)) == shown


def recognised(behind: int) -> Drawing:
    """Twenty invisible characters, something printed behind so many of them."""
    drawing = Drawing()
    for i in range(behind):
        drawing.rectangle(63 + 20 * i, 94, 66 + 20 * i, 98, "black")
    text = drawing.canvas.beginText()
    text.setFont(FONT, 10)
    text.setTextRenderMode(3)
    for i in range(20):
        text.setTextOrigin(60 + 20 * i, HEIGHT - 100)
        text.textOut("字")
    drawing.canvas.drawText(text)
    return drawing


@pytest.mark.parametrize(("behind", "hidden"), [(14, True), (18, False)])
def test_visibility_of_text_recognised_in_what_is_drawn(behind: int, hidden: bool) -> None:
    _, read = visibility.read_glyphs(page_of(recognised(behind)))
    assert {each.hidden for each in read} == {hidden}


@pytest.mark.parametrize(("share", "hidden"), [(0.27, True), (0.33, False)])
def test_visibility_of_text_under_the_picture_of_the_page(share: float, hidden: bool) -> None:
    drawing = Drawing()
    drawing.text(60, 100, "支出预算")
    high = share * HEIGHT
    picture = Image.new("L", (int(WIDTH), int(high)), 255)
    for x in range(0, picture.width, 3):
        picture.paste(0, (x, 0, x + 1, picture.height))
    drawing.canvas.drawInlineImage(picture, 0, HEIGHT - high, WIDTH, high)
    _, read = visibility.read_glyphs(page_of(drawing))
    assert {each.hidden for each in read} == {hidden}


@pytest.mark.parametrize(("beyond", "cut"), [(0.17, False), (0.23, True)])
def test_visibility_of_a_number_at_the_edge_of_the_paper(beyond: float, cut: bool) -> None:
    def read(x: float) -> list[Glyph]:
        drawing = Drawing()
        drawing.text(x, 100, "12.34")
        return visibility.read_glyphs(page_of(drawing))[1]

    width = max(each.x1 for each in read(0))
    assert ("\ufffd" in [each.text for each in read(WIDTH + beyond - width)]) == cut


# Pages without text


@pytest.mark.parametrize(("share", "scanned"), [(0.27, False), (0.33, True)])
def test_reading_a_page_with_a_picture(share: float, scanned: bool) -> None:
    drawing = Drawing()
    drawing.picture(0, 0, WIDTH, share * HEIGHT)
    assert reading._is_scanned(page_of(drawing), []) == scanned


@pytest.mark.parametrize(("shapes", "scanned"), [(170, False), (230, True)])
def test_reading_a_page_with_curved_shapes(shapes: int, scanned: bool) -> None:
    drawing = Drawing()
    for i in range(shapes):
        drawing.canvas.circle(10 + i, 100, 3)
    assert reading._is_scanned(page_of(drawing), []) == scanned

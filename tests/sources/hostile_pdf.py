"""PDFs made to hang, crash or fill whatever reads them."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from tests.representative import few_or
from tests.sources.pdf_drawing import Drawing

__all__ = ["PDFS"]


def pdf(*objects: str | bytes, root: str = "1 0 R") -> bytes:
    """A PDF of the objects given, numbered from 1, with a table of where they stand."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        raw = body.encode() if isinstance(body, str) else body
        out += f"{number} 0 obj\n".encode() + raw + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    for place in places:
        out += f"{place:010} 00000 n \n".encode()
    out += (
        f"trailer\n<< /Size {len(places) + 1} /Root {root} >>\nstartxref\n{start}\n%%EOF".encode()
    )
    return bytes(out)


def stream(data: bytes, more: str = "", packed: bool = False) -> bytes:
    if packed:
        data = zlib.compress(data, 9)
        more += "/Filter /FlateDecode"
    return f"<< /Length {len(data)} {more} >>\nstream\n".encode() + data + b"\nendstream"


CATALOGUE = "<< /Type /Catalog /Pages 2 0 R >>"
PAGES = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
BOX = "/MediaBox [0 0 595 842]"
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def one_page(content: bytes, *others: str | bytes, box: str = BOX, more: str = "") -> bytes:
    """A page (object 3) with its content (4), a font F (5), and other objects from 6 on."""
    return pdf(
        CATALOGUE,
        PAGES,
        f"<< /Type /Page /Parent 2 0 R {box} /Contents 4 0 R "
        f"/Resources << /Font << /F 5 0 R >> {more} >> >>",
        content,
        FONT,
        *others,
    )


def repeated_flate(times: int) -> bytes:
    """A stream that unpacks to 1 MB of blanks, packed again and again."""
    data = zlib.compress(b" " * 2**20 * few_or(16, 64), 9)
    for _ in range(times):
        data = zlib.compress(data, 9)
    filters = "/Filter [" + "/FlateDecode " * (times + 1) + "]"
    return f"<< /Length {len(data)} {filters} >>\nstream\n".encode() + data + b"\nendstream"


def laughing_forms() -> bytes:
    """Drawings that each show the next one ten times, eight deep."""
    forms = [
        stream(
            f"/X{i + 1} Do ".encode() * 10 if i < 8 else b"0 0 m 9 9 l S",
            f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
            f"/Resources << /XObject << /X{i + 1} {min(i + 7, 14)} 0 R >> >>",
        )
        for i in range(9)
    ]
    return one_page(stream(b"/X0 Do"), *forms, more="/XObject << /X0 6 0 R >>")


def table_of(columns: int, rows: int) -> bytes:
    """A page ruled into cells of a few points; the page is as large as it takes."""
    width, height = columns * 8, rows * 8
    lines = [f"{x * 8} 0 m {x * 8} {height} l" for x in range(columns + 1)]
    lines += [f"0 {y * 8} m {width} {y * 8} l" for y in range(rows + 1)]
    text = "BT /F 5 Tf 1 1 Td (1) Tj ET"
    content = stream(("\n".join(lines) + f" S {text}").encode(), packed=True)
    return one_page(content, box=f"/MediaBox [0 0 {width} {height}]")


def pieces(columns: int, rows: int) -> bytes:
    """As above, with each side of each cell drawn for itself."""
    lines = [
        f"{x * 8} {y * 8} m {x * 8 + 8} {y * 8} l S {x * 8} {y * 8} m {x * 8} {y * 8 + 8} l S"
        for x in range(columns) for y in range(rows)
    ]  # fmt: skip
    content = stream(("\n".join(lines) + " BT /F 5 Tf 1 1 Td (1) Tj ET").encode(), packed=True)
    return one_page(content, box=f"/MediaBox [0 0 {columns * 8} {rows * 8}]")


def many_pages(count: int) -> bytes:
    kids = " ".join(f"{number + 3} 0 R" for number in range(count))
    page = f"<< /Type /Page /Parent 2 0 R {BOX} >>"
    return pdf(CATALOGUE, f"<< /Type /Pages /Kids [{kids}] /Count {count} >>", *[page] * count)


def locked() -> bytes:
    drawing = Drawing(password="geheim")
    drawing.text(60, 60, "预算")
    return drawing.content()


TEXT = b"BT /F 9 Tf 9 9 Td (1) Tj ET "
SAME = few_or(300, 1_500)
NO_TABLE = "no budget table|no text on any page|only text that is hidden|damaged|not a PDF"


def over_text(paint: str) -> bytes:
    """A page of a thousand words with something painted over them."""
    words = "\n".join(
        f"BT /F 6 Tf {10 + i % 20 * 28} {830 - i // 20 * 16} Td ({1000 + i}) Tj ET"
        for i in range(1_000)
    )
    return one_page(stream(f"{words}\n{paint}".encode(), packed=True))


_RING = (
    "100 100 m 100 160 160 160 160 100 c 160 40 100 40 100 100 c"
    + 2 * " 60 40 9 9 100 100 c"
    + " S\n"
)

PDFS: list[tuple[str, Callable[[], bytes], str]] = [
    ("header", lambda: b"%PDF-1.4\n", "not a PDF"),
    ("locked", locked, "protected by a password"),
    ("own-parent", lambda: pdf(
        CATALOGUE, "<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 9 >>",
        f"<< /Type /Page /Parent 2 0 R {BOX} >>",
    ), NO_TABLE),
    ("count", lambda: pdf(
        CATALOGUE, "<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>",
        f"<< /Type /Page /Parent 2 0 R {BOX} >>",
    ), "pages; at most 2,000|damaged|not a PDF|no text on any page"),
    ("pages", lambda: many_pages(100_000), "100,000 pages; at most 2,000"),
    ("same-page", lambda: pdf(
        CATALOGUE, f"<< /Type /Pages /Kids [{'3 0 R ' * SAME}] /Count {SAME} >>",
        f"<< /Type /Page /Parent 2 0 R {BOX} /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        stream(TEXT * 10), FONT,
    ), NO_TABLE),
    ("xref-loop", lambda: one_page(stream(TEXT)).replace(
        b"/Root", b"/Prev 600 /Root"
    ).replace(b"startxref\n", b"startxref\n0"), NO_TABLE),
    ("xref-itself", lambda: pdf(CATALOGUE, PAGES, f"<< /Type /Page {BOX} >>").replace(
        b"/Root 1 0 R", b"/Root 1 0 R /Prev " + str(
            pdf(CATALOGUE, PAGES, f"<< /Type /Page {BOX} >>").index(b"xref")
        ).encode(),
    ), NO_TABLE),
    ("covered", lambda: over_text("1 g\n" + "0 0 595 842 re f\n" * 40_000), "more than 50,000"),
    ("covered-in-colours", lambda: over_text("".join(
        f"{i % 255 / 255:.3f} {i // 255 / 255:.3f} .5 rg 0 0 595 842 re f\n" for i in range(40_000)
    )), "more than 50,000"),
    ("specks", lambda: over_text("1 g\n" + "".join(
        f"{i % 590} {i // 590 * 12} 3 3 re f\n" for i in range(few_or(8_000, 40_000))
    )), NO_TABLE),
    ("clips", lambda: over_text("".join(
        f"q {i % 500} {i // 500 * 40} 30 9 re W n BT /F 6 Tf {i % 500 + i % 2 * 28} {i // 500 * 40} Td"
        " (1234) Tj ET Q\n" for i in range(few_or(2_500, 10_000))
    )), NO_TABLE),
    ("white-giants", lambda: over_text("1 g\n" + "".join(
        f"BT /F {700 + i % 90} Tf {i % 60 - 90} {i % 70} Td (8) Tj ET\n" for i in range(2_000)
    )), "too many upon each other"),
    ("rings", lambda: over_text("1 0 0 rg 1 0 0 RG BT /F 6 Tf 9 9 Td (1) Tj ET\n" + _RING * 20_000),
     "more than 50,000"),
    ("struck", lambda: over_text("".join(
        f"{9 + i % 20 * 28} {832 - i // 20 % 50 * 16} m {24 + i % 20 * 28} {832 - i // 20 % 50 * 16} l S\n"
        for i in range(few_or(2_500, 10_000))
    )), NO_TABLE + "|no text"),
    ("huge-page", lambda: one_page(stream(TEXT), box="/MediaBox [0 0 1e30 1e30]"), "no text layer"),
    ("odd-box", lambda: one_page(stream(TEXT), box="/MediaBox [9 9 -5 nan]"), NO_TABLE),
    ("far-text", lambda: one_page(
        stream(b"BT /F 1e38 Tf 1e38 1e38 Td (1) Tj 1e-40 0 0 1e-40 0 0 Tm (2) Tj ET")
    ), NO_TABLE),
    ("flate", lambda: one_page(stream(b" " * few_or(2**25, 2**27), packed=True)), NO_TABLE + "|ended|memory"),
    ("flate-twice", lambda: one_page(repeated_flate(3)), NO_TABLE + "|ended|memory"),
    ("object-stream", lambda: pdf(
        CATALOGUE, PAGES, f"<< /Type /Page /Parent 2 0 R {BOX} /Contents 9 0 R >>",
        stream(b"9 0 " * 1_000_000, "/Type /ObjStm /N 1000000 /First 4000000", packed=True),
    ), NO_TABLE),
    ("nested-arrays", lambda: pdf(
        CATALOGUE, PAGES, f"<< /Type /Page /Parent 2 0 R {BOX} /X {'[' * 200_000} >>"
    ), NO_TABLE),
    ("nested-state", lambda: one_page(stream(b"q " * 500_000 + TEXT, packed=True)), NO_TABLE),
    ("form-itself", lambda: one_page(
        stream(b"/X Do " + TEXT),
        stream(b"/X Do", "/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
               "/Resources << /XObject << /X 6 0 R >> >>"),
        more="/XObject << /X 6 0 R >>",
    ), NO_TABLE),
    ("laughing-forms", laughing_forms, NO_TABLE + "|ended|memory|objects"),
    ("characters", lambda: one_page(stream(
        b"BT /F 1 Tf 9 9 Td " + b"(1234567890) Tj " * 100_000 + b"ET", packed=True
    )), "characters or drawn objects"),
    ("objects", lambda: one_page(stream(b"0 0 m 9 9 l S " * 300_000 + TEXT, packed=True)), "characters or drawn objects"),
    ("lattice", lambda: table_of(500, 2_000), NO_TABLE + "|cells"),
    ("pieces", lambda: pieces(few_or(60, 150), few_or(60, 150)), NO_TABLE + "|cells"),
    ("font-itself", lambda: one_page(
        stream(TEXT), "<< /Type /Font /Subtype /Type0 /BaseFont /X /DescendantFonts [5 0 R] >>"
    ), NO_TABLE),
]  # fmt: skip
"""Name, maker, and what must be said of each (a pattern)."""

"""Every limit that reading one document obeys, with the reason for each.

They lie far beyond any budget disclosure ever published (a 300-page PDF takes seconds) and
close enough that no file can hold up or fill a machine.
"""

from __future__ import annotations

__all__ = ["Exceeded"]

MB = 2**20


class Exceeded(ValueError):
    """A limit is exceeded; whoever knows where says so."""


# One document
FILE_BYTES = 128 * MB
"""Larger files are scans or archives of many disclosures."""
SECONDS = 120.0
"""To read and understand one document; the largest real ones take a tenth, on a slow machine."""
PROCESSOR_SECONDS = 20.0
"""Of a processor, to read and understand one document that is no PDF or archive, whose pages and
members take their time each; the largest real ones take a tenth."""
CHECK_SECONDS = 60.0
"""Of a processor, to compile the records of a document, and as long again to check it; the largest
real ones take a twentieth."""
MEMORY = 800 * MB
"""Bytes beyond the 150 MB of an idle reader, so 1 GB in all; real documents take a tenth."""

# What a document may hold
PAGES = 2_000
"""Pages of a PDF; a county's whole budget has some hundred."""
PAGE_OBJECTS = 50_000
"""Texts, lines and pictures on one page of a PDF; a page full of ruled lines has 5,000."""
PAGE_CHARACTERS = 50_000
"""Characters on one page of a PDF; a page of small print has 5,000."""
PAGE_POINTS = 200_000
"""Points of all that is drawn on one page of a PDF; a page full of ruled lines has 10,000."""
PAGE_LOOKS = 10_000_000
"""Pairs of a character of a PDF page and what may hide it that are looked at; a full page of
coloured cells has 50,000."""
PAGE_PAINTED = 100
"""How often all that a page paints may cover its paper, where it must be drawn to tell what is
seen; pages in print cover it three times."""
PAGE_ROUNDS = 8
"""Layers of hidden text at one place of a PDF page; scans with recognised text have one."""
FORM_DEPTH = 8
"""Drawings within drawings of a PDF; nobody nests them by hand."""
COLUMNS = 512
"""Columns of a table; the widest of final accounts has 50."""
ROWS_RULED = 2_048
"""Rows of a ruled table on one page; with more it is a drawing."""
PAGE_CELLS = 50_000
"""Cells of a ruled table on one page; the fullest have 3,000."""
CELLS = 300_000
"""Cells of all tables together, blank ones included; three hundred full pages have 200,000."""
ROWS = 40_000
"""Rows of one table or sheet, blank ones left out; three hundred full pages have 12,000."""
LINES = 300_000
"""Lines of a text or CSV file; the most lines of text and rows that are read, a blank one behind each."""
TABLES = 2_000
"""Tables of a document; a workbook of a hundred units, ten tables each, has 1,000."""
UNREADABLE = 10_000
"""Cells of amount columns that hold no amount; each is told, and the worst real document has 100."""
PARAGRAPHS = 100_000
"""Lines of running text; a book of a thousand pages has 40,000."""
RUNNING_TEXT = 1_500_000
"""Characters of all lines of running text; a book of a thousand pages has a million."""
TEXT = 100_000
"""Characters of one paragraph or cell; a spreadsheet's cell holds 32,767."""
NESTED_TABLES = 40
"""Tables within tables; layouts of web pages go ten deep."""
TITLE = 400
"""Characters of a page's ``<title>`` that are looked at; it is one line of a browser's tab."""
PAGE_LINES = 65_535
"""Lines of a web page; line numbers of the parser end here."""

PAGE_TAGS = 1_500_000
"""Tags of a web page, those that end an element among them; a table of all its cells has 700,000."""
PAGE_ATTRIBUTES = 1_000_000
"""Equals signs of a web page, one for each attribute; a page saved by an office program has 100,000."""
STYLE_SHEETS = 4_000_000
"""Characters of style sheets of a web page; those of a large portal have 500,000."""

STYLE_LOOKS = 5_000_000
"""Pairs of an element of a web page and a rule of its style sheets that are looked at; a page of a
hundred thousand cells below the style sheet of a portal has as many."""
TAG_ATTRIBUTES = 2_000
"""Attributes of one tag of a web page, which the parser compares each with all; none has fifty."""

# Word documents
WORD_PARAGRAPHS = 500_000
"""Paragraphs, blank ones and those of cells included: all lines and all cells that are read."""
WORD_RUNS = 700_000
"""Runs of text; all cells that are read have two each, and a book of all lines one."""

# Spreadsheets
SHEETS = 500
"""Sheets of a workbook; one for each unit of a county comes to a hundred."""
LISTED = 2_200_000
"""Rows and cells of a workbook as its file lists them, blank ones included; a sheet of Excel that is
formatted down to its end has two million."""
SHEET_PLACES = 4_000_000
"""Rows times columns in use of one sheet; stray cells make them more than it holds."""
SHEET_CHARACTERS = 20_000_000
"""Characters in the cells of one sheet, which may all show one long string; a book has one."""
MERGED = 100_000
"""Merged cells of one sheet; each printed row of a form merges a few."""
MERGED_PLACES = 1_000_000
"""Places that the merged cells of one sheet cover; more is more than the sheet can show."""

# Containers (DOCX, XLSX, ODS, archives)
MEMBERS = 10_000
"""Parts of a container; an office file has some dozen, an archive some hundred."""
UNPACKED_BYTES = 512 * MB
"""All parts together, unpacked; office files unpack to ten times their size."""
ARCHIVE_FILES = 200
"""Files in an archive that are read; one disclosure has at most some dozen attachments."""

# Conversion of older formats
OFFICE_SECONDS = 90.0
"""LibreOffice waits for ever for a dialog nobody answers; less than ``SECONDS``, to say so."""
OFFICE_PROCESSOR_SECONDS = 20
"""Of a processor, for LibreOffice; three hundred full pages of tables take 6."""
OFFICE_PARAGRAPHS = 50_000
"""Paragraphs outside tables of an RTF or ODT file; a book of a thousand pages has 40,000."""
OFFICE_TABLE_PARTS = 10_000
"""Cells and rows of one table of an RTF or ODT file, or the root of the sum of the squares of those
of all: LibreOffice takes four times as long for twice as large a table. A table of fifty full
pages has 9,000."""
OFFICE_CELL_TEXT = 15_000
"""Characters of one cell of an RTF or ODT file, or the root of the sum of the squares of those of
all cells that have more than 2,000: LibreOffice takes four times as long for a cell twice as long
where its column is narrow. The longest of a performance target has 3,000."""
OFFICE_PARTS = 2_000_000
"""Elements of the XML of an ODT file."""
OFFICE_WORDS = 6_000_000
"""Control words and runs of characters of an RTF file; three hundred full pages have three million."""
OFFICE_MEMORY = 4_096 * MB
"""Address space of LibreOffice, most of which it never touches."""

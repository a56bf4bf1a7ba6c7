"""Inline markup of text files, read as a renderer of Markdown shows it.

Backslash escapes, entities (``&nbsp;``), code spans, strike-through, raised text, footnote marks
and the HTML tags that Markdown may hold (CommonMark 0.31, GitHub's ``~~``, Pandoc's ``^1^`` and ``[^1]``). Emphasis
only changes the look of letters, so its signs are left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

from yusuan.model.document import Run, displayed, merged

__all__ = ["cells_of", "inline", "split_at_bars", "without_comments"]

_TOKEN = re.compile(
    r"""\\(?P<escaped>[!-/:-@\[-`{-~])
    | (?P<fence>`+)
    | <!--(?P<comment>.*?)-->
    | <(?P<closing>/?)(?P<tag>[A-Za-z][A-Za-z0-9]*)(?P<attributes>(?:\s[^<>]*)?)/?>
    | (?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)
    | (?P<strike>~~)
    | \^(?P<raised>[^\s^]{1,6})\^
    | \[\^(?P<note>[^\]\s]{1,20})\]
    | (?P<strong>\*\*|__)
    | (?<![\w*])\*(?P<italic>(?=[^\s*])[^*\n]{1,200}?(?<=[^\s*]))\*(?![\w*])
    """,
    re.VERBOSE | re.DOTALL,
)
_STRUCK, _RAISED = frozenset(("del", "s", "strike")), frozenset(("sup", "sub"))
_PLAIN = frozenset((
    "a", "abbr", "b", "big", "center", "code", "em", "font", "i", "ins", "kbd", "mark",
    "small", "span", "strong", "u",
))  # fmt: skip
_BREAKS = frozenset(("br", "p", "div"))
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:^|\s)hidden(?=$|[\s=/])", re.IGNORECASE
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BARS = "|｜│┃║"
_LONGEST = 20_000
"""Longer lines are no prose that anybody marked up by hand."""


def inline(text: str) -> tuple[str, tuple[Run, ...]]:
    """What a piece of text shows, and the runs left aside (see ``displayed``).

    >>> inline("~~980.00~~ 1,000.00")
    (' 1,000.00', (Run(text='980.00', hidden=False, struck=True, raised=False),))
    >>> inline("农林水\\\\|支出<sup>①</sup>")[0]
    '农林水|支出'
    """
    if len(text) > _LONGEST or not _TOKEN.search(text):
        return text, ()
    return displayed(merged(_runs(text)))


def _runs(text: str) -> Iterator[Run]:
    """The runs of a text; a mark that is never closed stands for itself."""
    look = Run("")
    opened: list[tuple[str, Run]] = []
    place = 0
    while match := _TOKEN.search(text, place):
        yield replace(look, text=text[place : match.start()])
        place = match.end()
        tag = (match["tag"] or "").lower()
        if match["escaped"]:
            yield replace(look, text=match["escaped"])
        elif match["entity"]:
            yield replace(look, text=html.unescape(match["entity"]))
        elif match["fence"]:
            end = re.compile(rf"(?<!`){match['fence']}(?!`)").search(text, place)
            inner = text[place : end.start()] if end else match["fence"]
            yield replace(look, text=inner)
            place = end.end() if end else place
        elif match["comment"] is not None:
            yield Run(match["comment"], hidden=True)
        elif match["strike"]:
            if look.struck and any(name == "~~" for name, _ in opened):
                look = _closed("~~", opened, look)
            elif "~~" in text[place:]:
                opened.append(("~~", look))
                look = replace(look, struck=True)
            else:
                yield replace(look, text="~~")
        elif match["raised"] or match["note"]:
            yield replace(look, text=match["raised"] or f"[{match['note']}]", raised=True)
        elif match["italic"]:
            yield replace(look, text=match["italic"])
        elif tag:
            if tag in _BREAKS:
                yield Run("\n")
            elif match["closing"]:
                look = _closed(tag, opened, look)
            elif tag in _STRUCK | _RAISED or _UNSEEN.search(match["attributes"]):
                if re.search(rf"</{tag}\s*>", text[place:], re.IGNORECASE):
                    opened.append((tag, look))
                    look = replace(
                        look,
                        struck=look.struck or tag in _STRUCK,
                        raised=look.raised or tag in _RAISED,
                        hidden=look.hidden or bool(_UNSEEN.search(match["attributes"])),
                    )
            elif tag not in _PLAIN:
                yield replace(look, text=match[0])  # no tag, such as <A4>
    yield replace(look, text=text[place:])


def _closed(name: str, opened: list[tuple[str, Run]], look: Run) -> Run:
    """The look after the innermost mark of a name ends; the same where none was open."""
    for index in range(len(opened) - 1, -1, -1):
        if opened[index][0] == name:
            before = opened[index][1]
            del opened[index:]
            return before
    return look


def without_comments(text: str) -> str:
    """A text without its HTML comments that span lines; the lines stay."""
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n") or found[0], text)


def cells_of(line: str) -> list[str] | None:
    """The cells of a row between bars; None for a line that does not begin and end in one.

    A bar behind a backslash is none.

    >>> cells_of("| 农林水\\\\|支出 | 1 |"), cells_of("甲｜乙")
    ([' 农林水\\\\|支出 ', ' 1 '], None)
    """
    stripped = line.strip()
    if len(stripped) < 2 or stripped[0] not in _BARS or stripped[-1] not in _BARS:
        return None
    if stripped.endswith("\\|"):
        return None
    return split_at_bars(stripped[1:-1], stripped[0])


def split_at_bars(text: str, bar: str = "|") -> list[str]:
    """A text cut at its bars, but not at those behind a backslash."""
    bars = "│┃║" if bar in "│┃║" else bar
    return re.split(rf"(?<!\\)[{re.escape(bars)}]", text)

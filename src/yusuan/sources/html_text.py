"""The text of the elements of a web page, as a browser shows it, and on lines of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lxml import etree

from yusuan.model.document import Run, displayed, merged
from yusuan.sources.html_styles import PLAIN, Looks

__all__ = ["element_runs", "element_text", "field_text", "in_lines", "is_block", "is_unseen"]

_UNSEEN = frozenset((
    "head", "script", "style", "nav", "noscript", "template", "button", "svg", "object", "iframe", "audio", "video", "canvas", "datalist", "xml",
))  # fmt: skip
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_TYPED = frozenset(("", "text", "number", "none", "tel", "email", "search", "url", "date",
                    "month", "week", "time", "datetime-local"))  # fmt: skip
"""Types of form fields that show their value as text."""
_LINE = "\x1e"
"""Ends a line while text is put together; blank for all that looks for blanks."""


def is_block(tag: str) -> bool:
    """Whether text before and after such an element stands on different lines."""
    return tag in _BLOCKS


def is_unseen(element: etree._Element, looks: Looks) -> bool:
    """Whether a browser shows nothing of an element, or navigation only, and gives it no place."""
    return element.tag in _UNSEEN or looks.is_absent(element)


def field_text(element: etree._Element) -> str | None:
    """What a form field shows: what was typed or chosen; None for what is no form field."""
    if element.tag == "input":
        kind = element.get("type", "").strip().lower()
        return element.get("value", "") if kind in _TYPED else ""
    if element.tag == "textarea":
        return "".join(element.itertext())
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        return " ".join("".join(option.itertext()) for option in chosen or options[:1])
    return None


def element_text(root: etree._Element, looks: Looks) -> str:
    """The visible text of an element; blanks run together, a block ends with a line feed."""
    return element_runs(root, looks)[0]


def element_runs(root: etree._Element, looks: Looks) -> tuple[str, tuple[Run, ...]]:
    """The visible text of an element as :func:`element_text`, and what else it holds: what is
    struck out, hidden, or a raised mark."""
    runs: list[Run] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            shown = field_text(element)
            if looks.is_absent(element) and tag not in _UNSEEN:
                runs.append(looks.of(element).run("".join(element.itertext(etree.Element))))
            if is_unseen(element, looks):
                walk.skip_subtree()
            elif shown is not None:
                runs.append(looks.of(element).run(shown))
                walk.skip_subtree()
            else:
                runs.append(looks.of(element).run(element.text or ""))
            continue
        if element is root:
            break
        parent = element.getparent()
        look = looks.of(parent) if parent is not None else PLAIN
        runs.append(Run(_LINE if is_block(tag) else ""))
        runs.append(look.run(element.tail or ""))
    return in_lines(runs)


def in_lines(runs: Iterable[Run]) -> tuple[str, tuple[Run, ...]]:
    """The text that runs show, blanks run together and lines kept, and the runs left aside."""
    said, aside = displayed(merged(runs))
    lines = said.split(_LINE)
    left = tuple(replace(run, text=" ".join(run.text.split())) for run in aside)
    return "\n".join(text for line in lines if (text := " ".join(line.split()))), left

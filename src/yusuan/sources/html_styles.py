"""How a web page shows its text: not at all, in the colour of the ground, struck out, raised.

Read from the tags, the style attributes and the style sheets in the page, as browsers read them
(CSS Cascading and Inheritance, Selectors, Color): the declaration that weighs most wins, and
what is inherited goes down to the text. Sheets that are files of their own are not at hand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import cssselect2
import tinycss2
from lxml import etree
from tinycss2.color3 import RGBA, parse_color

from yusuan.model.document import Run
from yusuan.model.errors import YusuanError
from yusuan.sources import limits

__all__ = ["PLAIN", "ComputedStyle", "ComputedStyles", "computed_styles"]

_WANTED = frozenset((
    "display", "visibility", "color", "background", "background-color", "background-image",
    "font-size", "font", "text-decoration", "text-decoration-line", "opacity", "vertical-align",
    "position", "left", "top", "bottom", "text-indent", "clip", "overflow", "overflow-x", "overflow-y",
    "height", "max-height", "width", "max-width", "transform", "mso-hide", "-webkit-text-fill-color", "content", "clip-path",
    "filter", "font-variant-position", "font-feature-settings", "unicode-bidi", "direction", "white-space",
))  # fmt: skip
_HINT = re.compile("|".join(("display", "visib", "color", "backgr", "font", "decorat", "opac",
                             "align", "position", "indent", "clip", "hide", "content", "filter", "feature", "bidi",
                             "scale", "white-space")), re.IGNORECASE)  # fmt: skip
_STRUCK = frozenset(("del", "s", "strike"))
_RAISED = frozenset(("sup", "sub", "rt", "rtc"))
_SCRIPTED = frozenset(("msup", "msub", "msubsup", "mover", "munder", "munderover", "mmultiscripts"))
"""Elements of MathML whose parts stand above or below the first."""
_SMALL = frozenset(("small", "font"))
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins",
    "data", "dfn", "kbd", "label", "mark", "q", "ruby", "rb", "rt", "rtc", "s", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var",
))  # fmt: skip
_DRAWN = frozenset(("svg", "g", "text", "tspan"))
"""Elements of a drawing (SVG 2) whose attribute ``fill`` is the colour of their text."""
_IN_ROWS = frozenset(("td", "th", "tr", "tbody", "thead", "tfoot", "table"))
_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0,
          "x-large": 24.0, "xx-large": 32.0}  # fmt: skip
_FONT_SIZES = (10.0, 13.0, 16.0, 18.0, 24.0, 32.0, 48.0)
"""Pixels of the sizes 1 to 7 of the element ``font`` (HTML Standard, 15.3.4)."""
_STEP = 1.2
_SMALLER = 0.9
"""The share of the size around it below which a text that is moved is a mark."""
_UNREADABLE = "\ufffd"
"""Stands for text that cannot be told, so that no number is read where it stands."""
_SAYS = re.compile(r"[^\W_]|[-+.,%()\u2212\u2013\ufffd]")
"""What generated text may say, unlike bullets and icons."""
_LIFTED = 0.25
"""Sizes of its font by which a text of any size is moved off its line that is a mark."""
_SYSTEM = {"windowtext": "black", "canvastext": "black", "window": "white", "canvas": "white"}
_BLACK, _WHITE = RGBA(0, 0, 0, 1), RGBA(1, 1, 1, 1)
_SAME = 0.06
"""Colours that differ by no more of each primary cannot be told apart (#F1F1F1 on white)."""
_FAINT = 0.05
"""Opacity at which nothing is seen any more."""
_OUTSIDE = -500.0
"""Pixels to the left of the page or above it, where nobody looks."""
_SCREEN = 1280.0
"""Pixels of the screen that rules for narrower or wider ones are judged by."""
_FEATURE = re.compile(r"\(\s*(min|max)-width\s*:\s*(\d{1,6})(?:\.\d+)?px\s*\)")
_LOOKS = ("style", "color", "fill", "bgcolor", "size", "hidden", "open", "popover")
"""Attributes by which an element looks as it does where no rule of a style sheet holds for it."""
_PIXELS = {"px": 1.0, "pt": 4 / 3, "in": 96.0, "cm": 37.8, "mm": 3.78, "pc": 16.0, "q": 0.945}
_RELATIVE = ("em", "rem", "ex", "ch", "%", "vw", "vh")

Declared = Mapping[str, tuple[object, ...]]
"""Values of the properties wanted, by name: the tokens that CSS parses them into."""


@dataclass(frozen=True, slots=True)
class ComputedStyle:
    """How the text right in an element looks.

    ``absent``: the element takes no place on the page, nor does what it holds. The next three
    are those of ``Run``. The rest is what elements inside inherit or stand on: ``size`` is that
    of the font and ``around`` that of the paragraph or cell, in pixels; ``moved``: the text
    stands above or below its line; ``preformatted``: it keeps its blanks and line feeds.
    """

    absent: bool = False
    hidden: bool = False
    struck: bool = False
    raised: bool = False
    color: RGBA | None = _BLACK
    ground: RGBA | None = _WHITE
    invisible: bool = False
    tiny: bool = False
    opacity: float = 1.0
    away: bool = False
    size: float = 16.0
    around: float = 16.0
    moved: bool = False
    preformatted: bool = False

    def run(self, text: str) -> Run:
        return Run(text, self.hidden or self.absent, self.struck, self.raised)


PLAIN = ComputedStyle()


@dataclass(slots=True)
class ComputedStyles:
    """The look of every element of a page; most are plain."""

    special: dict[etree._Element, ComputedStyle] = field(default_factory=dict)

    def of(self, element: etree._Element) -> ComputedStyle:
        return self.special.get(element, PLAIN)

    def is_absent(self, element: etree._Element) -> bool:
        return self.of(element).absent


def computed_styles(root: etree._Element, file: str, sheets: Iterable[str] = ()) -> ComputedStyles:
    """The look of each element; ``sheets`` are style sheets kept beside the page.

    Raises YusuanError for more style sheets than any page needs.
    """
    matcher = _matcher(root, sheets, file)
    computed = ComputedStyles()
    stack = [PLAIN]
    looks: dict[tuple[object, ...], tuple[ComputedStyle, ComputedStyle]] = {}
    styles = _declared_by_sheets(root, matcher) if matcher else {}
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            stack.pop()
            continue
        if _is_turned(element, styles.get(element)):
            element.text = (element.text or "")[::-1] if len(element) == 0 else _UNREADABLE
        if _place_in(element, ("mfrac",)):
            element.text = f"/{element.text or ''}"  # what is below the bar
        above, rules = stack[-1], styles.get(element)
        key = (id(above), element.tag, _place_in(element, _SCRIPTED), *map(element.get, _LOOKS))
        known = None if rules else looks.get(key)
        computed_style = known[1] if known else _computed(element, rules, above)
        if not rules and len(looks) < 1 << 14:
            looks[key] = above, computed_style  # kept, so that its identity is its own
        if computed_style is not PLAIN:
            computed.special[element] = computed_style
        stack.append(computed_style)
    return computed


# Style sheets


class _Matcher(cssselect2.Matcher):  # type: ignore[misc]
    """The rules of a page, which counts how often one is tried on an element."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file, self._looks = file, 0

    def add_relevant_selectors(
        self, element: object, selectors: list[object], relevant: list[object]
    ) -> None:
        """Raises YusuanError when rules are tried more often than any page needs."""
        self._looks += len(selectors)
        if self._looks > limits.STYLE_LOOKS:
            raise YusuanError(
                f"{self._file}: rules of style sheets would be tried on elements more than "
                f"{limits.STYLE_LOOKS:,} times; save the page without them, or as PDF"
            )
        super().add_relevant_selectors(element, selectors, relevant)


def _matcher(root: etree._Element, sheets: Iterable[str], file: str) -> _Matcher | None:
    """The rules that say anything wanted, by their selectors; None when there are none."""
    texts = list(sheets)
    for element in root.iter("style"):
        if _applies(element.get("media", "")):
            texts.append("".join(element.itertext()))
    if sum(map(len, texts)) > limits.STYLE_SHEETS:
        raise YusuanError(
            f"{file}: style sheets of more than {limits.STYLE_SHEETS:,} characters; "
            "save the page without them, or as PDF"
        )
    matcher = _Matcher(file)
    found = False
    for text in texts:
        if not _HINT.search(text):
            continue
        for rule in _rules(tinycss2.parse_stylesheet(text, True, True)):
            declared = _declarations(rule.content)
            if not declared:
                continue
            try:
                selectors = cssselect2.compile_selector_list(rule.prelude)
            except cssselect2.SelectorError:
                continue  # browsers leave out a rule whose selector they do not know
            for selector in selectors:
                if selector.pseudo_element in (None, "before", "after"):
                    matcher.add_selector(selector, declared)
                    found = True
    return matcher if found else None


def _rules(nodes: Iterable[object]) -> Iterator[tinycss2.ast.QualifiedRule]:
    for node in nodes:
        if isinstance(node, tinycss2.ast.QualifiedRule):
            yield node
        elif (
            isinstance(node, tinycss2.ast.AtRule)
            and node.lower_at_keyword == "media"
            and node.content is not None
            and _applies(tinycss2.serialize(node.prelude))
        ):
            yield from _rules(tinycss2.parse_rule_list(node.content, True, True))


def _applies(media: str) -> bool:
    """Whether a media query holds on a usual screen; features other than its width do not."""
    if not media.strip():
        return True
    for query in media.lower().split(","):
        kind = re.sub(r"\band\b|\bonly\b", " ", _FEATURE.sub(" ", query)).split()
        bounds = [(bound, float(size)) for bound, size in _FEATURE.findall(query)]
        wide = all(size <= _SCREEN if bound == "min" else size >= _SCREEN for bound, size in bounds)
        if wide and (not kind or kind in (["all"], ["screen"])):
            return True
    return False


def _declared_by_sheets(root: etree._Element, matcher: _Matcher) -> dict[etree._Element, _Ranked]:
    """What holds for each element; text that rules put before or behind one is put into the page."""
    found: dict[etree._Element, _Ranked] = {}
    generated: list[tuple[etree._Element, str, _Ranked]] = []
    for wrapper in cssselect2.ElementWrapper.from_html_root(root).iter_subtree():
        ranked: dict[str | None, _Ranked] = {}
        for specificity, order, pseudo, payload in matcher.match(wrapper):
            ranked.setdefault(pseudo, []).append(((specificity, order), payload))
        element = wrapper.etree_element
        for pseudo, own in ranked.items():
            if pseudo is None:
                found[element] = own
            else:
                generated.append((element, pseudo, own))
    for element, pseudo, own in generated:
        text = _generated(element, _declared(element, own, inline=False))
        if _SAYS.search(text):
            added = element.makeelement("span")
            added.text = text
            if pseudo == "before":
                added.tail, element.text = element.text, None
            element.insert(0 if pseudo == "before" else len(element), added)
            found[added] = own
    return found


def _generated(element: etree._Element, declared: Declared) -> str:
    """The text of a pseudo-element (CSS Generated Content 3), a sign that nobody can read for a
    counter of a cell."""
    text = ""
    for token in declared.get("content", ()):
        if isinstance(token, tinycss2.ast.StringToken):
            text += token.value
        elif isinstance(token, tinycss2.ast.FunctionBlock) and token.lower_name == "attr":
            name = next((part.value for part in token.arguments if part.type == "ident"), "")
            text += element.get(name, "")
        elif isinstance(token, tinycss2.ast.FunctionBlock):
            text += _UNREADABLE if element.tag in _IN_ROWS else ""
    return text


def _place_in(element: etree._Element, parents: Collection[str]) -> bool:
    """Whether an element is the second or a later part of one of some kinds."""
    parent = element.getparent()
    return parent is not None and parent.tag in parents and element.getprevious() is not None


def _is_turned(element: etree._Element, by_sheets: _Ranked | None) -> bool:
    """Whether the characters of an element run from right to left, whatever they are."""
    if element.tag != "bdo" and not by_sheets and "bidi" not in element.get("style", ""):
        return False
    declared = _declared(element, by_sheets)
    override = element.tag == "bdo" or _word(declared, "unicode-bidi").endswith("override")
    return override and "rtl" in (_word(declared, "direction"), element.get("dir", "").lower())


@dataclass(frozen=True, slots=True)
class _Declaration:
    tokens: tuple[object, ...]
    important: bool


_Ranked = list[tuple[tuple[object, ...], Mapping[str, _Declaration]]]
"""Declarations of the rules that hold for an element, each set with specificity and order."""


def _declarations(content: object) -> dict[str, _Declaration]:
    """The declarations wanted of a rule or of a style attribute; a later one replaces one
    before it, but not one that is more important."""
    found: dict[str, _Declaration] = {}
    for node in tinycss2.parse_declaration_list(content, True, True):
        if isinstance(node, tinycss2.ast.Declaration) and node.lower_name in _WANTED:
            name = node.lower_name
            if name in found and found[name].important and not node.important:
                continue
            tokens = tuple(t for t in node.value if t.type not in ("whitespace", "comment"))
            if name == "background" or name == "font":
                found.pop("background-color" if name == "background" else "font-size", None)
            found[name] = _Declaration(tokens, node.important)
    return found


@lru_cache(maxsize=1 << 14)
def _inline(style: str) -> dict[str, _Declaration]:
    return _declarations(style) if _HINT.search(style) else {}


def _declared(
    element: etree._Element, by_sheets: _Ranked | None, *, inline: bool = True
) -> dict[str, tuple[object, ...]]:
    """The value of each property wanted that wins in the cascade; ``inline`` ones are stated by the
    element itself."""
    stated = _inline(element.get("style", "")) if inline else {}
    if not by_sheets:
        return {name: own.tokens for name, own in stated.items()}
    best: dict[str, tuple[tuple[object, ...], tuple[object, ...]]] = {}
    ranked = [((0, *rank), rules) for rank, rules in by_sheets]
    for rank, rules in [*ranked, ((1, (0, 0, 0), 0), stated)]:
        for name, own in rules.items():
            weight = (own.important, *rank)
            if name not in best or weight >= best[name][0]:
                best[name] = weight, own.tokens
    # a shorthand that weighs more takes back what its longhand said
    for short, long in (("background", "background-color"), ("font", "font-size")):
        if short in best and long in best and best[short][0] > best[long][0]:
            del best[long]
    return {name: tokens for name, (_, tokens) in best.items()}


# What declarations mean


def _computed(
    element: etree._Element, by_sheets: _Ranked | None, above: ComputedStyle
) -> ComputedStyle:
    """The look of an element under that of its parent; the very same object where it is alike."""
    tag = element.tag if isinstance(element.tag, str) else ""
    declared = _declared(element, by_sheets)
    script = _place_in(element, _SCRIPTED)
    closed = (tag == "dialog" and "open" not in element.attrib) or "popover" in element.attrib
    plain_tag = tag not in _STRUCK and tag not in _RAISED and tag not in _SMALL
    plain_tag = plain_tag and not (script or closed)
    hint = element.get("fill" if tag in _DRAWN else "color")
    attributes = element.get("bgcolor"), hint, element.get("hidden")
    if plain_tag and not declared and attributes == (None, None, None):
        return above
    absent, invisible = above.absent, above.invisible
    if display := _word(declared, "display"):
        absent = absent or display == "none"
    elif attributes[2] is not None or closed:
        absent = True
    if tag in ("col", "colgroup"):
        absent = absent or _word(declared, "visibility") == "collapse"
    absent = absent or _word(declared, "mso-hide") == "all"
    if visibility := _word(declared, "visibility"):
        invisible = visibility in ("hidden", "collapse")
    struck = above.struck or _is_struck(tag, declared)
    size = _font_size(element, tag, declared, above.size)
    # a block that is moved takes its lines along
    moved = tag in _INLINE and (above.moved or _is_moved(declared))
    raised = above.raised or script or tag in _RAISED or _is_script(tag, declared)
    raised = raised or (moved and size < _SMALLER * above.around)
    raised = raised or (tag in _INLINE and _LIFTED <= _lift(declared, size) <= 1)
    around = above.around if tag in _INLINE else size
    color = _color(
        declared.get("color"), above.color, hint if tag == "font" or tag in _DRAWN else None
    )
    fill = _color(declared.get("-webkit-text-fill-color"), color, None)
    ground = _ground(declared, above.ground, attributes[0])
    tiny = _tiny(declared, above.tiny)
    opacity = above.opacity * _opacity(declared.get("opacity"))
    away = above.away or _is_away(declared)
    space = _word(declared, "white-space") or ("pre" if above.preformatted else "")
    preformatted = space in ("pre", "pre-wrap", "break-spaces")
    unseen = invisible or tiny or away or opacity <= _FAINT or _same(fill, ground)
    computed_style = ComputedStyle(
        absent, unseen, struck, raised, color, ground, invisible, tiny, opacity, away,
        size, around, moved, preformatted,
    )  # fmt: skip
    return (
        above if computed_style == above else PLAIN if computed_style == PLAIN else computed_style
    )


def _word(declared: Declared, name: str) -> str:
    """The keyword that a property is set to, blank where it is not set to one."""
    tokens = declared.get(name, ())
    first = tokens[0] if len(tokens) == 1 else None
    return first.lower_value if isinstance(first, tinycss2.ast.IdentToken) else ""


def _words(tokens: Iterable[object]) -> set[str]:
    return {token.lower_value for token in tokens if isinstance(token, tinycss2.ast.IdentToken)}


def _is_struck(tag: str, declared: Declared) -> bool:
    line = declared.get("text-decoration-line", declared.get("text-decoration"))
    if line is None:
        return tag in _STRUCK
    return "line-through" in _words(line)


def _is_script(tag: str, declared: Declared) -> bool:
    features = {getattr(token, "value", "") for token in declared.get("font-feature-settings", ())}
    words = _word(declared, "vertical-align"), _word(declared, "font-variant-position")
    return tag not in _IN_ROWS and bool(
        {"super", "sub"}.intersection(words) or {"sups", "subs"} & features
    )


def _is_moved(declared: Declared) -> bool:
    """Whether an element stands above or below the line that it is written in."""
    aligned = _word(declared, "vertical-align") in ("top", "text-top")
    apart = _word(declared, "position") == "absolute"
    return aligned or apart or _lift(declared, 16.0) > 0


def _lift(declared: Declared, size: float) -> float:
    """How far above or below its line an element is put, in sizes of its font. No ``transform``
    moves inline text (CSS Transforms 1, section 2), but a box on the line."""
    lengths = [declared.get("vertical-align", ())]
    if _word(declared, "position") == "relative":
        lengths += [declared.get("top", ()), declared.get("bottom", ())]
    if _word(declared, "display").startswith("inline-"):
        for function in declared.get("transform", ()):
            if isinstance(function, tinycss2.ast.FunctionBlock):
                given: list[object] = list(function.arguments)
                if function.lower_name == "translate":
                    given = given[given.index(",") + 1 :] if "," in given else []
                if function.lower_name in ("translate", "translatey"):
                    lengths.append(tuple(given))
    found = (_size(tokens, size) for tokens in lengths)
    return max((abs(length) / size for length in found if length and size), default=0.0)


def _font_size(element: etree._Element, tag: str, declared: Declared, above: float) -> float:
    """The size of the font in pixels, in one whose size is ``above``."""
    tokens = declared.get("font-size") or declared.get("font")
    if tokens:
        size = _size(tokens, above)
        if size is not None:
            return size
        words = _words(tokens)
        named = [pixels for word, pixels in _SIZES.items() if word in words]
        if named:
            return named[0]
        if "smaller" in words or "larger" in words:
            return above / _STEP if "smaller" in words else above * _STEP
    if tag == "font" and (found := re.fullmatch(r"\s*([+-]?)(\d)\s*", element.get("size", ""))):
        step = int(found[2])
        step = 3 + step if found[1] == "+" else 3 - step if found[1] else step
        return _FONT_SIZES[min(max(step, 1), 7) - 1]
    return above / _STEP if tag == "small" else above


def _color(tokens: tuple[object, ...] | None, above: RGBA | None, hint: str | None) -> RGBA | None:
    """The colour declared, as an attribute or as a property; else the one above."""
    if not tokens:
        return (_parsed(hint) or above) if hint else above
    if len(tokens) != 1:
        return above
    found = parse_color(tokens[0])
    if isinstance(found, RGBA):
        return found
    word = getattr(tokens[0], "lower_value", "")
    return _parsed(_SYSTEM[word]) if word in _SYSTEM else above


def _parsed(text: str) -> RGBA | None:
    text = text.strip()
    text = "transparent" if text == "none" else text
    found = parse_color(f"#{text}" if re.fullmatch(r"[0-9A-Fa-f]{6}", text) else text)
    return found if isinstance(found, RGBA) else None


def _ground(declared: Declared, above: RGBA | None, hint: str | None) -> RGBA | None:
    """The colour behind the text; None where a picture makes it unknown."""
    color = _parsed(hint) if hint else None
    picture = False
    for name in ("background", "background-color", "background-image"):
        for token in declared.get(name, ()):
            if isinstance(token, tinycss2.ast.URLToken | tinycss2.ast.FunctionBlock):
                function = getattr(token, "lower_name", "url")
                picture = picture or function == "url" or "gradient" in function
            found = parse_color(token) if name != "background-image" else None
            word = getattr(token, "lower_value", "")
            found = _parsed(_SYSTEM[word]) if word in _SYSTEM else found
            color = found if isinstance(found, RGBA) else color
    if picture:
        return None
    if color is None or color.alpha == 0:
        return above
    return _blended(color, above) if color.alpha < 1 else color


def _blended(color: RGBA, ground: RGBA | None) -> RGBA | None:
    """A colour that lets the ground through, as it is seen."""
    if ground is None:
        return None
    alpha = color.alpha
    mixed = (alpha * c + (1 - alpha) * g for c, g in zip(color[:3], ground[:3], strict=True))
    return RGBA(*mixed, 1)


def _same(color: RGBA | None, ground: RGBA | None) -> bool:
    """Whether text of a colour cannot be told from its ground."""
    if color is None:
        return False
    if color.alpha <= _FAINT:
        return True
    seen = _blended(color, ground)
    if seen is None or ground is None:
        return False
    return all(abs(c - g) <= _SAME for c, g in zip(seen[:3], ground[:3], strict=True))


def _size(tokens: tuple[object, ...] | None, base: float) -> float | None:
    """A length in pixels; None where there is none. Relative ones are of ``base``."""
    for token in tokens or ():
        if isinstance(token, tinycss2.ast.NumberToken) and token.value == 0:
            return 0.0
        if isinstance(token, tinycss2.ast.PercentageToken):
            return float(base * token.value / 100)
        if isinstance(token, tinycss2.ast.DimensionToken):
            unit = token.lower_unit
            return float(token.value * (base if unit in _RELATIVE else _PIXELS.get(unit, 1.0)))
    return None


def _tiny(declared: Declared, above: bool) -> bool:
    """Whether text is of no size; sizes in em are of the size above."""
    tokens = declared.get("font-size") or declared.get("font")
    if not tokens:
        return above
    size = _size(tokens, 0.0 if above else 16.0)
    if size is None:
        return above and not _words(tokens) & {"small", "medium", "large", "x-large", "x-small"}
    return size <= 1.0


def _opacity(tokens: tuple[object, ...] | None) -> float:
    for token in tokens or ():
        if isinstance(token, tinycss2.ast.NumberToken):
            return min(1.0, max(0.0, float(token.value)))
        if isinstance(token, tinycss2.ast.PercentageToken):
            return min(1.0, max(0.0, float(token.value) / 100))
    return 1.0


def _is_away(declared: Declared) -> bool:
    """Whether an element is moved off the page, clipped to nothing, or in a box without size."""
    if _word(declared, "position") in ("absolute", "fixed"):
        if any((_size(declared.get(side), 16.0) or 0.0) <= _OUTSIDE for side in ("left", "top")):
            return True
        clip = declared.get("clip", ())
        if clip and isinstance(clip[0], tinycss2.ast.FunctionBlock):
            sizes = [_size((token,), 16.0) for token in clip[0].arguments]
            if all(size <= 1.0 for size in sizes if size is not None):
                return True
    if (_size(declared.get("text-indent"), 16.0) or 0.0) <= _OUTSIDE:
        return True
    shapes = ["clip-path", "filter", *(["transform"] if _word(declared, "display") else [])]
    if any(_leaves_nothing(token) for name in shapes for token in declared.get(name, ())):
        return True
    cut = any(_word(declared, name) in ("hidden", "clip")
              for name in ("overflow", "overflow-x", "overflow-y"))  # fmt: skip
    return cut and any(
        _size(declared.get(name), 16.0) == 0.0
        for name in ("height", "max-height", "width", "max-width")
    )


def _leaves_nothing(token: object) -> bool:
    """Whether a shape or a filter leaves nothing of an element: inset(50%), circle(0), opacity(0),
    scale(0)."""
    if not isinstance(token, tinycss2.ast.FunctionBlock):
        return False
    given = [part for part in token.arguments if part.type in ("percentage", "dimension", "number")]
    if not given:
        return False
    if token.lower_name == "inset":
        across = given[1] if len(given) > 1 else given[0]
        return any(part.type == "percentage" and part.value >= 50 for part in (given[0], across))
    return token.lower_name in ("circle", "ellipse", "opacity", "scale") and given[0].value == 0

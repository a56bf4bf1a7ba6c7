"""Which language a page is in: the reader's choice, else what the browser asks for, else Chinese.

``?lang=en`` or ``?lang=zh`` of any address chooses, and is remembered in a cookie; the rest of the site
does not see the parameter. Templates ask ``say`` for one of two texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

from yusuan.explorer.views import Language
from yusuan.schema.translation import in_chinese

__all__ = ["SCOPE", "in_its_language", "language", "say", "switched", "told"]

SCOPE = "yusuan.language"
"""The key of an ASGI scope that has the language of the answer."""
_LANGUAGE: ContextVar[Language] = ContextVar("language", default="zh")
_COOKIE, _PARAMETER = "lang", "lang"
_YEAR_SECONDS = 365 * 24 * 3600
_KNOWN: Mapping[str, Language] = {"zh": "zh", "en": "en"}


def language() -> Language:
    """The language of the answer that is being made."""
    return _LANGUAGE.get()


def say(zh: object, en: object = "") -> object:
    """One of two texts; the Chinese one where there is no English.

    >>> say("部门", "Department"), say("甲", None)
    ('部门', '甲')
    """
    return zh if language() == "zh" else en or zh


def told(sentence: object) -> object:
    """An English sentence of the program, of Datasette or of SQLite in the language of the answer; HTML,
    and what has no Chinese, as it is.

    >>> told("Table not found"), told("no such column: foo")
    ('没有这张表', '没有列 foo')
    """
    return in_chinese(sentence) if language() == "zh" and type(sentence) is str else sentence


def switched(query: str) -> str:
    """The same page, of this query, in the other language: an address relative to it.

    >>> switched("verdict=error")
    '?verdict=error&lang=en'
    """
    return f"?{query}{'&' if query else ''}{_PARAMETER}={say('en', 'zh')}"


def in_its_language(app: Any) -> Any:
    """An ASGI application that answers each request in its language."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        query, chosen = _taken_out(scope.get("query_string", b""))
        headers = [(name.lower(), value) for name, value in scope["headers"]]
        found = chosen or _of_cookie(headers) or _accepted(headers)
        _LANGUAGE.set(found)

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _with_language(message["headers"], found, chosen)}
            await send(message)

        await app({**scope, "query_string": query, SCOPE: found}, receive, sending)

    return wrapped


def _taken_out(query: bytes) -> tuple[bytes, Language | None]:
    """The query without our parameter, and its value where that is a language; of SPARQL and other
    questions whose text is exact nothing is changed where it is not there."""
    if f"{_PARAMETER}=".encode() not in query:
        return query, None
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, encoding="utf-8")
    chosen = next(
        (_KNOWN[value] for name, value in pairs if name == _PARAMETER and value in _KNOWN), None
    )
    if chosen is None:
        return query, None
    return urlencode([pair for pair in pairs if pair[0] != _PARAMETER]).encode(), chosen


def _of_cookie(headers: Iterable[tuple[bytes, bytes]]) -> Language | None:
    for name, value in headers:
        if name == b"cookie":
            try:
                found = SimpleCookie(value.decode("latin-1")).get(_COOKIE)
            except CookieError:
                return None
            return _KNOWN.get(found.value) if found else None
    return None


def _accepted(headers: Iterable[tuple[bytes, bytes]]) -> Language:
    """The better of the two by Accept-Language (RFC 9110, section 12.5.4); Chinese where neither is
    asked for."""
    best: dict[Language, float] = {}
    for name, value in headers:
        if name != b"accept-language":
            continue
        for part in value.decode("latin-1").split(","):
            tag, _, quality = part.strip().partition(";q=")
            known = _KNOWN.get(tag.strip().lower().partition("-")[0])
            try:
                weight = float(quality) if quality else 1.0
            except ValueError:
                continue
            if known and weight > best.get(known, 0.0):
                best[known] = weight
    return "en" if best.get("en", 0.0) > best.get("zh", 0.0) else "zh"


def _with_language(
    headers: Iterable[tuple[bytes, bytes]], found: Language, chosen: Language | None
) -> list[tuple[bytes, bytes]]:
    """The headers of an answer; pages say in which language they are and what that depends on."""
    kept = list(headers)
    kind = next((value for name, value in kept if name.lower() == b"content-type"), b"")
    if not kind.startswith(b"text/html"):
        return kept
    vary = [value for name, value in kept if name.lower() == b"vary"]
    kept = [pair for pair in kept if pair[0].lower() != b"vary"]
    kept.append((b"vary", b", ".join([*vary, b"Accept-Language", b"Cookie"])))
    kept.append((b"content-language", b"zh-CN" if found == "zh" else b"en"))
    if chosen:
        cookie = f"{_COOKIE}={chosen}; Path=/; Max-Age={_YEAR_SECONDS}; SameSite=Lax"
        kept.append((b"set-cookie", cookie.encode()))
    return kept

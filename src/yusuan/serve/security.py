"""What every answer of a site carries, and which requests get none.

Packages hold documents of strangers, and pages show what stands in them. The templates escape all
of it; the headers here see to it that a mistake in one of them runs no script, that no other site
frames a page, and that a page of a stranger cannot reach a site on the reader's own machine.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from yusuan.schema import data_path

__all__ = ["allowed_hosts", "is_public_path", "logged", "secured"]

Headers = list[tuple[bytes, bytes]]
App = Callable[[Any, Any, Any], Awaitable[None]]

_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_FRAMED = re.compile(
    r"/-/reconcile/preview$|^/(?:department|budget|compare|item|project|findings|departments)\b.*\.embed$"
)
"""Other programs show these within their own pages: OpenRefine previews an entity, a newspaper embeds
a chart of the explorer."""
_OURS = re.compile(
    r"/-/(?:sparql|reconcile(?:/.*)?|vocabulary(?:\.\w+)?|package/.+|page/[^/]+|evidence/[^/]+/[0-9]+\.png"
    r"|static/.+|static-plugins/.+|versions(?:\.json)?)"
)
_ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_NOT_HERE = "This site does not answer under the name {}; open it as http://127.0.0.1, or allow "
_ALLOW = "the name with `yusuan serve --allow-host NAME`.\n"


_METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_ALLOWED = [(b"allow", ", ".join(_METHODS).encode())]
_NAME = re.compile(r"[\w.:%-]+")
_MOST_PARAMETERS = 200
"""Of an address; a page of Datasette reads all of them again for each of them. The largest table
has 60 columns to choose from."""


def allowed_hosts(host: str, base: str, names: Iterable[str] = ()) -> frozenset[str] | None:
    """The names of Host that are answered when the site listens on ``host``; None: all.

    A browser on this machine can be led to a site here by a name that its owner points to
    127.0.0.1 (DNS rebinding), so a site that only this machine reaches answers to names of this
    machine, to that of the package's ``base``, under which a proxy calls it, and to ``names``.

    >>> allowed_hosts("0.0.0.0", "https://data.example.org/") is None
    True
    >>> sorted(allowed_hosts("127.0.0.1", "https://data.example.org/"))
    ['127.0.0.1', '::1', 'data.example.org', 'localhost']
    """
    given = {name.lower().strip("[]") for name in names}
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host.lower() == "localhost"
    if not loopback and not given:
        return None
    own = urlsplit(base).hostname
    return frozenset({"localhost", "127.0.0.1", "::1", host.lower(), *given, *filter(None, [own])})


def is_public_path(path: str) -> bool:
    """Whether an address is one of the site: Datasette's pages for its own developers, which
    tell of the machine, are not.

    >>> is_public_path("/budget/facts"), is_public_path("/-/sparql"), is_public_path("/-/threads")
    (True, True, False)
    """
    return not path.startswith("/-/") or _OURS.fullmatch(path) is not None


def secured(app: App, hosts: frozenset[str] | None) -> App:
    """The application with the headers on all its answers, and a sentence for other hosts and for
    methods that no page has.

    The beginning of an answer waits for its first bytes: an application that fails between the two
    may begin anew, with an answer that says so."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        path = scope["path"]

        begun: Any = None

        async def protected(message: Any) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = {**message, "headers": _with_ours(path, message.get("headers", []))}
                return
            if begun is not None:
                await send(begun)
                begun = None
            await send(message)

        called = _host(scope)
        if called and not _NAME.fullmatch(called):
            await _sentence(protected, 400, b"The Host header names no host.\n")
        elif hosts is not None and called not in hosts:
            text = (_NOT_HERE.format(repr(called[:100])) + _ALLOW).encode("ascii", "replace")
            await _sentence(protected, 421, text)
        elif scope["method"] not in _METHODS:
            await _sentence(protected, 405, b"No page has this method.\n", _ALLOWED)
        elif _framed_twice(scope):
            both = b"A request has a Content-Length or a Transfer-Encoding, not both.\n"
            await _sentence(protected, 400, both, [(b"connection", b"close")])
        elif scope.get("query_string", b"").count(b"&") >= _MOST_PARAMETERS:
            many = f"An address may have {_MOST_PARAMETERS} parameters; this one has more.\n"
            await _sentence(protected, 400, many.encode())
        elif not is_public_path(path):
            await _sentence(protected, 404, b"There is no such page.\n")
        else:
            await app(scope, receive, protected)

    return answer


def logged(error: BaseException) -> None:
    """Tell the log of a mistake of ours; visitors are told only that there was one."""
    # Through a logger, which a server makes sparing: strangers can repeat what fails.
    logging.getLogger("yusuan.serve").error(f"{type(error).__name__} in a page", exc_info=error)


def _host(scope: Any) -> str:
    given = [value for name, value in scope["headers"] if name.lower() == b"host"]
    text = given[0].decode("latin-1") if len(given) == 1 else ""
    try:
        return (urlsplit(f"//{text}").hostname or "").lower()
    except ValueError:
        return ""


def _framed_twice(scope: Any) -> bool:
    """Whether a request says in two ways where its body ends: a proxy before this server may
    understand the other one, and take a part of a body for a request (RFC 9112, 6.1)."""
    names = {name.lower() for name, _ in scope["headers"]}
    return {b"content-length", b"transfer-encoding"} <= names


async def _sentence(
    send: Callable[[Any], Awaitable[None]], status: int, text: bytes, more: Headers | None = None
) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"),
               (b"content-length", str(len(text)).encode()), *(more or ())]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def _with_ours(path: str, headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """The headers of an answer with ours, which replace what it had of the same names."""
    kept = [(name.lower(), value) for name, value in headers]
    kind = next((value for name, value in kept if name == b"content-type"), b"")
    framed = _FRAMED.match(path) is not None
    ours = {**_ALWAYS, b"content-security-policy": _policy(kind, framed).encode()}
    if not framed:
        ours[b"x-frame-options"] = b"SAMEORIGIN"
    return [pair for pair in kept if pair[0] not in ours] + list(ours.items())


def _policy(kind: bytes, framed: bool) -> str:
    """The Content-Security-Policy (level 3) of an answer of a media type."""
    ancestors = "*" if framed else "'self'"
    if kind.startswith(b"application/pdf"):  # the browser's own viewer needs what it needs
        return f"frame-ancestors {ancestors}; base-uri 'none'"
    if not kind.startswith(b"text/html"):
        # A browser shows a picture or a text in a page of its own, which has a style.
        return (
            "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
            f"frame-ancestors {ancestors}; base-uri 'none'"
        )
    scripts = " ".join(["'self'", *_own_scripts()])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; "
        f"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors {ancestors}"
    )


@cache
def _own_scripts() -> tuple[str, ...]:
    """The hashes of the scripts that stand in templates: constant, without data."""
    import datasette

    folder = Path(datasette.__file__).parent / "templates"
    report = data_path("publish", "report", "report.js").read_bytes()
    found = {f"'sha256-{b64encode(hashlib.sha256(report).digest()).decode()}'"}
    templates = [folder / name for name in ("_codemirror.html", "_codemirror_foot.html")]
    for template in (*templates, data_path("publish", "show", "cell.html")):
        for script in _SCRIPT.findall(template.read_text("utf-8")):
            if script and "{{" not in script and "{%" not in script:
                digest = hashlib.sha256(script.encode()).digest()
                found.add(f"'sha256-{b64encode(digest).decode()}'")
    return tuple(sorted(found))

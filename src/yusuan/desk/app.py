"""The page of the check desk, and what it asks for, over HTTP on the loopback address.

Other programs of the machine, and pages of other sites in its browser, can reach that address too: each
path begins with a token that only the owner's page has, other hosts and origins get no answer, and
nothing that documents print runs as a script.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import signal
import sys
import tempfile
import time
import webbrowser
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader

from yusuan.desk.session import DeskSession, file_name
from yusuan.explorer.views import Language
from yusuan.files.atomic import scratch_folder
from yusuan.files.cache import cache_folder
from yusuan.model.errors import YusuanError
from yusuan.presentation import plural
from yusuan.reports.report import VERDICTS
from yusuan.schema import data_path, read_yaml
from yusuan.serve.connections import listening, run
from yusuan.serve.language import in_its_language, language, switched, told
from yusuan.serve.security import allowed_hosts, secured
from yusuan.sources import limits

__all__ = ["desk_app", "serve_desk"]

_IDLE_SECONDS = 30 * 60.0
"""Without a page open (which asks for the state every few seconds), after which the desk closes."""
_LOOK_SECONDS = 15.0
_MOST_JSON = 64_000
_CHUNKS_WRITTEN = 1 << 20
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_STYLES: Mapping[str, tuple[str, ...]] = {
    "desk.js": ("desk", "desk.js"),
    "desk.css": ("desk", "desk.css"),
    "tokens.css": ("style", "tokens.css"),
}


def serve_desk(
    port: int = 0, browser: bool = True, lang: Language | None = None, host: str = "127.0.0.1"
) -> None:
    """Open the desk on this machine until it is closed, interrupted or left alone; then delete all it
    held. Port 0 takes any free port.

    Raises YusuanError where the port is taken or no folder can be made.
    """
    with scratch_folder(cache_folder() / "desk") as folder:
        # What reading, drawing and building put away meanwhile goes with the desk as well.
        (folder / "temporary").mkdir()
        tempfile.tempdir = os.environ["TMPDIR"] = str(folder / "temporary")
        session = DeskSession(folder)
        token = secrets.token_urlsafe(24)
        try:
            with listening(host, port) as listener:
                address = f"http://{host}:{listener.getsockname()[1]}/{token}/"
                address += f"?lang={lang}" if lang else ""
                print(_words()["started"]["zh"], _words()["started"]["en"], sep="\n")
                print(f"  {address}", flush=True)
                if browser:
                    _open(address, folder / "desk.html")
                run(desk_app(session, token), listener)
        except KeyboardInterrupt:
            pass  # the server has finished its requests and passes the interrupt on
        finally:
            session.close()


def _open(address: str, page: Path) -> None:
    """Open the page in the user's browser, by a file of the user's: other users of the machine see the
    arguments of programs, and the address is a secret."""
    if sys.platform in ("win32", "darwin") or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys():
        page.write_text(f'<meta http-equiv="refresh" content="0; url={address}">', "utf-8")
        webbrowser.open(page.as_uri())


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a request gets."""

    body: bytes | Path
    kind: str = "application/json; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


_Handler = Callable[[DeskSession, Any, Any], Awaitable[_Answer]]


def desk_app(session: DeskSession, token: str) -> Any:
    """The ASGI application of a session; its paths begin with the token."""

    async def answered(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _live(session, receive, send)
            return
        answer = await _answer(session, token, scope, receive)
        await _send(answer, send, scope["method"] == "HEAD")

    return secured(in_its_language(answered), allowed_hosts("127.0.0.1", ""))


async def _answer(session: DeskSession, token: str, scope: Any, receive: Any) -> _Answer:
    given, _, name = scope["path"].removeprefix("/").partition("/")
    if not secrets.compare_digest(given.encode(), token.encode()):
        return _sentence(404, "nothing is here; open the address that yusuan desk has printed")
    writes = scope["method"] == "POST"
    handler = (_POSTS if writes else _GETS).get(name)
    if handler is None:
        return _sentence(404, "no such page")
    if writes and not _of_own_page(scope):
        return _sentence(403, "asked by a page of another site")
    session.used = time.monotonic()
    try:
        return await handler(session, scope, receive)
    except YusuanError as error:
        return _sentence(400, str(error))
    except OSError as error:
        return _sentence(500, f"{error.strerror or error}; nothing was written")


def _of_own_page(scope: Any) -> bool:
    """Whether a request that changes something comes from the desk's page, or from no page at all."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get(b"origin")
    site = headers.get(b"sec-fetch-site", "same-origin")
    return site == "same-origin" and (
        origin is None or urlsplit(origin).netloc == headers.get(b"host")
    )


def _sentence(status: int, text: str) -> _Answer:
    return _json({"problem": told(text)}, status)


def _json(value: Any, status: int = 200) -> _Answer:
    return _Answer(json.dumps(value, ensure_ascii=False).encode(), status=status)


# pages


async def _page(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    lang = language()
    words: dict[str, Any] = {name: texts[lang] for name, texts in _words().items()}
    words["verdicts"] = {name: plural(name, lang) for name in VERDICTS}
    page = _template().render(
        w=words, lang=lang, other=switched(scope["query_string"].decode("latin-1")),
        words=json.dumps(words, ensure_ascii=False).replace("<", "\\u003c"),
    )  # fmt: skip
    return _Answer(page.encode(), "text/html; charset=utf-8")


async def _asset(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    name = scope["path"].rpartition("/")[2]
    path = data_path("publish", *_STYLES[name])
    return _Answer(path, f"{_TYPES[path.suffix]}; charset=utf-8")


async def _state(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    return _json(await asyncio.to_thread(session.state, language()))


async def _report(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    page = await asyncio.to_thread(session.report, language())
    if not page:
        return _sentence(404, "the files are not checked yet; check them first")
    return _Answer(page.encode(), "text/html; charset=utf-8")


async def _report_file(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    found = await _report(session, scope, receive)
    return _attached(found, "report.html") if found.status == 200 else found


async def _patch(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    return _attached(_Answer(session.patch(), "text/csv; charset=utf-8"), "patch.csv")


async def _package(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    return _attached(_Answer(session.package(), "application/zip"), "package.zip")


def _attached(answer: _Answer, name: str) -> _Answer:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return _Answer(answer.body, answer.kind, answer.status, headers)


# what changes something


async def _upload(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    """A file, its name in the query, its bytes as the body."""
    given = parse_qs(scope["query_string"].decode("latin-1")).get("name", [""])[0]
    name = file_name(given)
    most = min(limits.FILE_BYTES, session.room())
    with session.arriving(name) as path, path.open("wb") as stream:
        size, waiting = 0, bytearray()
        async for chunk in _body(receive):
            size += len(chunk)
            if size > most:
                raise YusuanError(
                    f"{name}: larger than {most / limits.MB:.0f} MB, which is too much"
                )
            waiting += chunk
            if len(waiting) > _CHUNKS_WRITTEN:
                await asyncio.to_thread(stream.write, bytes(waiting))
                waiting.clear()
        stream.write(waiting)
    return _json({"name": name})


async def _remove(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    session.remove(_text(await _asked(receive), "name"))
    return _json({})


async def _check(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    session.check()
    return _json({})


async def _decide(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    asked = await _asked(receive)
    filled = {name: _text(asked, name) for name in asked if name != "key"}
    await asyncio.to_thread(session.decide, _text(asked, "key"), filled)
    return _json({})


async def _build(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    asked = await _asked(receive)
    session.build(_text(asked, "base") or None, _text(asked, "licence") or None)
    return _json({})


async def _publish(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    session.publish(_text(await _asked(receive), "folder"))
    return _json({})


async def _close(session: DeskSession, scope: Any, receive: Any) -> _Answer:
    asyncio.get_running_loop().call_later(0.2, signal.raise_signal, signal.SIGINT)
    return _json({})


_GETS: Mapping[str, _Handler] = {
    "": _page, "state": _state, "report": _report, "report.html": _report_file,
    "patch.csv": _patch, "package.zip": _package, **dict.fromkeys(_STYLES, _asset),
}  # fmt: skip
_POSTS: Mapping[str, _Handler] = {
    "files": _upload, "remove": _remove, "check": _check, "decide": _decide, "build": _build,
    "publish": _publish, "close": _close,
}  # fmt: skip


# HTTP


async def _body(receive: Any) -> Any:
    """The parts of a body. Raises YusuanError where the page goes away before its end."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise YusuanError("broken off before the end; nothing was kept")
        more = message.get("more_body", False)
        yield message.get("body", b"")


async def _asked(receive: Any) -> dict[str, Any]:
    """A small JSON object. Raises YusuanError for anything else."""
    content = b""
    async for chunk in _body(receive):
        content += chunk
        if len(content) > _MOST_JSON:
            raise YusuanError("too long")
    try:
        asked = json.loads(content or b"{}")
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise YusuanError("no JSON object")
    return asked


def _text(asked: Mapping[str, Any], name: str) -> str:
    value = asked.get(name, "")
    if not isinstance(value, str):
        raise YusuanError(f"{name}: no text")
    return value.strip()


async def _send(answer: _Answer, send: Any, head: bool) -> None:
    body = answer.body
    size = body.stat().st_size if isinstance(body, Path) else len(body)
    headers = {"content-type": answer.kind, "content-length": str(size), "cache-control": "no-store",
               **answer.headers}  # fmt: skip
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    if isinstance(body, bytes) or head:
        await send({"type": "http.response.body", "body": b"" if head else body})
        return
    with body.open("rb") as stream:
        while chunk := await asyncio.to_thread(stream.read, _CHUNKS_WRITTEN):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _live(session: DeskSession, receive: Any, send: Any) -> None:
    watching = asyncio.create_task(_closed_when_left(session))
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            return


async def _closed_when_left(session: DeskSession) -> None:
    while session.phase != "idle" or time.monotonic() - session.used < _IDLE_SECONDS:
        await asyncio.sleep(_LOOK_SECONDS)
    signal.raise_signal(signal.SIGINT)


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = read_yaml(data_path("publish", "desk", "words.yaml"))
    return found


@cache
def _template() -> Any:
    loader = FileSystemLoader(data_path("publish", "desk"))
    return Environment(loader=loader, autoescape=True).get_template("page.html.j2")

"""Talking to a CKAN over its action API, and telling what went wrong in one sentence.

Spec: https://docs.ckan.org/en/latest/api/#action-api-reference. Nothing here knows about packages.
The token goes to the portal's own address and nowhere else: no redirect is followed, and no message
repeats it. A portal is a stranger: what it answers is held against the forms that publishing relies
on before anything is done with it.
"""

from __future__ import annotations

import email.utils
import io
import json
import os
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlsplit
from weakref import WeakSet

import requests
import requests.adapters
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.fields import RequestField

from yusuan.model.errors import YusuanError
from yusuan.model.text import printable

__all__ = ["Absent", "CkanRefused", "CkanTooLarge", "FileForm", "Portal", "RemotePortal", "Upload"]

Form = Callable[[Any], None]
"""Raises ValueError, saying what is not as it should be."""


def checked(action: str, result: Any) -> Any:
    """The result of an action, which has the form that is relied on.

    Raises ValueError saying what is not as it should be.

    >>> checked("organization_show", {"id": "1"})
    Traceback (most recent call last):
    ValueError: name is no text
    """
    if form := _ANSWERS.get(action):
        form(result)
    return result


@dataclass(frozen=True, slots=True)
class _Object:
    """An object whose keys ``needed`` have these forms, and ``known`` ones where they are given."""

    needed: Mapping[str, Form]
    known: Mapping[str, Form]

    def __call__(self, value: Any) -> None:
        if not isinstance(value, dict):
            raise ValueError("no object")
        for key, form in (*self.needed.items(), *self.known.items()):
            if key in self.known and value.get(key) is None:
                continue
            try:
                form(value.get(key))
            except ValueError as error:
                raise ValueError(f"{key} is {error}") from None


def _of(kinds: type | tuple[type, ...], words: str) -> Form:
    def form(value: Any) -> None:
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
            raise ValueError(words)

    return form


def _list(item: Form) -> Form:
    def form(value: Any) -> None:
        if not isinstance(value, list):
            raise ValueError("no list")
        for each in value:
            item(each)

    return form


def _identifier(value: Any) -> None:
    if not isinstance(value, str) or not value or not value.isprintable():
        raise ValueError("no text")


_TEXT = _of(str, "no text")
_COUNT = _of(int, "no number")
_FLAG = _of(bool, "neither true nor false")
_RESOURCE = _Object(
    {"id": _identifier},
    {"name": _TEXT, "yusuan_path": _TEXT, "hash": _TEXT, "url": _TEXT, "url_type": _TEXT,
     "datastore_active": _FLAG},
)  # fmt: skip
_DATASET = _Object(
    {"id": _identifier, "name": _identifier},
    {
        "owner_org": _TEXT, "state": _TEXT, "private": _FLAG, "title": _TEXT,
        "resources": _list(_RESOURCE),
        "extras": _list(_Object({"key": _TEXT, "value": _TEXT}, {})),
        "tags": _list(_Object({"name": _TEXT}, {})),
    },
)  # fmt: skip
_ORGANIZATION = _Object({"id": _identifier, "name": _identifier}, {"title": _TEXT, "state": _TEXT})
_ANSWERS: Mapping[str, Form] = {
    "status_show": _Object({"ckan_version": _TEXT}, {"extensions": _list(_TEXT)}),
    "user_show": _Object({}, {}),
    "license_list": _list(_Object({"id": _TEXT}, {})),
    "organization_show": _ORGANIZATION,
    "organization_create": _ORGANIZATION,
    "package_show": _DATASET,
    "package_create": _DATASET,
    "package_patch": _DATASET,
    "resource_create": _RESOURCE,
    "resource_patch": _RESOURCE,
    "resource_view_list": _list(_Object({"id": _identifier}, {})),
    "datastore_info": _Object(
        {"meta": _Object({"count": _COUNT}, {}),
         "fields": _list(_Object({"id": _TEXT, "type": _TEXT}, {"info": _Object({}, {})}))},
        {},
    ),
}  # fmt: skip


_MOST_BYTES = 64_000_000
"""Of an answer; package_show of 10,000 resources has some 10 MB."""
_PIECE = 1 << 18
"""Bytes of a file that are held at a time."""
_LONGEST = 500
"""Characters of a portal's complaint that are repeated."""
_BUSY = (429, 500, 502, 503, 504)


class Absent(YusuanError):
    """CKAN has no such thing."""


class CkanRefused(YusuanError):
    """The token does not permit it."""


class CkanTooLarge(YusuanError):
    """The portal does not accept a file of this size."""


Upload = tuple[str, Path, str]
"""File name, file, media type."""
Found = Callable[[], Any]
"""Looks whether an action that was cut off had its effect: its result, or None."""


class Portal(Protocol):
    """What publishing needs of a CKAN; tests have a small one in memory."""

    def call(
        self,
        action: str,
        data: Mapping[str, Any] | None = None,
        upload: Upload | None = None,
        found: Found | None = None,
    ) -> Any:
        """The result of an action. Raises Absent, Refused, TooLarge or another YusuanError.

        ``found`` is needed by actions that must not be done twice: where the answer was lost, it is
        asked first, and only when it returns None the action is called again.
        """


@dataclass(eq=False)
class _Interrupted(Exception):
    """No answer to rely on. ``after``: seconds the portal asks to wait; ``done``: whether the
    action may have had its effect."""

    sentence: str
    after: float = 0
    done: bool = True


class RemotePortal:
    """A CKAN somewhere on the network.

    ``timeouts`` are seconds to connect and to wait for an answer, ``waits`` the seconds before each
    new attempt where the portal is busy or the line was cut, ``patience`` the most seconds that it
    may ask to wait (RFC 9110, section 10.2.3, Retry-After).
    """

    def __init__(
        self,
        url: str,
        token: str,
        timeouts: tuple[float, float],
        waits: Sequence[float] = (),
        patience: float = 0,
    ) -> None:
        self.url = _address(url, token)
        self._token = token
        self._timeouts = timeouts
        self._waits = waits
        self._patience = patience
        self._reached = False
        self._session = requests.Session()
        self._lines = _Lines()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._lines)

    def call(
        self,
        action: str,
        data: Mapping[str, Any] | None = None,
        upload: Upload | None = None,
        found: Found | None = None,
    ) -> Any:
        waits = iter(self._waits)
        while True:
            try:
                return self._attempt(action, dict(data or {}), upload)
            except _Interrupted as interruption:
                self._wait(interruption, next(waits, None))
                if found and interruption.done and (result := found()) is not None:
                    return result

    def _wait(self, interruption: _Interrupted, seconds: float | None) -> None:
        if interruption.after > self._patience:
            raise YusuanError(
                f"{self.url}: the portal asks to wait {interruption.after:.0f} s; run again then"
            )
        if seconds is None:
            raise YusuanError(f"{self.url}: {interruption.sentence}")
        sleep(max(seconds, interruption.after))

    def _attempt(self, action: str, data: dict[str, Any], upload: Upload | None) -> Any:
        endless = YusuanError(f"{self.url}: its answer does not end; nothing more was done")
        with self._lines.cut_after(2 * self._timeouts[1]) as patience:
            try:
                if upload is None:
                    response = self._post(action, json=data)
                else:
                    name, path, media_type = upload
                    texts = {key: str(value) for key, value in data.items()}
                    with path.open("rb") as stream:
                        form = FileForm(texts, "upload", name, stream, media_type, patience.renew)
                        kind = {"Content-Type": form.kind}
                        response = self._post(action, data=form, headers=kind)
                with response:
                    body = self._body(response, endless)
            except requests.exceptions.RequestException as error:
                raise (endless if patience.over else self._unreachable(error)) from None
        if patience.over:  # an answer without a length ends where it is cut
            raise endless
        self._reached = True
        return self._result(action, response, body)

    def _post(self, action: str, **content: Any) -> requests.Response:
        return self._session.post(
            f"{self.url}/api/action/{action}",
            auth=self._signed, timeout=self._timeouts, allow_redirects=False, stream=True,
            **content,
        )  # fmt: skip

    def _signed(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """As an ``auth`` of its own, which no .netrc of the user replaces."""
        request.headers["Authorization"] = self._token
        request.headers["User-Agent"] = "yusuan"
        return request

    def _body(self, response: requests.Response, endless: YusuanError) -> bytes:
        pieces, size = [], 0
        for piece in response.iter_content(1 << 16):
            pieces.append(piece)
            size += len(piece)
            if size > _MOST_BYTES:
                raise endless
        return b"".join(pieces)

    def _result(self, action: str, response: requests.Response, body: bytes) -> Any:
        """The result of an action from its answer."""
        status = response.status_code
        if 300 <= status < 400:
            raise YusuanError(
                f"{self.url}: redirects to another address; give the address it redirects to"
            )
        if status == 413:
            raise CkanTooLarge(
                f"{self.url}: a file is larger than the portal accepts; ask its administrator"
            )
        answer = _json(body)
        strange = f"{self.url}: does not answer like a CKAN (HTTP {status}); check the URL"
        if status in _BUSY:
            raise _Interrupted(
                f"{action} failed on the server (HTTP {status}); try again later",
                _seconds(response.headers.get("Retry-After", "")), done=status != 429,
            )  # fmt: skip
        if not isinstance(answer, dict):
            raise YusuanError(self._no_action(action) if _names_action(answer) else strange)
        if answer.get("success") is True and status == 200:
            try:
                return checked(action, answer.get("result"))
            except ValueError as error:
                raise YusuanError(
                    f"{self.url}: does not answer like a CKAN ({action}: {error}); check the URL"
                ) from None
        details = answer.get("error")
        if not isinstance(details, dict) or not details:
            raise YusuanError(strange)
        raise self._complaint(action, details)

    def _complaint(self, action: str, details: Mapping[str, Any]) -> YusuanError:
        kind = details.get("__type")
        if kind == "Not Found Error":
            return Absent(f"{self.url}: {action}: not found")
        if kind == "Authorization Error":
            return CkanRefused(
                f"{self.url}: the token does not permit {action}; use one of a user who is an "
                "editor of the organization"
            )
        if _names_action(details):
            return YusuanError(self._no_action(action))
        told = ", ".join(
            _field_errors({key: each for key, each in details.items() if key != "__type"})
        )
        told = printable(told.replace(self._token, "…"))[:_LONGEST] or "no reason given"
        kind_of = (
            CkanTooLarge if "upload" in details and "too large" in told.lower() else YusuanError
        )
        return kind_of(f"{self.url}: {action} was refused: {told}")

    def _no_action(self, action: str) -> str:
        return f"{self.url}: this CKAN has no {action}; its DataStore extension may be off"

    def _unreachable(self, error: Exception) -> Exception:
        kinds = requests.exceptions
        if isinstance(error, (kinds.MissingSchema, kinds.InvalidSchema, kinds.InvalidURL)):
            return YusuanError(_no_address(self.url))
        if isinstance(error, kinds.SSLError):
            return YusuanError(f"{self.url}: its TLS certificate cannot be trusted")
        if isinstance(error, kinds.Timeout):
            sentence = "no answer in time; try again, what was published stays"
        else:
            sentence = "cannot be reached; check the host name and the network"
        if not self._reached:
            return YusuanError(f"{self.url}: {sentence}")
        return _Interrupted(sentence)


class _Patience:
    """Cuts connections once its seconds are over, however slowly something still comes over them."""

    def __init__(self, seconds: float, sockets: WeakSet[socket.socket]) -> None:
        self._seconds = seconds
        self._sockets = sockets
        self._ended = threading.Event()
        self.over = False
        """Whether they were cut."""
        self.renew()
        threading.Thread(target=self._wait, daemon=True).start()

    def renew(self) -> None:
        """Begin the seconds anew."""
        self._end = time.monotonic() + self._seconds

    def end(self) -> None:
        """Nothing is waited for any more."""
        self._ended.set()

    def _wait(self) -> None:
        while (left := self._end - time.monotonic()) > 0:
            if self._ended.wait(left):
                return
        self.over = True
        for each in list(self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class _Lines(requests.adapters.HTTPAdapter):
    """Connections that can be cut: the time to wait that ``requests`` knows begins anew with each
    byte, so that an answer may trickle for ever."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        self._sockets: WeakSet[socket.socket] = WeakSet()
        pools = {"http": HTTPConnectionPool, "https": HTTPSConnectionPool}
        self.poolmanager.pool_classes_by_scheme = {
            scheme: self._remembering(pool) for scheme, pool in pools.items()
        }

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[_Patience]:
        """Within, connections are cut after so many seconds."""
        patience = _Patience(seconds, self._sockets)
        try:
            yield patience
        finally:
            patience.end()

    def _remembering(self, pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
        """Such a pool, whose connections put down their sockets."""
        sockets = self._sockets

        class Connection(pool.ConnectionCls):  # type: ignore[misc, name-defined]
            def connect(self) -> None:
                super().connect()
                sockets.add(self.sock)

        class Pool(pool):  # type: ignore[misc, valid-type]
            ConnectionCls = Connection

        return Pool


class FileForm:
    """A form (RFC 7578) with texts and one file, which is read as it is sent: ``requests`` by itself
    would hold all of it, twice. ``kind`` is its media type; ``len()`` its bytes."""

    def __init__(
        self, texts: Mapping[str, str], field: str, name: str, stream: BinaryIO, media_type: str,
        read: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """``read`` is called whenever bytes are."""
        self._told = read
        boundary = secrets.token_hex(16)
        self.kind = f"multipart/form-data; boundary={boundary}"
        parts: list[tuple[RequestField, str | None, str]] = [
            (RequestField(key, ""), None, f"{text}\r\n") for key, text in texts.items()
        ]
        parts.append((RequestField(field, "", filename=name), media_type, ""))
        for part, kind, _ in parts:
            part.make_multipart(content_type=kind)
        head = "".join(
            f"--{boundary}\r\n{part.render_headers()}{text}" for part, _, text in parts
        ).encode()
        tail = f"\r\n--{boundary}--\r\n".encode()
        self._length = len(head) + os.fstat(stream.fileno()).st_size + len(tail)
        self._left: list[BinaryIO] = [io.BytesIO(head), stream, io.BytesIO(tail)]

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most so many at a time; none at the end."""
        self._told()
        most = size if 0 < size < _PIECE else _PIECE
        while self._left:
            if piece := self._left[0].read(most):
                return piece
            self._left.pop(0)
        return b""


def _address(url: str, token: str) -> str:
    """The portal's address without a slash at its end; raises YusuanError when it is none."""
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and bool(parts.hostname)
        right = right and (parts.port is None or parts.port > 0)
    except ValueError:
        right = False
    if not right or not url.isprintable() or re.search(r"\s", url):
        raise YusuanError(_no_address(printable(url).replace(token, "…")))
    shown = len(token) > 7 and token in url
    if parts.username or parts.password or parts.query or parts.fragment or shown:
        raise YusuanError(
            "the address of the portal holds more than host and path (a user, password, token or "
            "query), which would be shown; give the address alone and the token with --token"
        )
    return url.rstrip("/")


def _no_address(url: str) -> str:
    return f"{url!r}: not a URL; give one such as https://data.example.org"


def _json(body: bytes) -> Any:
    """What is read of an answer; None of what is no JSON, or holds half a character."""
    try:
        value = json.loads(body)
        if b"\\ud" in body.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value


def _names_action(answer: Any) -> bool:
    return "Action name not known" in str(answer)


def _seconds(text: str) -> float:
    """Seconds from a Retry-After header: a number or a date; 0 for neither.

    >>> _seconds("17"), _seconds("soon"), _seconds("Thu, 01 Jan 1970 00:00:00 GMT")
    (17.0, 0, 0)
    """
    if re.fullmatch(r"\d{1,9}", text.strip()):
        return float(text)
    try:
        return max(email.utils.parsedate_to_datetime(text).timestamp() - time.time(), 0)
    except (ValueError, TypeError, OverflowError):
        return 0


def _field_errors(details: Mapping[str, Any]) -> Iterator[str]:
    """CKAN's complaints, field by field."""
    for key, value in details.items():
        texts = value if isinstance(value, list) else [value]
        yield f"{key}: {'; '.join(str(text) for text in texts)}"

"""Talking to a CKAN over its action API, and telling what went wrong in one sentence.

Spec: https://docs.ckan.org/en/latest/api/. Nothing here knows about packages.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import ckanapi
import requests

from yusuan.model.errors import YusuanError

__all__ = ["Absent", "Portal", "Refused", "RemotePortal"]


class Absent(YusuanError):
    """CKAN has no such thing."""


class Refused(YusuanError):
    """The token does not permit it."""


class Portal(Protocol):
    """What publishing needs of a CKAN; tests have a small one in memory."""

    def call(
        self, action: str, data: Mapping[str, Any] | None = None, upload: Upload | None = None
    ) -> Any:
        """The result of an action. Raises Absent, Refused or another YusuanError."""


Upload = tuple[str, Path, str]
"""File name, file, media type."""


class RemotePortal:
    """A CKAN somewhere on the network."""

    def __init__(self, url: str, token: str, timeouts: tuple[float, float]) -> None:
        self.url = url.rstrip("/")
        self._timeouts = timeouts
        self._remote = ckanapi.RemoteCKAN(self.url, apikey=token, user_agent="yusuan")

    def call(
        self, action: str, data: Mapping[str, Any] | None = None, upload: Upload | None = None
    ) -> Any:
        try:
            if upload is None:
                return self._call(action, data, None)
            name, path, media_type = upload
            with path.open("rb") as stream:
                return self._call(action, data, {"upload": (name, stream, media_type)})
        except (ckanapi.NotFound, ckanapi.NotAuthorized, ckanapi.ValidationError) as error:
            raise self._answer(action, error) from error
        except ckanapi.CKANAPIError as error:
            raise YusuanError(self._unexpected(action, error)) from error
        except ckanapi.ServerIncompatibleError as error:
            raise YusuanError(f"{self.url}: does not answer like a CKAN; check the URL") from error
        except requests.exceptions.RequestException as error:
            raise YusuanError(self._unreachable(error)) from error

    def _call(self, action: str, data: Mapping[str, Any] | None, files: Any) -> Any:
        return self._remote.call_action(
            action, dict(data or {}), files=files, requests_kwargs={"timeout": self._timeouts}
        )

    def _answer(self, action: str, error: Exception) -> YusuanError:
        if isinstance(error, ckanapi.NotFound):
            return Absent(f"{self.url}: {action}: not found")
        if isinstance(error, ckanapi.NotAuthorized):
            return Refused(
                f"{self.url}: the token does not permit {action}; use one of a user who is an "
                "editor of the organization"
            )
        details = {
            key: value for key, value in getattr(error, "error_dict", {}).items()
            if key != "__type"
        }  # fmt: skip
        return YusuanError(f"{self.url}: {action} was refused: {_told(details)}")

    def _unexpected(self, action: str, error: Exception) -> str:
        """ckanapi gives the HTTP answer as the text of a list."""
        try:
            _, status, text = ast.literal_eval(str(error))
        except (ValueError, SyntaxError):
            return f"{self.url}: {action} failed: {error}"
        if status == 413:
            return f"{self.url}: a file is larger than the portal accepts; ask its administrator"
        if 300 <= status < 400:
            return f"{self.url}: redirects to another address; give the address it redirects to"
        if "Action name not known" in text:
            return f"{self.url}: this CKAN has no {action}; its DataStore extension may be off"
        if status >= 500:
            return f"{self.url}: {action} failed on the server (HTTP {status}); try again later"
        return f"{self.url}: does not answer like a CKAN (HTTP {status}); check the URL"

    def _unreachable(self, error: Exception) -> str:
        kinds = requests.exceptions
        if isinstance(error, (kinds.MissingSchema, kinds.InvalidSchema, kinds.InvalidURL)):
            return f"{self.url!r}: not a URL; give one such as https://data.example.org"
        if isinstance(error, kinds.SSLError):
            return f"{self.url}: its TLS certificate cannot be trusted"
        if isinstance(error, kinds.Timeout):
            return f"{self.url}: no answer in time; try again, what was published stays"
        return f"{self.url}: cannot be reached; check the host name and the network"


def _told(details: Mapping[str, Any]) -> str:
    """CKAN's complaints, field by field."""
    parts = []
    for key, value in details.items():
        texts = value if isinstance(value, list) else [value]
        parts.append(f"{key}: {'; '.join(str(text) for text in texts)}")
    return ", ".join(parts) or "no reason given"

"""The errors a user can cause; each says what was wrong, where, and what to do."""

from __future__ import annotations

__all__ = ["TakesTooLong", "YusuanError"]


class YusuanError(Exception):
    """A mistake in what was given to yusuan, told in one sentence without a traceback."""


class TakesTooLong(YusuanError):
    """A document that takes longer than its limit; whoever has others goes on without it."""

    def __init__(self, document: str, message: str) -> None:
        super().__init__(message)
        self.document = document

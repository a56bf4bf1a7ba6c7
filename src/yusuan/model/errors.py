"""The errors a user can cause; each says what was wrong, where, and what to do."""

from __future__ import annotations

__all__ = ["YusuanError"]


class YusuanError(Exception):
    """A mistake in what was given to yusuan, told in one sentence without a traceback."""

"""How a printed number goes wrong: what a typist or an export puts in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from random import Random

__all__ = ["SLIPS", "number"]


def number(text: str) -> Decimal | None:
    """The value of a printed number; None for a blank, a dash or anything else."""
    plain = text.replace(",", "").strip()
    return Decimal(plain) if re.fullmatch(r"-?\d+(?:\.\d+)?", plain) else None


def _like(text: str, value: Decimal) -> str:
    """A value with as many decimals, and separators where the text has them."""
    decimals = len(text.partition(".")[2])
    return f"{value:,.{decimals}f}" if "," in text else f"{value:.{decimals}f}"


def _digits(text: str) -> list[int]:
    return [index for index, char in enumerate(text) if char.isdigit()]


def digit(text: str, rng: Random) -> str:
    """One digit is another one; the first is never 0."""
    at = rng.choice(_digits(text))
    first = at == _digits(text)[0]
    other = rng.choice([d for d in "0123456789" if d != text[at] and not (first and d == "0")])
    return text[:at] + other + text[at + 1 :]


def transposition(text: str, rng: Random) -> str | None:
    """Two digits beside each other change places."""
    at = _digits(text)
    pairs = [(a, b) for a, b in pairwise(at)
             if text[a] != text[b] and not (a == at[0] and text[b] == "0")]  # fmt: skip
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    changed = list(text)
    changed[a], changed[b] = text[b], text[a]
    return "".join(changed)


def unit(text: str, rng: Random) -> str | None:
    """The amount in another unit, or the point elsewhere."""
    value = number(text)
    return (
        None if value is None else _like(text, value * Decimal(10) ** rng.choice((-1, 1, 1, 2, 4)))
    )


def sign(text: str, rng: Random) -> str | None:
    return text[1:] if text.startswith("-") else f"-{text}"


def missing_digit(text: str, rng: Random) -> str | None:
    """One digit is left out."""
    at = rng.choice(_digits(text))
    left = text[:at] + text[at + 1 :]
    return _like(text, value) if (value := number(left)) is not None and left[:1] != "0" else None


def extra_digit(text: str, rng: Random) -> str | None:
    """One digit of the whole number is typed twice."""
    whole = _digits(text.partition(".")[0])
    at = rng.choice(whole)
    value = number(text[:at] + text[at] + text[at:])
    return None if value is None else _like(text, value)


SLIPS: dict[str, Callable[[str, Random], str | None]] = {
    "digit": digit, "transposition": transposition, "unit": unit, "sign": sign,
    "missing-digit": missing_digit, "extra-digit": extra_digit,
}  # fmt: skip

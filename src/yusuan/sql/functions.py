"""What passes between SQLite and strangers: our SQL functions with limits, values as JSON."""

from __future__ import annotations

import base64
import sqlite3
from decimal import Context, Decimal, InvalidOperation
from typing import Any, ClassVar

from yusuan.model.money import plain, yuan

__all__ = ["DecimalSum", "Value", "add_functions", "packed", "unpacked"]

# More digits than any sum of budgets has, so that adding numbers within the limits never rounds.
_EXACT = Context(prec=100)
_MOST_DIGITS = 40
"""Before the decimal point, and after it."""


class DecimalSum:
    """``decimal_sum(amount)``: the exact sum of decimal texts; blanks do not count.

    Numbers of more than 40 digits before or after the point are refused: written out,
    ``1e999999999`` alone would take a gigabyte.

    >>> total = DecimalSum()
    >>> for text in ("0.1", "0.2", None): total.step(text)
    >>> total.finalize()
    '0.3'
    >>> DecimalSum().step("1e41")
    Traceback (most recent call last):
    ValueError: decimal_sum: a number has more than 40 digits before or after its point
    """

    refusal: ClassVar[str] = ""
    """Why a value was refused last: SQLite says only that the function failed."""

    def __init__(self) -> None:
        self._sum: Decimal | None = None

    def step(self, value: str | int | float | bytes | None) -> None:
        try:
            self._add(value)
        except ValueError as error:
            DecimalSum.refusal = str(error)
            raise

    def _add(self, value: str | int | float | bytes | None) -> None:
        if value is None:
            return
        text = str(value) if not isinstance(value, str | bytes) else value
        # Reading costs more than in proportion to the length.
        if isinstance(text, bytes) or len(text) > 4 * _MOST_DIGITS:
            raise ValueError("decimal_sum: a value is not a decimal number")
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValueError(f"decimal_sum: {value!r} is not a decimal number") from None
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int):
            raise ValueError(f"decimal_sum: {value!r} is not a decimal number")
        if number.adjusted() >= _MOST_DIGITS or exponent < -_MOST_DIGITS:
            raise ValueError(
                f"decimal_sum: a number has more than {_MOST_DIGITS} digits before or after its point"
            )
        self._sum = number if self._sum is None else _EXACT.add(self._sum, number)

    def finalize(self) -> str | None:
        return None if self._sum is None else plain(self._sum)


def add_functions(connection: sqlite3.Connection) -> None:
    """``yuan(fen)`` and ``decimal_sum(amount)`` for the statements of a connection."""
    connection.create_function("yuan", 1, yuan, deterministic=True)
    connection.create_aggregate("decimal_sum", 1, DecimalSum)  # type: ignore[arg-type]


Value = str | int | float | bytes | None
"""What a column of SQLite holds."""


def packed(value: Value) -> Any:
    """A value as JSON holds it: a blob, which JSON lacks, as an object with its base 64.

    >>> packed(b"a"), packed("a")
    ({'blob': 'YQ=='}, 'a')
    """
    return {"blob": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def unpacked(value: Any) -> Value:
    """A value from what :func:`packed` made of it.

    >>> unpacked({"blob": "YQ=="}), unpacked(1.5)
    (b'a', 1.5)
    """
    result: Value = base64.b64decode(value["blob"]) if isinstance(value, dict) else value
    return result

"""What passes between SQLite and strangers: our SQL functions with limits, values as JSON.

Amounts are numbers of yuan in SQLite, hence binary floats, whose own ``sum`` is off by some fen in a
hundred thousand rows. ``sum``, ``total`` and ``avg`` are replaced by functions that add the decimal
numbers which the floats stand for.
"""

from __future__ import annotations

import base64
import re
import sqlite3
from decimal import Context, Decimal, InvalidOperation
from typing import Any, ClassVar

from yusuan.model.money import plain, yuan

__all__ = [
    "DecimalSum", "ExactAverage", "ExactSum", "ExactTotal", "Value", "add_functions", "packed",
    "unpacked",
]  # fmt: skip

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


_IN_FEN = 1e13
"""Yuan below which a float holds two decimals with room for the product with 100."""
_IN_DECIMALS = 1e15
"""Beyond it a float does not hold every whole number of its digits, and its decimal text is no
number that was printed."""
_SEPARATED = re.compile(r"\s*[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?\s*")
_PREFIX = re.compile(r"\s*([-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?)")
_LONGEST_NUMBER = 400


class ExactSum:
    """SQLite's ``sum(x)``, exact for decimal numbers; also over windows.

    A float counts as the shortest decimal number that it stands for, a text as the number that it
    begins with, and amounts of more than 15 digits, which the database has as text with separators,
    as they are. The result is an integer where all values are, else a float; where no float shows a
    sum of fen to the fen, its decimal text.

    >>> total = ExactSum()
    >>> for amount in (0.1, 0.2, 219553500, None): total.step(amount)
    >>> total.finalize()
    219553500.3
    >>> for amount in ("12,345,678,901,234.56", 0.01): total.step(amount)
    >>> total.inverse(219553500)
    >>> total.finalize()
    12345678901234.87
    """

    def __init__(self) -> None:
        self._count = 0
        self._others = 0
        """Values that are no integers."""
        self._whole = 0
        self._fen = 0
        self._finer = Decimal(0)
        self._floats = 0.0
        """The sum of those that are beyond decimal numbers."""
        self._inexact = 0

    def step(self, value: Value) -> None:
        if type(value) is int:  # most sums are of fen
            self._count += 1
            self._whole += value
        else:
            self._add(value, 1)

    def inverse(self, value: Value) -> None:
        """Take a value out that has left the window."""
        self._add(value, -1)

    def _add(self, value: Value, sign: int) -> None:
        if value is None:
            return
        self._count += sign
        if isinstance(value, int):
            self._whole += sign * value
        elif isinstance(value, float):
            self._others += sign
            self._add_float(value, sign)
        else:
            self._add_text(value, sign)

    def _add_float(self, value: float, sign: int) -> None:
        if -_IN_FEN < value < _IN_FEN:
            fen = round(value * 100)
            # Division gives the float nearest to so many fen: if it is this one, it means them.
            if fen / 100 == value:
                self._fen += sign * fen
                return
        if -_IN_DECIMALS < value < _IN_DECIMALS and (value == 0 or abs(value) > 1e-20):
            self._add_decimal(Decimal(repr(value)), sign)
            return
        self._inexact += sign
        self._floats += sign * value

    def _add_text(self, value: str | bytes, sign: int) -> None:
        text = value if isinstance(value, str) else value.decode("utf-8", "replace")
        text = text[:_LONGEST_NUMBER]
        if _SEPARATED.fullmatch(text):
            text = text.replace(",", "")
        found = _PREFIX.match(text)
        number = Decimal(found[1]) if found else Decimal(0)
        exponent = number.as_tuple().exponent
        assert isinstance(exponent, int)  # the pattern has no words for infinity
        if number.adjusted() >= _MOST_DIGITS or exponent < -_MOST_DIGITS:
            self._others += sign
            self._add_float(float(number), sign)
        elif exponent == 0 and found and found.end() == len(text.rstrip()):
            self._whole += sign * int(number)
        else:
            self._others += sign
            self._add_decimal(number, sign)

    def _add_decimal(self, number: Decimal, sign: int) -> None:
        fen = number.scaleb(2, _EXACT)
        if fen == fen.to_integral_value():
            self._fen += sign * int(fen)
        else:
            self._finer = _EXACT.add(self._finer, sign * number)

    def _exact(self) -> Decimal:
        fen = _EXACT.create_decimal(self._whole * 100 + self._fen).scaleb(-2, _EXACT)
        return _EXACT.add(fen, self._finer)

    def value(self) -> Value:
        """The sum of what is in the window."""
        if not self._count:
            return None
        if not self._others:
            in_range = -(1 << 63) <= self._whole < 1 << 63
            return self._whole if in_range else plain(Decimal(self._whole))
        if self._inexact:
            return float(self._exact()) + self._floats
        exact = self._exact()
        nearest = float(exact)
        if self._finer or (abs(nearest) < _IN_DECIMALS and Decimal(repr(nearest)) == exact):
            return nearest
        return plain(exact)

    def finalize(self) -> Value:
        return self.value()


class ExactTotal(ExactSum):
    """SQLite's ``total(x)``: always a float, 0.0 of nothing.

    >>> ExactTotal().finalize()
    0.0
    """

    def value(self) -> float:
        return float(self._exact()) + self._floats


class ExactAverage(ExactSum):
    """SQLite's ``avg(x)``: the float nearest to the exact quotient.

    >>> average = ExactAverage()
    >>> for amount in (0.1, 0.2, 0.3): average.step(amount)
    >>> average.finalize()
    0.2
    """

    def value(self) -> float | None:
        if not self._count:
            return None
        if self._inexact:
            return (float(self._exact()) + self._floats) / self._count
        return float(_EXACT.divide(self._exact(), Decimal(self._count)))


def add_functions(connection: sqlite3.Connection) -> None:
    """``yuan(fen)`` and ``decimal_sum(amount)`` for the statements of a connection, and ``sum``,
    ``total`` and ``avg`` that are exact for amounts in yuan."""
    connection.create_function("yuan", 1, yuan, deterministic=True)
    connection.create_aggregate("decimal_sum", 1, DecimalSum)  # type: ignore[arg-type]
    for name, function in (("sum", ExactSum), ("total", ExactTotal), ("avg", ExactAverage)):
        connection.create_window_function(name, 1, function)


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

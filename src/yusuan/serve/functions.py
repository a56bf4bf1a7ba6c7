"""SQL functions of the site."""

from __future__ import annotations

from decimal import Context, Decimal, InvalidOperation

from yusuan.database.money import yuan
from yusuan.model.money import plain

__all__ = ["DecimalSum", "yuan"]

# More digits than any sum of budgets has, so that adding never rounds.
_EXACT = Context(prec=100)


class DecimalSum:
    """``decimal_sum(amount)``: the exact sum of decimal texts; blanks do not count.

    >>> total = DecimalSum()
    >>> for text in ("0.1", "0.2", None): total.step(text)
    >>> total.finalize()
    '0.3'
    """

    def __init__(self) -> None:
        self._sum: Decimal | None = None

    def step(self, value: str | int | float | None) -> None:
        if value is None:
            return
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise ValueError(f"decimal_sum: {value!r} is not a decimal number") from None
        self._sum = number if self._sum is None else _EXACT.add(self._sum, number)

    def finalize(self) -> str | None:
        return None if self._sum is None else plain(self._sum)

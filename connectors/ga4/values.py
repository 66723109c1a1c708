"""Texts of a response → days and amounts."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from connectors.ga4.streams import Kind

_MILLIONTH = Decimal("0.000001")


def first_days(words: pa.Array, kind: Kind) -> pa.Array:
    """Days (``20260131``), or the first ones of ISO weeks (``202605``) or months (``202601``).

    Raises ValueError (ArrowInvalid is one) for a text that is none.
    """
    if kind == "week":
        weeks = [date.fromisocalendar(int(word[:4]), int(word[4:]), 1) for word in words.to_pylist()]
        return pa.array(weeks, pa.date32())
    if kind == "month":
        words = pc.binary_join_element_wise(words, "01", "")
    return pc.strptime(words, format="%Y%m%d", unit="s").cast(pa.date32())


def amounts(words: pa.Array) -> pa.Array:
    """Amounts of money, exact to a millionth; what comes with more digits is a fraction's binary rest, and rounded.

    Raises ValueError for a text that is no number, or not finite.
    """
    try:
        values = [Decimal(word).quantize(_MILLIONTH, ROUND_HALF_EVEN) for word in words.to_pylist()]
    except InvalidOperation:
        raise ValueError("not an amount") from None
    if not all(value.is_finite() for value in values):
        raise ValueError("not an amount")
    return pa.array(values, pa.decimal128(18, 6))

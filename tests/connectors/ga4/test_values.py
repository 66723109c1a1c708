"""Texts of a response become days and amounts, or are refused."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from connectors.ga4.streams import Kind
from connectors.ga4.values import amounts, first_days


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("20260131", "date", date(2026, 1, 31)),
        ("202601", "week", date(2025, 12, 29)),
        ("202653", "week", date(2026, 12, 28)),
        ("202602", "month", date(2026, 2, 1)),
        ("20260401", "range", date(2026, 4, 1)),
    ],
)
def test_a_period_is_known_by_its_first_day(text: str, kind: Kind, day: date) -> None:
    assert first_days(pa.array([text]), kind).to_pylist() == [day]


@pytest.mark.parametrize(("text", "kind"), [("(other)", "week"), ("202654", "week"), ("202613", "month"), ("", "date")])
def test_what_is_no_period_is_refused(text: str, kind: Kind) -> None:
    """GA-15, GA-29: a period by which rows are replaced must be one."""
    with pytest.raises(ValueError):
        first_days(pa.array([text]), kind)


@pytest.mark.parametrize(
    ("text", "amount"), [("12.34", "12.34"), ("0.30000000000000004", "0.3"), ("1.2E7", "12000000"), ("0", "0")]
)
def test_money_is_exact_however_it_is_written(text: str, amount: str) -> None:
    """GA-29."""
    assert amounts(pa.array([text])).to_pylist() == [Decimal(amount)]


@pytest.mark.parametrize("text", ["NaN", "Infinity", "", "none", "(not set)"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """GA-29."""
    with pytest.raises(ValueError, match="not an amount"):
        amounts(pa.array([text]))

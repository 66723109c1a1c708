import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.ecb.history import inverse, parse_history
from connectors.errors import IncompleteResponse

HISTORY = """Date,USD,JPY,BGN,HRK,
2026-01-05,1.0321,161.50,N/A,N/A,
2025-12-31,1.0389,163.06,1.9558,N/A,
2022-12-30,1.0666,140.66,1.9558,7.5365,
"""


def zipped(text: str, name: str = "eurofxref-hist.csv") -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(name, text)
    return archive.getvalue()


def test_rates_come_exact_oldest_first_and_without_rows_for_currencies_not_quoted() -> None:
    """FX-04: what is not quoted is not there, and not 0."""
    rows = parse_history(zipped(HISTORY)).to_pylist()
    assert [(r["rate_date"], r["currency"], r["rate"]) for r in rows] == [
        (date(2022, 12, 30), "USD", Decimal("1.0666")),
        (date(2022, 12, 30), "JPY", Decimal("140.66")),
        (date(2022, 12, 30), "BGN", Decimal("1.9558")),
        (date(2022, 12, 30), "HRK", Decimal("7.5365")),
        (date(2025, 12, 31), "USD", Decimal("1.0389")),
        (date(2025, 12, 31), "JPY", Decimal("163.06")),
        (date(2025, 12, 31), "BGN", Decimal("1.9558")),
        (date(2026, 1, 5), "USD", Decimal("1.0321")),
        (date(2026, 1, 5), "JPY", Decimal("161.50")),
    ]
    assert rows[0]["inverse_rate"] == Decimal("0.937558597412338271")


def test_earlier_years_are_left_out_when_asked() -> None:
    assert {r["rate_date"].year for r in parse_history(zipped(HISTORY), 2025).to_pylist()} == {2025, 2026}


@given(st.decimals("0.05", "30000", places=4))
def test_there_and_back_loses_less_than_a_billionth(rate: Decimal) -> None:
    assert abs(inverse(rate) * rate - 1) < Decimal("1e-9")


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity"])
def test_a_rate_that_is_none_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match="positive"):
        inverse(Decimal(rate))


@pytest.mark.parametrize(
    "archive",
    [
        b"<html>",
        b"",
        zipped(""),
        zipped("Day,USD,JPY\n2026-01-05,1,2\n"),
        zipped("Date,USD,JPY\n2026-01-05,one,2\n"),
        zipped("Date,USD,JPY\n2026-01-05,0,2\n"),
        zipped("Date,USD,JPY\n2026-13-05,1,2\n"),
    ],
)
def test_a_file_that_is_no_history_is_refused(archive: bytes) -> None:
    with pytest.raises(IncompleteResponse, match="not a history"):
        parse_history(archive)

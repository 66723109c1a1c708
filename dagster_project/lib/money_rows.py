"""The rows of the tables of schema `config` that are about money: one pure function a table.

Rates get their exact inverse here, because DuckDB divides decimals as floats and no float may touch money.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext

import iso4217
from babel.numbers import get_currency_precision

from dagster_project.config import Config
from dagster_project.config.money import EURO
from dagster_project.config.values import currency_codes
from dagster_project.lib.config_rows import Row


def inverse_rate(rate: Decimal) -> Decimal:
    """1 / rate to 18 decimals, half away from zero (SEMANTICS, Money)."""
    with localcontext() as context:
        context.prec = 50
        return (Decimal(1) / rate).quantize(Decimal(1).scaleb(-18), rounding=ROUND_HALF_UP)


def budget_rates(config: Config, _: datetime) -> Iterator[Row]:
    """Head office's rates, both ways, with the days of their fiscal year; its own currency among them, and those that
    were given up before the year began."""
    month = config.project.fiscal_year_start_month
    for year in sorted({rate.fiscal_year for rate in config.budget_rates}):
        first, following = date(year, month, 1), date(year + 1, month, 1)
        rates = {rate.currency: rate.rate for rate in config.budget_rates if rate.fiscal_year == year}
        fixed = {rate.currency: rate.rate for rate in config.fixed_rates if rate.fixed_from <= first}
        for currency, rate in {config.project.reporting_currency: Decimal(1), **rates, **fixed}.items():
            yield year, currency, rate, inverse_rate(rate), first, following


def fixed_rates(config: Config, _: datetime) -> Iterator[Row]:
    """What was given up for the euro, both ways, and the euro itself."""
    yield EURO, date(1999, 1, 1), Decimal(1), Decimal(1)
    for rate in config.fixed_rates:
        yield rate.currency, rate.fixed_from, rate.rate, inverse_rate(rate.rate)


def locale_currencies(config: Config, _: datetime) -> Iterator[Row]:
    """What each locale reported in, and when; the day after the last is excluded."""
    for locale in config.locales.values():
        for currency, first, last in locale.currencies:
            yield locale.locale, currency, first, date.fromordinal(min(last.toordinal() + 1, date.max.toordinal()))


def reporting_currencies(config: Config, _: datetime) -> Iterator[Row]:
    """What reports are offered in beside the reporting currency."""
    for currency in config.project.further_reporting_currencies:
        yield (currency,)


def currencies(_: Config, __: datetime) -> Iterator[Row]:
    """Every currency with the digits of its minor unit."""
    for currency in sorted(currency_codes()):
        yield currency, minor_units(currency)


def minor_units(currency: str) -> int:
    """The decimals of a currency: ISO 4217's, or of one that is no longer in its list, CLDR's.

    CLDR has those of daily use for all of them, which for Albania, Serbia or Iraq are none.
    """
    exponent = iso4217.Currency(currency).exponent if currency in _LISTED else None
    return get_currency_precision(currency) if exponent is None else int(exponent)


_LISTED = frozenset(one.value.upper() for one in iso4217.Currency)

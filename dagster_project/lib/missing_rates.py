"""Money that no rate was found for, told to people: which deals and advertisements, what is missing, and what to do.

Nothing is published with it (dbt's tests `deals_have_exchange_rates` and `spend_has_exchange_rates`); they only count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from dagster_project.lib.marts import marts_file

SHOWN = 20
"""Deals that are named; of more, the number."""

_MONEY = """
    WITH money AS (
        SELECT 'deal' AS kind, opportunity_id AS name, locale, close_date AS day, currency, local_currency, amount,
            amount_local, amount_eur, amount_eur_constant
        FROM facts.fct_deals
        UNION ALL
        SELECT DISTINCT 'day of advertising' AS kind, locale AS name, locale, date AS day, currency, local_currency,
            amount, amount_local, amount_eur, amount_eur_constant
        FROM facts.fct_ads
    ), counted AS (
        SELECT money.*
        FROM money JOIN marts.mart_locales AS locales USING (locale)
        WHERE money.day BETWEEN locales.go_live_date AND locales.as_of_date AND money.amount IS NOT NULL
    ), offered AS (
        SELECT currency, DATE '0001-01-01' AS first, DATE '9999-12-31' AS last FROM config.reporting_currencies
        UNION ALL
        SELECT currency, min(go_live_date), max(as_of_date) FROM marts.mart_locales
        WHERE currency <> 'EUR' GROUP BY currency
    ), missing AS (
        SELECT kind, name, day, currency, 'date' AS rate FROM counted WHERE amount_eur IS NULL
        UNION ALL
        SELECT kind, name, day, local_currency AS currency, 'date' AS rate
        FROM counted WHERE amount_local IS NULL AND amount_eur IS NOT NULL
        UNION ALL
        SELECT kind, name, day, currency, 'budget' AS rate FROM counted WHERE amount_eur_constant IS NULL
        UNION ALL
        SELECT kind, name, day, offered.currency, 'date' AS rate
        FROM counted JOIN offered ON counted.day BETWEEN offered.first AND offered.last
        WHERE counted.currency <> offered.currency AND (offered.currency, counted.day) NOT IN (
            SELECT (rates.currency, rates.date) FROM intermediate.int_exchange_rates_daily AS rates)
    )
    SELECT rate, kind, currency, min(day), max(day), count(DISTINCT (name, day)),
        list(DISTINCT name || ' (' || day || ')' ORDER BY name || ' (' || day || ')')
    FROM missing GROUP BY rate, kind, currency ORDER BY ALL"""

_PLURALS = {"deal": "deals", "day of advertising": "days of advertising"}

_POLICY = "SELECT fx_policy, fx_connection FROM config.build"
_LAST = "SELECT max(date) FROM intermediate.int_exchange_rates_daily WHERE currency = ?"


@dataclass(frozen=True)
class MissingRates:
    """One currency without rates: of a `date`, by the source in use, or of a fiscal year, in the `budget`."""

    rate: str
    kind: str
    currency: str | None
    first: date
    last: date
    count: int
    names: tuple[str, ...]
    source: str
    last_rate: date | None

    def __str__(self) -> str:
        days = str(self.first) if self.first == self.last else f"{self.first} to {self.last}"
        more = f" and {self.count - SHOWN:,} more" if self.count > SHOWN else ""
        what = f"{self.count:,} {_PLURALS[self.kind] if self.count > 1 else self.kind}"
        return f"{self._said(days)} It is needed for {what}: {', '.join(self.names[:SHOWN])}{more}. {self._step()}"

    def _said(self, days: str) -> str:
        if self.currency is None:
            return f"Amounts without a currency, {days}: nothing can be converted."
        if self.rate == "budget":
            return f"config/fx/budget_rates.csv has no rate of {self.currency} for the fiscal year of {days}."
        last = f"; the last one served until {self.last_rate}" if self.last_rate else ", nor has it ever had one"
        return f"{self.source} has no rate of {self.currency} for {days}{last}."

    def _step(self) -> str:
        if self.currency is None:
            return "Give them one in the CRM."
        if self.rate == "budget":
            return "Add it."
        return "Book them in a currency that has one, or choose another source of rates (`fx` in config/project.yml)."


class MoneyWithoutRates(Exception):
    """The models were built, and money in them has no value. Lists what is missing, then what dbt said."""

    def __init__(self, missing: list[MissingRates], said: str) -> None:
        self.missing = missing
        super().__init__("\n".join([*(f"Not published: {one}" for one in missing), said]))


def missing_rates(warehouse: Path) -> list[MissingRates]:
    """What the last build of the working database found no rate for; empty where it has not come that far."""
    if not marts_file(warehouse).is_file():
        return []
    marts = str(marts_file(warehouse)).replace("'", "''")
    with duckdb.connect(warehouse, read_only=True) as connection:
        connection.execute(f"ATTACH '{marts}' AS marts (READ_ONLY)")
        tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        if not {("fct_deals",), ("fct_ads",), ("mart_locales",)} <= set(tables):
            return []
        return list(_found(connection))


def _found(connection: duckdb.DuckDBPyConnection) -> Iterator[MissingRates]:
    policy = connection.execute(_POLICY).fetchone()
    source = _source(*policy) if policy else "The source of rates"
    for rate, kind, currency, first, last, count, names in connection.execute(_MONEY).fetchall():
        served = connection.execute(_LAST, [currency]).fetchone()
        yield MissingRates(
            rate, kind, currency, first, last, count, tuple(names), source, served[0] if served else None
        )


def _source(policy: str, connection: str | None) -> str:
    named = {"ecb": "The European Central Bank", "budget": "config/fx/budget_rates.csv"}
    return named.get(policy, f"The org {connection}")

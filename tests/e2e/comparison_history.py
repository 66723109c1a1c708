"""What builds published of closed periods beside the truth of their instants, and why it changed between them."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
from babel.numbers import get_currency_precision

from dagster_project.config import Config
from dagster_project.lib.builds import DATABASE, current_folder
from sandbox.company import truth
from sandbox.company.store import Company
from sandbox.company.truth import Period
from sandbox.company.truth.history import periods_of

Key = tuple[Any, ...]
Difference = tuple[Key, Any, Any]
Money = list[tuple[Fraction, str]]

COUNTS = ("sessions", "first_identifiers", "second_identifiers", "mqls", "sqls", "sales")


class HistoryComparison:
    """The current build's memory of itself and of earlier builds; `instants` are what these spoke of, by number."""

    def __init__(self, published: Path, company: Company, config: Config, instants: Mapping[int, datetime]) -> None:
        self._database = current_folder(published) / DATABASE
        self._company = company
        self._config = config
        self._instants = instants
        self._budget = {(rate.fiscal_year, rate.currency): Fraction(rate.rate) for rate in config.budget_rates}

    def as_published(self, build: int) -> list[Difference]:
        """Every KPI of every closed period as that build published it: counts exactly, money within a minor unit."""
        expected = {
            (*period[:4], kpi.kpi): self._expected(period, kpi.numerator, kpi.denominator)
            for period in truth.closed_periods(self._company, self._instants[build], self._budget)
            for kpi in self._config.kpis
            if kpi.tier == "head"
        }
        found = {(*row[:4], row[5]): self._found(row) for row in self._rows(f"FROM kpis_as_published({build:d})")}
        return _differences(expected, found)

    def restatements(self, earlier: int, later: int) -> list[Difference]:
        """Why each figure that one build published is another in the next: all reasons, and no other."""
        why: dict[Key, set[str]] = {}
        explained = truth.reasons(self._company, self._instants[earlier], self._instants[later], self._budget)
        for (locale, line, day, measure), reasons in explained.items():
            for kind, first, _ in periods_of(day):
                for place in ((one, each) for one in (locale, "total") for each in (line, "all")):
                    why.setdefault((*place, kind, first, measure), set()).update(reasons)
        parts = {kpi.kpi: (kpi.numerator, kpi.denominator or kpi.numerator) for kpi in self._config.kpis}
        expected = {
            key: ", ".join(sorted({one for part in parts[key[4]] for one in why.get((*key[:4], part), ())}))
            for key in self._changed(earlier, later)
        }
        found = self._rows(
            "SELECT locale, business_line, period_type, period_start, kpi, reasons FROM mart_restatements "
            f"WHERE restated_build_id = {later:d}"
        )
        return _differences(expected, {row[:5]: row[5] for row in found})

    def _changed(self, earlier: int, later: int) -> set[Key]:
        """Figures of the first build that are others in the second."""
        columns = "locale, business_line, period_type, period_start, kpi, value, amount_local, amount_eur_constant"
        before, now = (
            {row[:5]: row[5:] for row in self._rows(f"SELECT {columns} FROM kpis_as_published({build:d})")}
            for build in (earlier, later)
        )
        return {key for key, value in before.items() if now.get(key) != value}

    def _expected(self, period: Period, numerator: str, denominator: str | None) -> tuple[Any, Money]:
        if numerator not in COUNTS:
            local = [(period.amount_local, period.currency)] if period.currency else []
            return None, [*local, (period.amount_eur, "EUR"), (period.amount_eur_constant, "EUR")]
        counts = (period.counts[COUNTS.index(part)] if part else None for part in (numerator, denominator))
        return tuple(counts), []

    def _found(self, row: tuple[Any, ...]) -> tuple[Any, Money]:
        locale, kpi, numerator, denominator = row[0], row[5], row[6], row[7]
        local, eur, constant = row[9:12]
        if eur is None:
            return (int(numerator), None if denominator is None else int(denominator)), []
        assert kpi == "sales_amount"
        assert (local is None) == (locale == "total")
        currency = [] if locale == "total" else [(Fraction(local), self._config.locales[locale].currency)]
        return None, [*currency, (Fraction(eur), "EUR"), (Fraction(constant), "EUR")]

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(self._database, read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            return connection.execute(sql).fetchall()


def _differences(expected: Mapping[Key, Any], found: Mapping[Key, Any]) -> list[Difference]:
    return [
        (key, expected.get(key), found.get(key))
        for key in sorted(expected.keys() | found.keys(), key=str)
        if key not in expected or key not in found or not _same(expected[key], found[key])
    ]


def _same(expected: Any, found: Any) -> bool:
    if isinstance(expected, str):
        return bool(expected == found)
    return expected[0] == found[0] and all(
        abs(left - right) <= Fraction(1, 10 ** get_currency_precision(currency))
        for (left, currency), (right, _) in zip(expected[1], found[1], strict=True)
    )

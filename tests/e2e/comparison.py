"""The marts beside the sandbox company's own truth, figure by figure.

Each function gives the rows in which the two differ, as (key, truth, mart); none means equal. Counts, days and money in
the booked currency must be exactly equal. Converted money may differ by one minor unit, since the marts keep rates to
twelve decimals and the truth keeps fractions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
from babel.numbers import get_currency_precision

from dagster_project.config import Config
from dagster_project.lib.builds import DATABASE, current_folder
from sandbox.company import truth
from sandbox.company.locales import Locale
from sandbox.company.store import Company
from tests.e2e.comparison_sales import sales_differences

Key = tuple[Any, ...]
Difference = tuple[Key, Any, Any]

SMALLEST_CREDIT = Fraction(1, 10**6)


class Comparison:
    """One published build beside the truth of one instant."""

    def __init__(
        self, published: Path, company: Company, now: datetime, config: Config, markets: list[Locale] | None = None
    ) -> None:
        self._database = current_folder(published) / DATABASE
        self._observation = truth.Observation(company, now, markets)
        self._arguments = (company, now)
        self._markets = markets
        self._budget = {(rate.fiscal_year, rate.currency): Fraction(rate.rate) for rate in config.budget_rates}

    def differences(self) -> dict[str, list[Difference]]:
        """All differences by mart; only marts that have any."""
        found = {
            "mart_funnel_daily": self.funnel(),
            "mart_sales_daily": self.sales(),
            "mart_funnel_cohorts": self.cohorts(),
            "mart_stage_entries": self.stage_entries(),
            "mart_attribution": self.attribution(),
            **sales_differences(self._rows, truth.observe(*self._arguments, self._markets), self._budget, _differences),
        }
        return {mart: differences for mart, differences in found.items() if differences}

    def funnel(self) -> list[Difference]:
        """The six KPIs and the money of every locale, business line and day."""
        expected = {
            day[:3]: (
                day[3:9],
                (day.amount_local, day.currency),
                (day.amount_eur, "EUR"),
                (day.amount_eur_constant, "EUR"),
            )
            for day in truth.daily_kpis(*self._arguments, self._budget, self._markets)
        }
        found = {
            row[:3]: (row[3:9], (row[9], row[10]), (row[11], "EUR"), (row[12], "EUR"))
            for row in self._rows(
                "SELECT locale, business_line, date, "
                "sessions, first_identifiers, second_identifiers, mqls, sqls, sales, "
                "amount_local, currency, amount_eur, amount_eur_constant FROM mart_funnel_daily"
            )
        }
        return _differences(expected, found, _same_money)

    def sales(self) -> list[Difference]:
        """Money by booked currency: native sums exact, converted ones within a minor unit."""
        expected = {
            day[:4]: (
                (day.sales, day.amount, day.local_currency),
                (day.amount_local, day.local_currency), (day.amount_eur, "EUR"), (day.amount_eur_constant, "EUR"),
            )
            for day in truth.sales(*self._arguments, self._budget, self._markets)
        }  # fmt: skip
        found = {
            row[:4]: ((row[4], Fraction(row[5]), row[6]), (row[7], row[6]), (row[8], "EUR"), (row[9], "EUR"))
            for row in self._rows(
                "SELECT locale, business_line, date, currency, sales, amount, local_currency, "
                "amount_local, amount_eur, amount_eur_constant FROM mart_sales_daily"
            )
        }
        return _differences(expected, found, _same_money)

    def cohorts(self) -> list[Difference]:
        """Every cohort and what became of it by day 30, 90, 180 and by now."""
        columns = truth.Cohort._fields
        expected = {one[:5]: one[5:] for one in truth.cohorts(*self._arguments, self._markets)}
        found = {row[:5]: row[5:] for row in self._rows(f"SELECT {', '.join(columns)} FROM mart_funnel_cohorts")}
        return _differences(expected, found)

    def stage_entries(self) -> list[Difference]:
        """How many entries there are of every locale, day, stage, cycle, and whether imputed, exited or incomplete."""
        expected: dict[Key, int] = defaultdict(int)
        for one in self._observation.counted:
            expected[
                one.locale, one.business_line, one.stage, one.entered_date, one.entered_at, one.cycle,
                one.is_imputed, one.history_incomplete, one.exited_at, one.exit_reason,
            ] += 1  # fmt: skip
        found = {
            row[:-1]: row[-1]
            for row in self._rows(
                "SELECT locale, business_line, stage, entered_date, epoch(entered_at)::BIGINT, cycle::INTEGER, "
                "is_imputed, history_incomplete, epoch(exited_at)::BIGINT, exit_reason, count(*) "
                "FROM mart_stage_entries JOIN mart_locales USING (locale) "
                "WHERE entered_date BETWEEN go_live_date AND as_of_date GROUP BY ALL"
            )
        }
        return _differences(expected, found)

    def attribution(self) -> list[Difference]:
        """Credit and credited money of every month, stage, model, channel and campaign."""
        expected = {
            (*one[:6], one.campaign or one.channel): one[7:]
            for one in truth.attribution(*self._arguments, self._budget, self._markets)
        }
        found = {
            row[:7]: row[7:]
            for row in self._rows(
                "SELECT locale, business_line, month, stage, model, channel, campaign, "
                "credit, amount_local, amount_eur, amount_eur_constant FROM mart_attribution"
            )
        }
        return _differences(expected, found, _nearly_same)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(self._database, read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            return connection.execute(sql).fetchall()


def _differences(expected: Mapping[Key, Any], found: Mapping[Key, Any], same: Any = None) -> list[Difference]:
    keys: Iterable[Key] = sorted(expected.keys() | found.keys(), key=str)
    equal = same or (lambda left, right: left == right)
    return [
        (key, expected.get(key), found.get(key))
        for key in keys
        if key not in expected or key not in found or not equal(expected[key], found[key])
    ]


def _same_money(expected: tuple[Any, ...], found: tuple[Any, ...]) -> bool:
    """Exact first parts, and then pairs of (amount, currency) within one minor unit."""
    return expected[0] == found[0] and all(
        abs(Fraction(right) - left) <= Fraction(1, 10 ** get_currency_precision(currency))
        for (left, currency), (right, _) in zip(expected[1:], found[1:], strict=True)
    )


def _nearly_same(expected: tuple[Fraction, ...], found: tuple[Decimal | None, ...]) -> bool:
    credit, *money = expected
    return abs(Fraction(found[0] or 0) - credit) <= SMALLEST_CREDIT and all(
        abs(Fraction(right or 0) - left) <= 1 for left, right in zip(money, found[1:], strict=True)
    )


def day(text: str) -> date:
    """A day from its ISO form."""
    return date.fromisoformat(text)

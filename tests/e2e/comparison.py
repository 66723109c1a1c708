"""The marts beside the sandbox company's own truth, figure by figure.

Each function gives the rows in which the two differ, as (key, truth, mart); none means equal. Counts, days and money in
the booked currency must be exactly equal. Converted money may differ by one minor unit, since the marts keep rates to
twelve decimals and the truth keeps fractions.
"""

from collections import defaultdict
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from babel.numbers import get_currency_precision

from dagster_project.config import Config
from dagster_project.lib.builds import DATABASE, current_folder
from sandbox.company import truth
from sandbox.company.locales import Locale
from sandbox.company.store import Company
from tests.e2e import comparison_content, comparison_dims, comparison_people
from tests.e2e.comparison_attribution import ATTRIBUTION_MARTS, credit_by_day, credit_by_month
from tests.e2e.comparison_benchmarks import benchmark_differences
from tests.e2e.comparison_campaigns import campaign_differences
from tests.e2e.comparison_experiments import experiment_differences
from tests.e2e.comparison_kpis import KpiComparison
from tests.e2e.comparison_money import amount_differences
from tests.e2e.comparison_paths import frequent_paths, path_lengths
from tests.e2e.comparison_sales import sales_differences
from tests.e2e.comparison_signals import signal_differences
from tests.e2e.comparison_targets import QUERY as TARGETS
from tests.e2e.comparison_targets import target_differences
from tests.e2e.differences import Difference, Key, differences


class Comparison:
    """One published build beside the truth of one instant."""

    def __init__(
        self, published: Path, company: Company, now: datetime, config: Config, markets: list[Locale] | None = None
    ) -> None:
        self._database = current_folder(published) / DATABASE
        self._warehouse = published.parent / "warehouse" / "trechter.duckdb"
        self._observation = truth.Observation(company, now, markets)
        self._arguments = (company, now)
        self._markets = markets
        self._reporting = config.project.further_reporting_currencies
        self._config = config
        self._budget = {(rate.fiscal_year, rate.currency): Fraction(rate.rate) for rate in config.budget_rates}

    def differences(self) -> dict[str, list[Difference]]:
        """All differences by mart; only marts that have any."""
        found = {
            "mart_funnel_daily": self.funnel(),
            "mart_sales_daily": self.sales(),
            "mart_amounts": amount_differences(self._rows, self._observation, self._budget, self._reporting),
            "mart_funnel_cohorts": self.cohorts(),
            "mart_stage_entries": self.stage_entries(),
            **KpiComparison(truth.observe(*self._arguments, self._markets), self._budget).differences(self._rows),
            **self.attribution(),
            **self.paths(),
            **self.campaigns(),
            "bridge_deal_prospects": comparison_people.deal_prospects(self._observation, self._rows),
            "dim_prospect_aliases": comparison_people.prospect_aliases(self._observation, self._rows),
            "mart_content": self.content(),
            **self.dimensions(),
            "mart_targets": target_differences(
                truth.observe(*self._arguments, self._markets), self._budget, self._config, self._rows(TARGETS)
            ),
            **signal_differences(self._observation, self._rows, self._warehouse),
            "mart_benchmarks": benchmark_differences(
                truth.daily_kpis(*self._arguments, self._budget, self._markets), self._observation, self._rows
            ),
            "mart_experiments": experiment_differences(truth.observe(*self._arguments, self._markets), self._rows),
            **sales_differences(self._rows, truth.observe(*self._arguments, self._markets), self._budget, differences),
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
        return differences(expected, found, _same_money)

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
        return differences(expected, found, _same_money)

    def cohorts(self) -> list[Difference]:
        """Every cohort and what became of it by day 30, 90, 180 and by now."""
        columns = truth.Cohort._fields
        expected = {one[:5]: one[5:] for one in truth.cohorts(*self._arguments, self._markets)}
        found = {row[:5]: row[5:] for row in self._rows(f"SELECT {', '.join(columns)} FROM mart_funnel_cohorts")}
        return differences(expected, found)

    def stage_entries(self) -> list[Difference]:
        """How many entries there are of every locale, day, stage, cycle, and whether imputed, exited or incomplete."""
        expected: dict[Key, int] = defaultdict(int)
        for one in self._observation.counted:
            expected[
                one.locale, one.business_line, one.stage, one.entered_date, one.entered_at, one.cycle,
                one.is_imputed, one.history_source, one.history_incomplete, one.exited_at, one.exit_reason,
            ] += 1  # fmt: skip
        found = {
            row[:-1]: row[-1]
            for row in self._rows(
                "SELECT locale, business_line, stage, entered_date, epoch(entered_at)::BIGINT, cycle::INTEGER, "
                "is_imputed, history_source, history_incomplete, epoch(exited_at)::BIGINT, exit_reason, count(*) "
                "FROM mart_stage_entries JOIN mart_locales USING (locale) "
                "WHERE entered_date BETWEEN go_live_date AND as_of_date GROUP BY ALL"
            )
        }
        return differences(expected, found)

    def attribution(self) -> dict[str, list[Difference]]:
        """Credit by day in the fact, and credit and money by month in the mart."""
        credits = self._credits
        return {
            "fct_attribution": credit_by_day(credits, self._warehouse),
            **{
                mart: credit_by_month(credits, self._database, mart, dimensions)
                for mart, dimensions in ATTRIBUTION_MARTS.items()
            },
        }

    @cached_property
    def _credits(self) -> list[truth.Credit]:
        return truth.attribution(*self._arguments, self._budget, self._markets)

    def campaigns(self) -> dict[str, list[Difference]]:
        """What campaigns cost and brought, and how they are coded."""
        seen = truth.observe(*self._arguments, self._markets)
        return campaign_differences(self._rows, seen, self._credits, self._budget, differences)

    def paths(self) -> dict[str, list[Difference]]:
        """The paths to every stage, their lengths and their lags."""
        journeys = truth.journeys(*self._arguments, self._budget, self._markets)
        return {
            "mart_paths": frequent_paths(journeys, self._database),
            "mart_path_lengths": path_lengths(journeys, self._database),
        }

    def content(self) -> list[Difference]:
        """Views, entrances and credit of every page and month."""
        pages = comparison_content.expected(self._observation)
        found = comparison_content.found(self._rows(comparison_content.QUERY))
        return differences(pages, found, comparison_content.same)

    def dimensions(self) -> dict[str, list[Difference]]:
        """Accounts, campaigns, days and prospects."""
        seen = self._observation
        tables = {
            "dim_accounts": comparison_dims.accounts(seen, self._rows(comparison_dims.ACCOUNTS)),
            "dim_campaigns": comparison_dims.campaigns(seen, self._rows(comparison_dims.CAMPAIGNS)),
            "dim_calendar": comparison_dims.calendar(seen, self._rows(comparison_dims.CALENDAR)),
            "dim_prospects": comparison_dims.prospects(seen, self._rows(comparison_dims.PROSPECTS)),
        }
        return {name: differences(expected, found) for name, (expected, found) in tables.items()}

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(self._database, read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            return connection.execute(sql).fetchall()


def _same_money(expected: tuple[Any, ...], found: tuple[Any, ...]) -> bool:
    """Exact first parts, and then pairs of (amount, currency) within one minor unit."""
    return expected[0] == found[0] and all(
        abs(Fraction(right) - left) <= Fraction(1, 10 ** get_currency_precision(currency))
        for (left, currency), (right, _) in zip(expected[1:], found[1:], strict=True)
    )


def day(text: str) -> date:
    """A day from its ISO form."""
    return date.fromisoformat(text)

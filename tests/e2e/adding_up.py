"""What adds up in the published marts and what does not, by what the catalogue says of each KPI."""

from pathlib import Path
from typing import Any

import duckdb

from dagster_project.lib.builds import DATABASE, current_folder

_OF_THEIR_LEVEL = "('sales_velocity', 'visits_per_returning_user')"
"""KPIs that are made of averages or of people counted once: not even their parts add up."""

_LEVELS = {
    "is_additive_over_locales": ("business_line, period_type, period_start", "locale = 'total'"),
    "is_additive_over_business_lines": ("locale, period_type, period_start", "business_line = 'all'"),
}


class AddingUp:
    """Rows of a published build that break a rule, or keep it."""

    def __init__(self, published: Path) -> None:
        self._database = current_folder(published) / DATABASE

    def values_that_do_not(self) -> list[tuple[Any, ...]]:
        """Values of additive KPIs that are not the sum of their parts, in periods that all countries have."""
        found = []
        for column, (key, is_sum) in _LEVELS.items():
            found += self._rows(f"""
                SELECT '{column}', kpi, {key} FROM mart_kpi_period JOIN dim_kpis USING (kpi)
                WHERE {column} AND availability = 'available' GROUP BY ALL
                HAVING abs(sum(value) FILTER ({is_sum}) - sum(value) FILTER (NOT {is_sum}))
                    > CASE WHEN any_value(unit) = 'money' THEN 0.005 * count(*) ELSE 0 END""")
        return found + self._rows("""
            WITH summed AS (
                SELECT locale, business_line, kpi, date_trunc('month', date)::DATE AS period_start, sum(value) AS value,
                    count(*) AS days
                FROM mart_kpi_daily GROUP BY ALL
            )
            SELECT 'is_additive_over_days', kpi, locale, business_line, period_start
            FROM mart_kpi_period AS months JOIN summed USING (locale, business_line, kpi, period_start)
            JOIN dim_kpis USING (kpi)
            WHERE is_additive_over_days AND period_type = 'month'
                AND abs(months.value - summed.value) > CASE unit WHEN 'money' THEN 0.005 * (days + 1) ELSE 0 END""")

    def parts_that_do_not(self) -> list[tuple[Any, ...]]:
        """Numerators and denominators of quotients that are not the sum of those of their parts."""
        return [
            row
            for part in ("numerator", "denominator")
            for key, is_sum in _LEVELS.values()
            for row in self._rows(f"""
                SELECT '{part}', kpi, {key} FROM mart_kpi_period JOIN dim_kpis USING (kpi)
                WHERE denominator_measure IS NOT NULL AND kpi NOT IN {_OF_THEIR_LEVEL} AND availability = 'available'
                GROUP BY ALL HAVING abs(sum({part}) FILTER ({is_sum}) - sum({part}) FILTER (NOT {is_sum}))
                    > 0.005 * count(*)""")
        ]

    def averaged(self) -> list[tuple[Any, ...]]:
        """Quotients that are not their numerator over their denominator."""
        return self._rows("""
            SELECT kpi, locale, business_line, period_type, period_start FROM mart_kpi_period
            WHERE denominator IS NOT NULL AND availability = 'available'
                AND coalesce(
                    abs(value * denominator - numerator) > 1e-9 * greatest(denominator, 1), denominator <> 0
                )""")

    def users(self) -> tuple[int, int, int]:
        """Returning users of the last whole week in total, those of its countries added up, and those of its days."""
        [row] = self._rows("""
            WITH week AS (
                SELECT max(period_start) AS first FROM mart_kpi_period WHERE kpi = 'visits_per_returning_user'
                AND period_type = 'week' AND locale = 'total' AND business_line = 'all' AND availability = 'available'
            )
            SELECT
                sum(denominator) FILTER (locale = 'total'), sum(denominator) FILTER (locale <> 'total'),
                (SELECT sum(denominator) FROM mart_kpi_daily, week WHERE kpi = 'visits_per_returning_user'
                    AND locale = 'total' AND date BETWEEN first AND first + 6)
            FROM mart_kpi_period, week WHERE period_start = first AND period_type = 'week' AND business_line = 'all'
                AND kpi = 'visits_per_returning_user'""")
        return int(row[0]), int(row[1]), int(row[2])

    def pipeline(self) -> list[tuple[Any, ...]]:
        """Months whose pipeline is not what it was on their last day."""
        return self._rows("""
            SELECT locale, business_line, period_start, months.value, days.value FROM mart_kpi_period AS months
            JOIN mart_kpi_daily AS days USING (locale, business_line, kpi)
            WHERE kpi = 'pipeline_value' AND period_type = 'month' AND is_complete AND date = period_end
                AND months.value <> days.value""")

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(self._database, read_only=True) as connection:
            return connection.execute(sql).fetchall()

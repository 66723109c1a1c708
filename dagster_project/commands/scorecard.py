"""The table a manager looks at first: a row a country, the six head KPIs of the fiscal year to date, and the target."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from babel.numbers import format_currency, format_percent

from dagster_project.commands.output import out, print_table
from dagster_project.lib.builds import DATABASE, current_folder

_SCORECARD = """
    WITH latest AS (
        SELECT max(period_start) AS period_start FROM mart_kpi_period WHERE period_type = 'fiscal_year'
    ),
    head AS (
        SELECT kpis.* FROM mart_kpi_period AS kpis JOIN latest USING (period_start)
        WHERE kpis.period_type = 'fiscal_year' AND kpis.business_line = 'all'
    )
    SELECT
        head.locale,
        coalesce(any_value(locales.name), 'Total') AS name,
        any_value(head.period_start) AS period_start,
        max(head.as_of_date) AS as_of_date,
        max(head.value) FILTER (kpi = 'sessions')::BIGINT AS sessions,
        max(head.value) FILTER (kpi = 'first_identifiers')::BIGINT AS first_identifiers,
        max(head.value) FILTER (kpi = 'second_identifiers')::BIGINT AS second_identifiers,
        max(head.value) FILTER (kpi = 'mqls')::BIGINT AS mqls,
        max(head.value) FILTER (kpi = 'sqls')::BIGINT AS sqls,
        max(head.value) FILTER (kpi = 'sales')::BIGINT AS sales,
        max(head.value) FILTER (kpi = 'visitor_to_customer_rate') AS visitor_to_customer_rate,
        any_value(locales.currency) AS currency,
        max(head.amount_local) FILTER (kpi = 'sales_amount') AS sales_amount_local,
        max(head.amount_eur) FILTER (kpi = 'sales_amount') AS sales_amount_eur,
        max(head.target_value) FILTER (kpi = 'sales_amount') AS sales_amount_target,
        any_value(head.target_currency) FILTER (kpi = 'sales_amount') AS target_currency,
        max(head.attainment_rate) FILTER (kpi = 'sales_amount') AS attainment_rate,
        coalesce(bool_or(locales.is_stale), false) AS is_stale
    FROM head LEFT JOIN mart_locales AS locales USING (locale)
    GROUP BY head.locale
    ORDER BY head.locale = 'total', sales_amount_eur DESC NULLS LAST"""


def scorecard(published: Path) -> list[dict[str, Any]]:
    """The rows of the table, the total last: counts as whole numbers, rates as fractions, money as decimals."""
    with duckdb.connect(current_folder(published) / DATABASE, read_only=True) as connection:
        answer = connection.execute(_SCORECARD)
        names = [column[0] for column in answer.description or []]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def print_scorecard(published: Path) -> None:
    """Print the table, and where the marts are."""
    rows = scorecard(published)
    numeric = [
        "sessions",
        "1st id",
        "2nd id",
        "MQL",
        "SQL",
        "sales",
        "end to end",
        "sales, local",
        "sales, EUR",
        "year's target",
        "reached",
    ]
    print_table(
        f"Head KPIs, fiscal year to date, from {rows[0]['period_start']}" if rows else "Head KPIs",
        ["country", *numeric, "as of"],
        [_cells(row) for row in rows],
        numeric,
    )
    out.print(f"Marts: {published / 'current' / DATABASE}, and a Parquet file each beside it", soft_wrap=True)


def _cells(row: dict[str, Any]) -> list[str]:
    counts = ("sessions", "first_identifiers", "second_identifiers", "mqls", "sqls", "sales")
    return [
        row["name"],
        *(f"{row[count] or 0:,}" for count in counts),
        ""
        if row["visitor_to_customer_rate"] is None
        else format_percent(row["visitor_to_customer_rate"], "0.000%", locale="en"),
        _money(row["sales_amount_local"], row["currency"]),
        _money(row["sales_amount_eur"], "EUR"),
        _money(row["sales_amount_target"], row["target_currency"]),
        "" if row["attainment_rate"] is None else format_percent(row["attainment_rate"], "0%", locale="en"),
        f"{row['as_of_date']}{' (stale)' if row['is_stale'] else ''}",
    ]


def _money(amount: Decimal | None, currency: str | None) -> str:
    if amount is None or currency is None:
        return ""
    return format_currency(amount, currency, "¤¤ #,##0", locale="en", currency_digits=False)

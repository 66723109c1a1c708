"""The marts of the miniature company, counted by hand from its story in `people.py`."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tests.dbt.runner import rows

STAGES = "first_identifiers, second_identifiers, mqls, sqls, sales"


def test_the_funnel_of_every_locale_is_what_its_people_did(built: Path) -> None:
    found = rows(
        built,
        f"select locale, {', '.join(f'sum({stage})::int' for stage in STAGES.split(', '))}"
        " from marts.mart_funnel_daily group by locale order by locale",
    )
    assert found == [
        # Fumi through her contact, the account's deal, and Chie's mql with the stage she skipped.
        ("jp", 2, 3, 3, 2, 2),
        # Anna, Bert twice, Chie before she moved, and Dirk who is two leads.
        ("nl", 5, 4, 4, 1, 1),
        ("us", 1, 1, 1, 1, 1),
    ]


def test_days_are_those_of_the_locale_and_not_of_utc(built: Path) -> None:
    found = rows(
        built,
        "select stage, entered_date::varchar from marts.mart_stage_entries where locale = 'us'"
        " order by entered_at, stage",
    )
    assert found == [
        ("first_identifier", "2026-01-31"),
        ("second_identifier", "2026-02-05"),
        ("mql", "2026-02-09"),
        ("sql", "2026-02-09"),
        ("sale", "2026-02-19"),
    ]


def test_every_amount_stands_beside_its_native_one(built: Path) -> None:
    found = rows(
        built,
        "select locale, currency, amount, local_currency, amount_local, amount_eur, amount_eur_constant"
        " from marts.mart_sales_daily order by locale, currency",
    )
    assert [(*row[:2], *map(str, row[2:])) for row in found] == [
        ("jp", "JPY", "80000.0000", "JPY", "80000.0000", "500.0000", "480.0000"),
        ("jp", "USD", "500.0000", "JPY", "64000.0000", "400.0000", "450.0000"),
        ("nl", "EUR", "1000.1000", "EUR", "1000.1000", "1000.1000", "1000.1000"),
        ("us", "USD", "2000.0000", "USD", "2000.0000", "1600.0000", "1800.0000"),
    ]


def test_totals_and_rates_are_sums_over_sums(built: Path) -> None:
    found = rows(
        built,
        "select kpi, numerator, denominator, value from marts.mart_kpi_period where locale = 'total'"
        " and business_line = 'all' and period_type = 'fiscal_year' and kpi in ('mql_to_sql_rate', 'sales_amount')"
        " order by kpi",
    )
    assert found == [
        ("mql_to_sql_rate", 4, 8, Decimal("0.5")),
        ("sales_amount", Decimal("3500.10"), None, Decimal("3500.10")),
    ]


def test_nothing_happened_reads_zero_on_every_live_day(built: Path) -> None:
    found = rows(
        built,
        "select locale, count(*), count(distinct date), count(value)::int from marts.mart_kpi_daily"
        " where kpi = 'sales' and business_line = 'services' group by locale order by locale",
    )
    assert found == [("jp", 68, 68, 68), ("nl", 68, 68, 68), ("total", 68, 68, 68), ("us", 67, 67, 67)]


def test_credit_for_a_sale_is_shared_over_what_the_person_did(built: Path) -> None:
    found = rows(
        built,
        "select model, channel, credit, amount_eur from marts.mart_attribution where locale = 'nl' and stage = 'sale'"
        " and model in ('first_touch', 'last_touch', 'linear') order by model, channel",
    )
    assert found == [
        ("first_touch", "Email", Decimal("0.5"), Decimal("500.05")),
        ("first_touch", "Paid Search", Decimal("0.5"), Decimal("500.05")),
        ("last_touch", "Campaign: Webinar", Decimal(1), Decimal("1000.1")),
        ("linear", "Campaign: Email", Decimal("0.25"), Decimal("250.025")),
        ("linear", "Campaign: Webinar", Decimal("0.25"), Decimal("250.025")),
        ("linear", "Email", Decimal("0.25"), Decimal("250.025")),
        ("linear", "Paid Search", Decimal("0.25"), Decimal("250.025")),
    ]


def test_a_target_is_met_by_its_actual(built: Path) -> None:
    found = rows(built, "select target_id, actual_value, attainment_rate from marts.mart_targets order by target_id")
    assert found == [("T1", 2000, 1), ("T2", 9338, Decimal("0.09338"))]

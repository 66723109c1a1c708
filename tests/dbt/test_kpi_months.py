"""KPIs that are kept by month: whatever their figures, targets, remarks and availability become, they are those of a
build of everything, and nothing else is made again."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.dbt.runner import DbtProject, change, copied, rows, show_held

BUILT = (
    "run", "--select", "int_periods", "int_periods_lived", "int_periods_measured", "int_kpis_available",
    "int_measures_by_period", "int_figures_by_period", "int_targets_resolved", "int_kpi_months", "mart_kpi_daily",
    "mart_kpi_period", "mart_funnel_steps", "mart_benchmarks",
)  # fmt: skip
KEPT = (
    "intermediate.int_measures_by_period", "intermediate.int_figures_by_period",
    "marts.mart_kpi_daily", "marts.mart_kpi_period", "marts.mart_funnel_steps", "marts.mart_benchmarks",
)  # fmt: skip
MARKOV = "return_on_ad_spend_markov"


@pytest.fixture
def held(project: DbtProject, warehouse: Path) -> Path:
    """A warehouse that knows what its last build saw, with a KPI by Markov's fit among the others."""
    change(
        warehouse,
        "insert into config.kpis (kpi, unit, numerator, denominator, tier, is_from_web) values"
        f" ('{MARKOV}', 'number', 'credited_markov', 'spend', 'soft', true)",
        f"insert into config.kpi_sources (kpi, locale, source) select '{MARKOV}', locale, source"
        " from config.kpi_sources where kpi = 'sales_amount'",
        "update intermediate.int_measures_daily set spend_eur = 10, credited_markov_eur = 20",
    )
    project.run(warehouse, *BUILT)
    show_held(warehouse)
    return warehouse


def changed(warehouse: Path) -> list[tuple[str, str, str]]:
    """(Locale, type of period, first day of the month) of what the last build made again."""
    return rows(
        warehouse,
        "select locale, period_type, month::varchar from intermediate.int_kpi_months where has_changed order by all",
    )


def test_only_what_markov_credits_is_made_again_where_nothing_else_is_different(
    project: DbtProject, held: Path
) -> None:
    change(
        held,
        "update intermediate.int_measures_daily set credited_markov_eur = credited_markov_eur + 10",
        "update marts.mart_kpi_daily set denominator = -1",
    )
    assert project.run(held, *BUILT).succeeded
    assert changed(held) == []
    made = "select distinct kpi from marts.mart_kpi_daily where denominator is distinct from -1"
    assert rows(held, made) == [(MARKOV,)]
    assert rows(held, f"select distinct value::int from marts.mart_kpi_daily where kpi = '{MARKOV}'") == [(3,)]


def test_a_day_that_is_different_is_of_a_month_and_of_longer_periods_and_of_those_compared_with_them(
    project: DbtProject, held: Path
) -> None:
    change(
        held,
        "update intermediate.int_measures_daily set sessions = sessions + 1"
        " where locale = 'nl' and date = '2026-02-10'",
    )
    assert project.run(held, *BUILT).succeeded
    assert set(changed(held)) == {
        (locale, period_type, month)
        for locale in ("nl", "total")
        for period_type, month in (
            ("day", "2026-02-01"), ("week", "2026-02-01"), ("month", "2026-02-01"), ("month", "2026-03-01"),
            ("quarter", "2026-01-01"), ("fiscal_year", "2026-01-01"),
        )
    }  # fmt: skip


def test_measures_are_summed_again_for_periods_with_a_day_that_is_different_and_for_no_others(
    project: DbtProject, held: Path
) -> None:
    change(
        held,
        "update intermediate.int_measures_by_period set page_views = -1",
        "update intermediate.int_measures_daily set credited_markov_eur = credited_markov_eur + 1",
        "update intermediate.int_measures_daily set sessions = sessions + 1"
        " where locale = 'nl' and date = '2026-02-10'",
    )
    assert project.run(held, *BUILT).succeeded
    summed = "select distinct locale, first_date <= '2026-02-10' and last_date >= '2026-02-10'"
    assert rows(held, f"{summed} from intermediate.int_measures_by_period where page_views <> -1 order by all") == [
        ("nl", True),
        ("total", True),
    ]
    assert rows(held, f"{summed} from intermediate.int_measures_by_period where page_views = -1 order by all") == [
        ("jp", False), ("jp", True), ("nl", False), ("total", False), ("us", False), ("us", True),
    ]  # fmt: skip


HAPPENINGS = (
    "update intermediate.int_measures_daily set sqls = sqls + 1, first_identifiers = 2, pipeline_eur = pipeline_eur + 7"
    " where locale = '{locale}' and date = '{day}'",
    "delete from intermediate.int_measures_daily where locale = '{locale}' and date = '{day}'",
    "update marts.mart_locales set as_of_date = '{day}' where locale = '{locale}'",
    "update marts.mart_locales set provisional_from_date = '{day}' where locale = '{locale}'",
    "update marts.mart_locales set go_live_date = '{day}'::date - 40 where locale = '{locale}'",
    "update landing.windows set metadata = '{{\"sampling\": []}}' where stream = 'sessions' and scope = '{locale}'"
    " and window_start = '{day}'",
    "update config.targets set value = {number}, growth_rate = null where locale = '{locale}'",
    "update config.kpi_sources set unavailable_reason = 'not_connected: {number}'"
    " where locale = '{locale}' and kpi = (select kpi from config.kpis order by hash(kpi || {number}) limit 1)",
    "insert into landing.ga4__users_by_day values ('{day}', 20, 20, 8, '{locale}')",
    "update landing.ga4__users_by_day set new_users = new_users + 1 where _scope = '{locale}'",
    "delete from config.budget_rates where fiscal_year = (select min(fiscal_year) from config.budget_rates)",
    "insert into config.budget_rates (fiscal_year, currency, rate) values ({number}, 'EUR', 1)",
    "update config.kpis set direction = case direction when 'up' then 'down' else 'up' end",
    "update config.benchmark_settings set minimum_denominator = {number} % 20",
    "insert into config.benchmark_figures (kpi, locale, business_line, period_type, period_start, period_end, value)"
    " values ('sessions', '{locale}', 'all', 'month', date_trunc('month', date '{day}'), last_day(date '{day}'), 9)",
)


@pytest.mark.parametrize("seed", [1, 2])
def test_incremental_equals_full_refresh_whatever_is_different(
    seed: int, project: DbtProject, held: Path, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    for step in range(3):
        days = [day for (day,) in rows(held, "select distinct date::varchar from marts.mart_kpi_daily order by 1")]
        happened = [
            happening.format(
                locale=chance.choice(("nl", "jp", "us")), day=chance.choice(days), number=chance.randrange(9999)
            )
            for happening in chance.sample(HAPPENINGS, 3)
        ]
        change(held, *happened, "update intermediate.int_measures_daily set credited_markov_eur = random() * 100")
        assert project.run(held, *BUILT).succeeded
        (tmp_path / f"{step}").mkdir()
        whole = copied(held, tmp_path / f"{step}")
        show_held(whole, everything=True)
        assert project.run(whole, *BUILT, "--full-refresh").succeeded
        for table in KEPT:
            query = f"from {table} order by all"
            assert rows(held, query) == rows(whole, query), (table, happened)

"""KPIs of the miniature company at every grain: what is divided is one sum over another, and the rest adds up."""

from __future__ import annotations

import re
from pathlib import Path

from dagster_project.config.kpis import CONNECTED, MEASURES
from tests.dbt import company
from tests.dbt.runner import DbtProject, change, rows

GRAINS = {
    "locales": ("business_line, period_type, period_start", "locale = 'total'"),
    "business lines": ("locale, period_type, period_start", "business_line = 'all'"),
}


def test_the_models_measure_everything_that_a_connected_source_brings(project: DbtProject, warehouse: Path) -> None:
    project.run(warehouse, "compile", "--select", "int_kpis_by_period")
    compiled = project.target / "compiled" / "trechter" / "models" / "intermediate" / "int_kpis_by_period.sql"
    measured = set(re.findall(r"kpis\.numerator = '(\w+)'", compiled.read_text()))
    assert measured == {measure for measure, sources in MEASURES.items() if set(sources) <= CONNECTED.keys()}


def test_parts_of_every_kpi_add_up_over_locales_and_business_lines_at_every_grain(built: Path) -> None:
    for key, is_sum in GRAINS.values():
        wrong = rows(
            built,
            f"select kpi, {key} from intermediate.int_kpis_by_period group by all"
            f" having abs(sum(numerator) filter ({is_sum}) - sum(numerator) filter (not {is_sum})) > 0.02"
            f" or abs(sum(denominator) filter ({is_sum}) - sum(denominator) filter (not {is_sum})) > 0.02",
        )
        assert wrong == []


def test_parts_of_every_kpi_add_up_over_days_and_a_value_is_their_quotient(built: Path) -> None:
    wrong = rows(
        built,
        "with days as (select * from intermediate.int_kpis_by_period where period_type = 'day')"
        " select whole.kpi, whole.locale, whole.period_start from intermediate.int_kpis_by_period as whole"
        " join days on whole.kpi = days.kpi and whole.locale = days.locale and whole.business_line = days.business_line"
        " and days.period_start between whole.period_start and whole.period_end group by whole.kpi, whole.locale,"
        " whole.business_line, whole.period_type, whole.period_start, whole.numerator, whole.denominator"
        " having abs(whole.numerator - sum(days.numerator)) > 0.01 * count(*)"
        " or whole.denominator <> sum(days.denominator)",
    )
    assert wrong == []
    averaged = rows(
        built,
        "select count(*) from intermediate.int_kpis_by_period where denominator is not null and value is distinct from"
        " round(numerator / nullif(denominator, 0), 10)::decimal(38, 10)",
    )
    assert averaged == [(0,)]


def test_a_kpi_whose_source_brought_nothing_is_not_available_and_never_zero(
    project: DbtProject, warehouse: Path
) -> None:
    change(warehouse, "delete from landing.windows where source = 'salesforce' and scope = 'jp'")
    assert project.run(warehouse, "build", "--select", "int_kpis_available+", "--exclude", "test_type:data").succeeded
    found = rows(
        warehouse,
        "select distinct locale, availability, unavailable_reason, sum(value) is null from marts.mart_kpi_period"
        " where kpi = 'sales' group by locale, availability, unavailable_reason order by all",
    )
    assert found == [
        ("jp", "not_available", "nothing_landed: crm", True),
        ("nl", "available", None, False),
        ("total", "partial", "not_in: jp", False),
        ("us", "available", None, False),
    ]
    assert rows(warehouse, "select count(*) from marts.mart_kpi_daily where kpi = 'sales' and locale = 'jp'") == [(0,)]


def test_users_are_those_of_the_period_and_of_the_roll_up_and_add_up_to_nothing(
    project: DbtProject, warehouse: Path
) -> None:
    users = "insert into landing.ga4__users_by_{} values ({})"
    change(
        warehouse,
        *(
            users.format("day", f"'2026-02-0{day}', 20, 20, 8, '{scope}'")
            for day in (2, 3)
            for scope in ("nl", "total")
        ),
        users.format("week", "'2026-02-02', 30, 30, 15, 'nl'"),
        users.format("week", "'2026-02-02', 31, 30, 15, 'total'"),
        "insert into config.kpis (kpi, unit, numerator, denominator, tier, is_from_web) values"
        " ('visits_per_returning_user', 'number', 'return_visits', 'returning_users', 'soft', true)",
        *(
            "insert into config.kpi_sources (kpi, locale, source) values"
            f" ('visits_per_returning_user', '{code}', 'google_analytics')"
            for code, *_ in company.LOCALES
        ),
    )
    selected = ("build", "--select", "int_kpis_available+", "int_periods_measured+", "--exclude", "test_type:data")
    assert project.run(warehouse, *selected).succeeded
    found = rows(
        warehouse,
        "select locale, period_type, numerator::int, denominator::int, availability, unavailable_reason"
        " from marts.mart_kpi_period where kpi = 'visits_per_returning_user' and business_line = 'all'"
        " and locale in ('nl', 'total') and period_start in ('2026-02-02', '2026-02-01') order by all",
    )
    sessions = 7 * 46
    assert found == [
        ("nl", "month", None, None, "not_available", "not_counted"),
        ("nl", "week", sessions - 15, 15, "available", None),
        ("total", "month", None, None, "not_available", "not_counted"),
        ("total", "week", 3 * sessions - 15, 16, "available", None),
    ]
    daily = "select count(*) from marts.mart_kpi_daily where kpi = 'visits_per_returning_user'"
    assert rows(warehouse, f"{daily} and business_line = 'all'") == [(4,)]
    assert rows(warehouse, f"{daily} and business_line <> 'all'") == [(0,)]


def test_what_a_target_makes_likely_does_not_depend_on_the_order_its_days_are_in(
    project: DbtProject, warehouse: Path
) -> None:
    amounts = "numerator = hash(date) % 99991 * 1000 / 7.0, is_of_last_year = true"
    change(warehouse, f"update intermediate.int_target_days set {amounts}")
    days, likely = "intermediate.int_target_days", []
    for order in ("date", "hash(date)"):
        change(warehouse, f"create or replace table {days} as from {days} order by {order}")
        assert project.run(warehouse, "run", "--select", "mart_targets").succeeded
        likely.append(rows(warehouse, "select target_id, likely_value from marts.mart_targets order by all"))
    assert likely[0] == likely[1] != []

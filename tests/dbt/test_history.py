"""What was published of closed periods stays known, and what changes of it says why."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tests.dbt.people import Crm
from tests.dbt.runner import EVERYTHING, DbtProject, change, rows
from tests.dbt.test_incremental import replace_day
from tests.dbt.warehouse import declared_sources, insert

HISTORY = "from marts.mart_kpi_history order by all"
FIGURES = (
    "locale, business_line, period_type, period_start, kpi, "
    "numerator, denominator, value, amount_local, amount_eur, amount_eur_constant"
)


def publish(warehouse: Path) -> None:
    """What publication and the preparation of the next build do: this build's marts are the published ones."""
    relations = {name: columns for name, columns in declared_sources().items() if name.startswith("published.")}
    for name, columns in relations.items():
        mart = name.replace("published.", "marts.mart_")
        change(warehouse, f"delete from {name}", f"insert into {name} select {', '.join(columns)} from {mart}")
    change(warehouse, "update config.build set build_id = build_id + 1")


def land(warehouse: Path, org: Crm) -> None:
    """Rows of an org that landed after what is there."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table, landed in org.rows.items():
            insert(connection, table, [{**row, "_load_seq": 2} for row in landed])


def restatements(warehouse: Path, where: str = "true") -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """(locale, business line, month, KPI) → (before, now, reasons), of the newest build and whole months."""
    found = rows(
        warehouse,
        "select locale, business_line, strftime(period_start, '%Y-%m'), kpi, previous_value::double, value::double,"
        f" reasons from marts.mart_restatements where period_type = 'month' and {where}"
        " and restated_build_id = (select build_id from config.build)",
    )
    return {row[:4]: row[4:] for row in found}


def test_the_first_build_freezes_every_figure_of_a_closed_period_and_nothing_else(built: Path) -> None:
    closed = f"select {FIGURES} from marts.mart_kpi_period where is_complete order by all"
    assert rows(built, f"select {FIGURES} from marts.mart_kpi_history order by all") == rows(built, closed)
    periods = rows(built, "select distinct period_type, period_start from marts.mart_kpi_history where locale = 'nl'")
    assert ("month", date(2026, 2, 1)) in periods
    assert ("month", date(2026, 3, 1)) not in periods
    assert rows(built, "from marts.mart_restatements") == []


def test_a_rebuild_with_nothing_changed_adds_nothing(project: DbtProject, warehouse: Path) -> None:
    before = rows(warehouse, HISTORY)
    publish(warehouse)
    assert project.run(warehouse, *EVERYTHING).succeeded
    assert rows(warehouse, HISTORY) == before


def test_every_change_of_a_closed_period_says_why(project: DbtProject, warehouse: Path) -> None:
    publish(warehouse)
    org = Crm("global")
    # Leads of February that nobody had told us of; and Dirk, who qualified between Bert's two times, is Bert.
    org.lead("00QL", "2026-02-03 10:00", "NL", email_key="late")
    org.lead("00QM", "2026-02-04 10:00", "NL", email_key="later")
    org.lead("00QD", "2026-01-11 10:00", "NL", "Rejected", email_key="bert", system_modstamp="2026-03-01 09:00:00+00")
    land(warehouse, org)
    # Google corrects a day of January; head office corrects the dollar's budget rate.
    replace_day(warehouse, "us", date(2026, 1, 10), 2, "restated")
    change(warehouse, "update config.budget_rates set inverse_rate = 0.8 where currency = 'USD'")
    assert project.run(warehouse, *EVERYTHING).succeeded

    found = restatements(warehouse, "kpi in ('first_identifiers', 'mqls', 'sessions', 'sales_amount')")
    reasons = {key: why for key, (_, _, why) in found.items() if key[1] == "all"}
    assert reasons == {
        ("nl", "all", "2026-02", "first_identifiers"): "late_data, merge",
        ("nl", "all", "2026-02", "mqls"): "merge",
        ("us", "all", "2026-01", "sessions"): "restatement",
        ("us", "all", "2026-02", "sales_amount"): "rate_change",
        ("jp", "all", "2026-02", "sales_amount"): "rate_change",
        ("total", "all", "2026-02", "first_identifiers"): "late_data, merge",
        ("total", "all", "2026-02", "mqls"): "merge",
        ("total", "all", "2026-01", "sessions"): "restatement",
        ("total", "all", "2026-02", "sales_amount"): "rate_change",
    }
    assert found["nl", "all", "2026-02", "first_identifiers"][:2] == (1, 2)
    # A rate has the reasons of both its parts.
    rates = restatements(warehouse, "kpi = 'visitor_to_customer_rate' and locale = 'us'")
    assert {why for _, _, why in rates.values()} <= {"restatement"}


def test_what_was_published_stays_in_the_history_beside_what_replaced_it(project: DbtProject, warehouse: Path) -> None:
    before = rows(warehouse, f"select {FIGURES} from marts.mart_kpi_history order by all")
    publish(warehouse)
    replace_day(warehouse, "us", date(2026, 1, 10), 2, "restated")
    assert project.run(warehouse, *EVERYTHING).succeeded
    as_published = (
        f"select {FIGURES} from marts.mart_kpi_history where from_build_id <= {{build}}"
        " and coalesce(until_build_id > {build}, true) order by all"
    )
    assert rows(warehouse, as_published.format(build=1)) == before
    closed = f"select {FIGURES} from marts.mart_kpi_period where is_complete order by all"
    assert rows(warehouse, as_published.format(build=2)) == rows(warehouse, closed)
    replaced = (
        "select distinct until_build_id, reasons, was_provisional from marts.mart_kpi_history"
        " where until_build_id is not null"
    )
    assert rows(warehouse, replaced) == [(2, "restatement", False)]


def test_a_new_mapping_is_a_reason_and_so_is_what_landed_with_it(project: DbtProject, warehouse: Path) -> None:
    publish(warehouse)
    org = Crm("global")
    org.lead("00QL", "2026-02-03 10:00", "NL", email_key="late")
    org.lead("00QM", "2026-02-04 10:00", "NL", email_key="later")
    land(warehouse, org)
    change(
        warehouse,
        "update config.crm_stages set stage = 'open' where locale = 'nl' and source_value = 'Qualified'",
        "update config.build_hashes set content_hash = 'second' where input = 'crm_mapping' and scope = 'nl'",
    )
    assert project.run(warehouse, *EVERYTHING).succeeded
    found = {key: why for key, (_, _, why) in restatements(warehouse, "kpi in ('mqls', 'first_identifiers')").items()}
    assert found["nl", "all", "2026-01", "mqls"] == "mapping_change"
    assert found["nl", "all", "2026-02", "first_identifiers"] == "late_data, mapping_change"
    assert all(locale in ("nl", "total") for locale, *_ in found)


def test_web_days_that_are_lost_and_found_say_so(project: DbtProject, warehouse: Path) -> None:
    publish(warehouse)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create table kept as from landing.windows where scope = 'jp' and window_start = '2026-02-10'"
        )
    change(warehouse, "delete from landing.windows where scope = 'jp' and window_start = '2026-02-10'")
    project.run(warehouse, "run", "--full-refresh")
    found = restatements(warehouse, "locale = 'jp' and kpi = 'sessions' and business_line = 'all'")
    (before, now, why) = found["jp", "all", "2026-02", "sessions"]
    assert why == "restatement"
    assert now < before
    publish(warehouse)
    change(warehouse, "insert into landing.windows from kept")
    project.run(warehouse, "run", "--full-refresh")
    again = restatements(warehouse, "locale = 'jp' and kpi = 'sessions' and business_line = 'all'")
    assert again["jp", "all", "2026-02", "sessions"] == (now, before, "late_data")


def test_a_kpi_that_is_gone_is_replaced_by_nothing_and_may_come_back(project: DbtProject, warehouse: Path) -> None:
    history = (
        "select value is not null, from_build_id, until_build_id, reasons from marts.mart_kpi_history"
        " where locale = 'nl' and business_line = 'all' and period_start = '2026-02-01' and period_type = 'month'"
        " and kpi = 'sqls' order by from_build_id"
    )
    change(warehouse, "insert into marts.mart_build_inputs values (null, 'kpi', 'sqls', '', 'first')")
    publish(warehouse)
    change(
        warehouse,
        "create table kept as from config.kpis where kpi = 'sqls'",
        "delete from config.kpis where kpi = 'sqls'",
    )
    project.run(warehouse, "run", "--full-refresh")
    assert rows(warehouse, history) == [(True, 1, 2, "mapping_change"), (False, 2, None, None)]
    publish(warehouse)
    change(warehouse, "insert into config.kpis from kept")
    change(warehouse, "insert into config.build_hashes values ('kpi', 'sqls', 'first')")
    project.run(warehouse, "run", "--full-refresh")
    assert rows(warehouse, history) == [
        (True, 1, 2, "mapping_change"),
        (False, 2, 3, "mapping_change"),
        (True, 3, None, None),
    ]


def test_other_models_are_a_reason_and_what_nothing_explains_is_said_to_be_so(
    project: DbtProject, warehouse: Path
) -> None:
    publish(warehouse)
    change(
        warehouse,
        "update published.kpi_history set value = value + 1 where locale = 'nl' and kpi = 'sales'"
        " and business_line = 'all' and period_type = 'month' and period_start = '2026-02-01'",
    )
    outcome = project.run(warehouse, *EVERYTHING)
    assert outcome.succeeded
    assert outcome.failures["restatements_are_explained"] == 1
    assert {why for _, _, why in restatements(warehouse).values()} == {"unexplained"}
    change(warehouse, "insert into config.build_hashes values ('models', '', 'other')")
    assert project.run(warehouse, *EVERYTHING).succeeded
    assert {why for _, _, why in restatements(warehouse).values()} == {"model_change"}

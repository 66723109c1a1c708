"""Marts that are kept by month: a month is made again when anything of it is different, and no other is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dbt.runner import DbtProject, change, copied, rows

BUILT = (
    "run", "--select", "fct_deals", "int_cycles_entered", "int_months", "mart_stage_entries", "int_campaigns_credited",
    "mart_attribution",
)  # fmt: skip
OF_TRIPS = ("int_months", "int_leads_bought", "int_lead_speeds", "mart_velocity", "mart_funnel_cohorts")
"""What depends on whole trips through the funnel, and on how much of them the as-of date lets count."""


@pytest.fixture
def held(held: Path) -> Path:
    """A warehouse that knows what its last build saw, with nobody to work on again."""
    change(held, "delete from intermediate.int_prospects_changed")
    return held


def changed(warehouse: Path) -> list[tuple[str, str]]:
    """(locale, first day) of the months that the last build made again."""
    months = "select distinct locale, month::varchar from intermediate.int_months where has_changed order by all"
    return rows(warehouse, months)


def test_a_build_of_nothing_new_makes_no_month_again(project: DbtProject, held: Path) -> None:
    assert project.run(held, *BUILT).succeeded
    assert changed(held) == []


@pytest.mark.parametrize(
    ("table", "order"),
    [
        ("marts.mart_attribution", "(model = 'markov', month)"),
        ("marts.mart_attribution_content", "(model = 'markov', month)"),
        ("marts.mart_lead_quality", "(model = 'markov', month)"),
        ("marts.mart_campaigns", "(model = 'markov', month)"),
        ("marts.mart_kpi_daily", "date"),
        ("marts.mart_kpi_period", "period_start"),
        ("marts.mart_stage_entries", "entered_date"),
        ("facts.fct_touch_credits", "entered_date"),
        ("intermediate.int_leads_bought", "entered_date"),
    ],
)
def test_what_is_made_again_together_lies_together_after_a_build_of_everything(
    held: Path, table: str, order: str
) -> None:
    placed = f"select {order} as place, lag({order}) over (order by rowid) as place_before from {table}"
    assert rows(held, f"select count(*) > 1, count(*) filter (place < place_before) from ({placed})") == [(True, 0)]


def test_a_month_is_made_again_when_an_entry_of_it_is_different_and_no_other_is(
    project: DbtProject, held: Path
) -> None:
    locale, month = rows(
        held,
        "select locale, date_trunc('month', entered_date)::date::varchar from marts.mart_stage_entries"
        " group by all order by count(*) desc, 1, 2 limit 1",
    )[0]
    change(
        held,
        "update marts.mart_stage_entries set exit_reason = 'as it was'",
        f"update facts.fct_stage_entries set exit_reason = 'other', row_hash = hash(row_hash) where locale = '{locale}'"
        f" and date_trunc('month', entered_date) = date '{month}'",
    )
    assert project.run(held, *BUILT).succeeded
    assert changed(held) == [(locale, month)]
    made = "select distinct locale, date_trunc('month', entered_date)::date::varchar from marts.mart_stage_entries"
    assert rows(held, f"{made} where exit_reason = 'other'") == [(locale, month)]
    assert rows(held, f"{made} where exit_reason = 'as it was'") != []


def test_a_month_is_not_made_again_where_nothing_counts_what_is_different(project: DbtProject, held: Path) -> None:
    change(
        held,
        "update marts.mart_attribution set channel = channel || ', as it was'",
        "update facts.fct_stage_entries set exit_reason = 'other', row_hash = hash(row_hash)",
    )
    assert project.run(held, *BUILT).succeeded
    assert changed(held) != []
    made = "select distinct model from marts.mart_attribution where channel not like '%, as it was'"
    assert rows(held, made) == [("markov",)]


def test_a_month_is_made_again_when_the_as_of_date_moves_through_it(project: DbtProject, held: Path) -> None:
    locale, last = rows(
        held, "select locale, max(entered_date)::varchar from marts.mart_stage_entries group by all order by all"
    )[0]
    change(held, f"update marts.mart_locales set as_of_date = date '{last}' - 1 where locale = '{locale}'")
    assert project.run(held, *BUILT).succeeded
    # Later months have no days to show any more.
    assert changed(held)[0] == (locale, f"{last[:8]}01")
    assert {market for market, _ in changed(held)} == {locale}
    assert rows(held, f"select count(*) from marts.mart_stage_entries where entered_date = '{last}'"
                      f" and locale = '{locale}'") == [(0,)]  # fmt: skip


def test_a_month_that_has_lost_everything_goes(project: DbtProject, held: Path) -> None:
    locale, first = rows(
        held, "select locale, min(month)::varchar from intermediate.int_months group by all order by all"
    )[0]
    change(
        held,
        f"update marts.mart_locales set go_live_date = date '{first}' + interval 1 month where locale = '{locale}'",
    )
    assert project.run(held, *BUILT).succeeded
    assert changed(held) == [(locale, first)]
    assert rows(
        held, f"select count(*) from marts.mart_attribution where locale = '{locale}' and month = '{first}'"
    ) == [(0,)]


def test_a_campaign_that_is_read_otherwise_has_its_months_made_again_and_no_others(
    project: DbtProject, held: Path
) -> None:
    change(
        held,
        "update marts.mart_campaigns set sessions = -1",
        "update landing.salesforce__campaign set name = 'Gazette' where name = 'Newsletter'",
    )
    assert project.run(
        held, "run", "--select", "stg_salesforce__campaigns", "dim_campaigns", "int_campaigns_named", "int_months",
        "int_campaigns_counted", "mart_campaigns",
    ).succeeded  # fmt: skip
    made = "select distinct locale, month::varchar from marts.mart_campaigns where sessions <> -1 and model <> 'markov'"
    assert rows(held, f"{made} order by all") == [("nl", "2026-01-01"), ("nl", "2026-02-01")]


def test_a_cohort_is_made_again_when_a_member_of_it_is_different_in_any_month(project: DbtProject, held: Path) -> None:
    who, when = rows(
        held,
        "select prospect_id, list_sort(list(distinct date_trunc('month', entered_date)::date::varchar)) as months"
        " from marts.mart_stage_entries group by prospect_id order by len(months) desc, prospect_id limit 1",
    )[0]
    assert len(when) > 1
    change(
        held,
        "update marts.mart_funnel_cohorts set entered = -1",
        "update marts.mart_velocity set entries = -1",
        f"update facts.fct_stage_entries set cycle_hash = hash(cycle_hash) where prospect_id = '{who}'",
    )
    assert project.run(held, "run", "--select", *OF_TRIPS).succeeded
    made = "select distinct {}::varchar from marts.{} where {} <> -1 order by all"
    assert rows(held, made.format("cohort_month", "mart_funnel_cohorts", "entered")) == [(month,) for month in when]
    reached = rows(
        held, f"select distinct month::varchar from marts.mart_velocity where month::varchar in {tuple(when)}"
    )
    assert rows(held, made.format("month", "mart_velocity", "entries")) == sorted(reached) != []


def test_what_came_after_the_as_of_date_counts_when_that_has_moved_as_in_a_build_of_everything(
    project: DbtProject, held: Path, tmp_path: Path
) -> None:
    last = "(select max(entered_date) from facts.fct_stage_entries)"
    for number, days in enumerate((40, 25, 12, 3, 0)):
        change(held, f"update marts.mart_locales set as_of_date = {last} - {days}")
        assert project.run(held, "run", "--select", *OF_TRIPS).succeeded
        (tmp_path / f"{number}").mkdir()
        whole = copied(held, tmp_path / f"{number}")
        assert project.run(whole, "run", "--full-refresh", "--select", *OF_TRIPS[1:]).succeeded
        for table in ("marts.mart_funnel_cohorts", "marts.mart_velocity", "intermediate.int_leads_bought"):
            query = f"from {table} order by all"
            assert rows(held, query) == rows(whole, query), (table, days)
    assert rows(held, "select count(*) > 0 from marts.mart_funnel_cohorts where reached > 0") == [(True,)]

"""The project's own checks go off when they should, and name what is wrong."""

from __future__ import annotations

from pathlib import Path

from tests.dbt.runner import EVERYTHING, PRODUCTION, DbtProject, change, rows


def test_a_deal_without_a_rate_fails_the_build(project: DbtProject, warehouse: Path) -> None:
    """FX-09."""
    change(warehouse, "delete from landing.ecb__rates where currency = 'USD' and rate_date > '2026-02-08'")
    outcome = project.run(warehouse, *PRODUCTION)
    assert not outcome.succeeded
    # Fumi's and Ursula's dollars of 19 and 20 February; no amount took their place. And two deals of other markets of
    # days on which nobody knows what they would be worth in dollars, which a customer won by that market would need.
    assert outcome.failures["deals_have_exchange_rates"] == 4
    assert rows(warehouse, "select distinct amount_eur from facts.fct_deals where currency = 'USD'") == [(None,)]


def test_an_unmapped_status_is_kept_counted_and_reported(project: DbtProject, warehouse: Path) -> None:
    change(warehouse, "delete from config.crm_stages where locale = 'nl' and source_value in ('Qualified', 'Won')")
    # What statuses mean shapes history: such a change is never built on what there was.
    outcome = project.run(warehouse, *EVERYTHING)
    assert outcome.succeeded
    assert outcome.unhappy == {"stages_are_mapped": "warn"}
    assert outcome.failures["stages_are_mapped"] == 2


def test_a_market_that_no_locale_claims_is_reported_unless_head_office_knows_of_it(
    project: DbtProject, warehouse: Path
) -> None:
    check = (*PRODUCTION, "--select", "locale_values_are_known")
    assert project.run(warehouse, *check).unhappy == {}
    change(warehouse, "update landing.salesforce__lead set locale_value = null where email_key = 'bert'")
    assert project.run(warehouse, *check).failures["locale_values_are_known"] == 1, "one of the few is much"
    change(
        warehouse,
        "insert into landing.salesforce__lead by name select lead.* replace ('L' || n as id, 'NL' as locale_value) "
        "from landing.salesforce__lead as lead, range(200) as numbers (n) where email_key = 'bert'",
    )
    assert project.run(warehouse, *check).unhappy == {}, "and one in a hundred is not"
    change(warehouse, "delete from config.crm_unreported_values")
    outcome = project.run(warehouse, *check)
    assert outcome.succeeded
    assert outcome.unhappy == {"locale_values_are_known": "warn"}


def test_a_field_that_nothing_is_noted_in_is_reported(project: DbtProject, warehouse: Path) -> None:
    change(
        warehouse,
        "insert into config.crm_stage_dates values ('nl', 'mql', 'MQL_Dtae__c'), ('us', 'mql', 'MQL_Date__c')",
        "update landing.salesforce__lead set mql_at = '2026-02-09 10:00:00+00' where _connection = 'americas'",
        "update landing.salesforce__lead set _scope = 'us' where _connection = 'americas'",
    )
    outcome = project.run(warehouse, *PRODUCTION)
    assert outcome.succeeded
    assert outcome.unhappy == {"stage_dates_are_filled": "warn"}
    assert outcome.failures["stage_dates_are_filled"] == 1
    noted = "select stage, entered_at::varchar, history_source from marts.mart_stage_entries where locale = 'us'"
    assert ("mql", "2026-02-09 10:00:00+00", "datetime_field") in rows(warehouse, noted)


def test_a_missing_web_day_makes_one_locale_stale_and_blocks_nobody(project: DbtProject, held: Path) -> None:
    change(
        held,
        "delete from landing.windows where scope = 'nl' and window_start = '2026-03-02'",
        "delete from landing.ga4__sessions where _scope = 'nl' and date = '2026-03-02'",
    )
    outcome = project.run(held, *PRODUCTION)
    assert outcome.succeeded
    assert outcome.failures["web_days_are_contiguous"] == 1
    assert rows(held, "select locale, as_of_date::varchar from marts.mart_locales where is_stale") == [
        ("nl", "2026-03-01")
    ]
    last_day = "select locale, max(date)::varchar from marts.mart_kpi_daily where locale <> 'total' group by 1"
    assert sorted(rows(held, last_day)) == [("jp", "2026-03-09"), ("nl", "2026-03-01"), ("us", "2026-03-08")]


def test_rows_that_the_manifest_does_not_count_fail_the_build(project: DbtProject, warehouse: Path) -> None:
    change(
        warehouse,
        "update landing.windows set rows = 5, content_hash = 'other'"
        " where scope = 'us' and window_start = '2026-03-02'",
    )
    outcome = project.run(warehouse, *PRODUCTION)
    assert outcome.failures["landed_sessions_are_all_counted"] == 1
    assert not outcome.succeeded


def test_a_target_that_matches_no_actuals_fails_the_build(project: DbtProject, warehouse: Path) -> None:
    change(
        warehouse,
        "insert into config.targets by name select * replace ('T3' as target_id, 'atlantis' as locale)"
        " from config.targets where target_id = 'T1'",
        "insert into config.targets by name select * replace ('T4' as target_id, date '2026-12-01' as period_start)"
        " from config.targets where target_id = 'T1'",
    )
    outcome = project.run(warehouse, *PRODUCTION)
    assert outcome.failures["targets_meet_actuals"] == 1
    assert not outcome.succeeded


def test_a_loop_of_merges_fails_the_build(project: DbtProject, warehouse: Path) -> None:
    change(
        warehouse,
        "update landing.salesforce__lead set is_deleted = true, master_record_id = '00QE00000000000000'"
        " where id = '00QD00000000000000'",
    )
    outcome = project.run(warehouse, *PRODUCTION)
    assert outcome.failures["merges_do_not_loop"] == 1
    assert not outcome.succeeded


def test_numbers_do_not_depend_on_when_or_how_often_they_are_built(project: DbtProject, warehouse: Path) -> None:
    marts = ("mart_funnel_daily", "mart_kpi_period", "mart_attribution", "mart_stage_entries")
    before = [rows(warehouse, f"from marts.{mart} order by all") for mart in marts]
    assert project.run(warehouse, *PRODUCTION).succeeded
    assert [rows(warehouse, f"from marts.{mart} order by all") for mart in marts] == before


def test_a_target_far_beyond_the_last_year_is_reported_with_the_figures(project: DbtProject, warehouse: Path) -> None:
    change(warehouse, "update config.targets set value = 1000000 where target_id = 'T2'")
    outcome = project.run(warehouse, *PRODUCTION)
    assert outcome.succeeded
    assert outcome.failures["targets_are_likely"] == 1
    assert outcome.unhappy["targets_are_likely"] == "warn"
    found = rows(warehouse, "select target_id, likely_value > 40000 from marts.mart_targets where is_unlikely")
    assert found == [("T2", True)]


def test_a_relative_target_without_a_last_year_fails_the_build(project: DbtProject, warehouse: Path) -> None:
    change(warehouse, "update config.targets set value = null, kind = 'relative', growth_rate = 0.1")
    outcome = project.run(warehouse, *PRODUCTION)
    assert outcome.failures["targets_meet_actuals"] == 2
    assert not outcome.succeeded

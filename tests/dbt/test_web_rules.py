"""What countries' own rules, restated pages and links tagged in strange words do to the web's facts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.dbt.runner import DbtProject, change, rows

SESSIONS = ("run", "--select", "int_web_days_changed", "fct_web_sessions")
CONTENT = ("run", "--select", "int_web_days_changed", "fct_content")


def test_a_countrys_new_channel_rule_makes_its_own_days_again_and_no_others(project: DbtProject, held: Path) -> None:
    change(
        held,
        "update facts.fct_web_sessions set engaged_sessions = -1",
        "insert into config.channel_rules values ('nl', 1, null, null, 'campaign-2', 'Affiliates')",
    )
    assert project.run(held, *SESSIONS).succeeded
    written = "select distinct locale from facts.fct_web_sessions where engaged_sessions <> -1"
    assert rows(held, written) == [("nl",)]
    assert rows(
        held,
        "select distinct locale, campaign, channel, ga4_channel from facts.fct_web_sessions"
        " where campaign in ('campaign-1', 'campaign-2') order by all",
    ) == [
        ("jp", "campaign-1", "Organic Search", "Organic Search"),
        ("jp", "campaign-2", "Organic Search", "Organic Search"),
        ("nl", "campaign-1", "Organic Search", "Organic Search"),
        ("nl", "campaign-2", "Affiliates", "Organic Search"),
        ("us", "campaign-1", "Organic Search", "Organic Search"),
        ("us", "campaign-2", "Organic Search", "Organic Search"),
    ]


def test_links_tagged_in_words_no_rule_knows_are_kept_and_reported(project: DbtProject, held: Path) -> None:
    change(
        held,
        "update landing.ga4__sessions set session_source = 'Trade fair', session_medium = 'badge',"
        " session_default_channel_group = 'Unassigned'"
        " where _scope = 'nl' and date = '2026-03-01' and session_campaign_name = 'campaign-1'",
        "update landing.windows set content_hash = 'mended' where stream = 'sessions' and scope = 'nl'",
    )
    assert project.run(held, *SESSIONS).succeeded
    outcome = project.run(held, "test", "--select", "channels_are_mapped")
    assert outcome.statuses["channels_are_mapped"] == "warn"
    assert outcome.failures["channels_are_mapped"] == 1
    assert rows(held, "select channel, sessions from facts.fct_web_sessions where source_served = 'Trade fair'") == [
        ("unmapped", 11)
    ]


def test_nothing_at_all_is_not_the_same_as_not_set(project: DbtProject, held: Path) -> None:
    change(
        held,
        "update landing.ga4__sessions set session_source = '', session_medium = null where date = '2026-03-01'",
        "update landing.ga4__sessions set session_source = '(not set)', session_medium = '(not set)'"
        " where date = '2026-03-02'",
        "update landing.windows set content_hash = content_hash || ' again' where stream = 'sessions'",
    )
    assert project.run(held, *SESSIONS).succeeded
    channels = (
        "select distinct session_date::varchar, channel from facts.fct_web_sessions"
        " where session_date in ('2026-03-01', '2026-03-02') order by all"
    )
    assert rows(held, channels) == [("2026-03-01", "(empty)"), ("2026-03-02", "(not set)")]


def test_a_restated_day_of_pages_is_replaced_and_no_other_is_written(project: DbtProject, held: Path) -> None:
    change(
        held,
        "update facts.fct_content set engagement_seconds = -1",
        "delete from landing.ga4__content where _scope = 'nl' and date = '2026-03-08' and page_path = '/contact'",
        "update landing.windows set content_hash = 'restated'"
        " where stream = 'content' and scope = 'nl' and window_start = '2026-03-08'",
        "delete from landing.windows where stream = 'content' and scope = 'jp' and window_start = '2026-03-08'",
    )
    assert project.run(held, *CONTENT).succeeded
    written = (
        "select locale, content_date, page_path, business_line from facts.fct_content where engagement_seconds <> -1"
    )
    assert rows(held, written) == [("nl", date(2026, 3, 8), "/sensors/probe", "sensors")]
    assert rows(held, "from facts.fct_content where locale = 'jp' and content_date = '2026-03-08'") == []


def test_accounts_that_are_each_others_parents_are_named_once_with_the_whole_way_round(
    project: DbtProject, warehouse: Path
) -> None:
    change(
        warehouse,
        "insert into landing.salesforce__account by name select id, false as is_deleted,"
        " timestamptz '2026-01-01 00:00:00+00' as system_modstamp, parent_id, 'global' as _connection, 1 as _load_seq"
        " from (values ('001A', '001C'), ('001B', '001A'), ('001C', '001B'), ('001D', '001C')) as a (id, parent_id)",
    )
    accounts = ("stg_salesforce__accounts", "dim_accounts", "account_hierarchies_do_not_loop")
    outcome = project.run(warehouse, "build", "--exclude-resource-type", "unit_test", "--select", *accounts)
    assert outcome.failures["account_hierarchies_do_not_loop"] == 1
    assert rows(
        warehouse, "select group_account_id, has_loop from marts.dim_accounts where account_id = '001D@global'"
    ) == [("001D@global", True)]

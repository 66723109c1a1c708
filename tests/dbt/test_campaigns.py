"""How campaigns are read, coded and paid for in the miniature company."""

from __future__ import annotations

from pathlib import Path

from tests.dbt.runner import DbtProject, change, rows

SESSIONS = ("run", "--select", "int_web_days_changed", "fct_web_sessions")
COMPLIANCE = (
    "select locale, channel, codable_sessions, coded_sessions, codable_spend_eur, coded_spend_eur"
    " from marts.mart_campaign_coding where month = '2026-02-01' order by all"
)


def test_spend_that_needs_a_code_is_told_from_spend_that_has_one(built: Path) -> None:
    by_market = rows(built, COMPLIANCE)
    assert [row[:4] for row in by_market if row[0] == "jp"] == [
        ("jp", "Paid Search", 0, 0),
        ("jp", "Paid Social", 0, 0),
    ]
    assert [tuple(map(float, row[4:])) for row in by_market if row[0] == "jp"] == [(0.08, 0.08), (0.04, 0.0)]
    offenders = "select distinct campaign, problem, problem_part from marts.mart_uncoded_campaigns"
    assert rows(built, offenders) == [("spring sale", "malformed", "market")]


def test_another_grammar_makes_the_web_days_again(project: DbtProject, held: Path) -> None:
    change(
        held,
        "update facts.fct_web_sessions set engaged_sessions = -1",
        "update config.campaign_code_parts set pattern = '(CAMPAIGN-[0-9])', is_listed = false where part = 'code'",
        "insert into config.coded_channels values ('Organic Search')",
    )
    assert project.run(held, *SESSIONS).succeeded
    read = "select distinct engaged_sessions = -1, campaign_served, campaign, is_coded from facts.fct_web_sessions"
    assert sorted(rows(held, read)) == [
        (False, f"campaign-{number}", f"CAMPAIGN-{number}", True) for number in range(4)
    ]


def test_what_is_exempt_needs_no_code(project: DbtProject, held: Path) -> None:
    change(
        held,
        "insert into config.coded_channels values ('Organic Search')",
        "insert into config.campaign_coding_exemptions values ('google', null, 'campaign-1')",
    )
    assert project.run(held, *SESSIONS).succeeded
    read = "select distinct campaign, is_coded from facts.fct_web_sessions order by all"
    assert rows(held, read) == [
        ("campaign-0", False), ("campaign-1", None), ("campaign-2", False), ("campaign-3", False),
    ]  # fmt: skip


def test_every_spelling_of_a_tag_is_one_and_what_was_served_is_kept(project: DbtProject, held: Path) -> None:
    change(
        held,
        "update landing.ga4__sessions set session_source = 'Google%20', session_campaign_name = 'Spring+Sale'"
        " where _scope = 'nl' and date = '2026-03-01' and session_campaign_name = 'campaign-1'",
        "update landing.windows set content_hash = 'respelled' where stream = 'sessions' and scope = 'nl'",
    )
    assert project.run(held, *SESSIONS).succeeded
    read = (
        "select distinct traffic_source, source_served, campaign, campaign_served, channel"
        " from facts.fct_web_sessions where campaign_served like 'Spring%'"
    )
    assert rows(held, read) == [("google", "Google%20", "spring sale", "Spring+Sale", "Organic Search")]


def test_spend_without_a_rate_fails_the_build_and_is_no_other_amount(project: DbtProject, warehouse: Path) -> None:
    change(warehouse, "delete from landing.ecb__rates where currency = 'JPY' and rate_date > '2026-02-08'")
    outcome = project.run(warehouse, "build", "--exclude-resource-type", "unit_test", "--select", "stg_ecb__rates+")
    assert outcome.failures["spend_has_exchange_rates"] == 1
    read = "select distinct amount_eur from facts.fct_ads where locale = 'jp' and date = '2026-03-09'"
    assert rows(warehouse, read) == [(None,)]

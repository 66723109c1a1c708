"""Users by day, week, month and quarter: whole periods that have ended, replaced whole while they may change."""

from datetime import date
from decimal import Decimal

import pytest

from connectors.ga4.due import due_days
from connectors.ga4.streams import ADS, SESSIONS, STREAMS, USERS, GA4Stream
from connectors.specs import LocaleSpec
from connectors.windows import days_between
from sandbox.company.locales import ROLLUP
from sandbox.faults import Action, Restate
from tests.connectors.ga4.world import NL, World, morning
from tests.sandbox.vendor_miniature import PROPERTY

BY_DAY, BY_WEEK, BY_MONTH, BY_QUARTER = USERS
JUNE = days_between(date(2026, 6, 1), date(2026, 6, 30))
ALL_FINAL = morning(date(2026, 7, 10))
TOTAL = LocaleSpec("total", ROLLUP.time_zone, ROLLUP.currency, ROLLUP.property_id, "", ())


def users(world: World, stream: GA4Stream, locale: LocaleSpec = NL) -> dict[date, int]:
    rows = world.landing.read(stream.dataset, locale.code).to_pylist()
    assert len({row["period_start"] for row in rows}) == len(rows)
    return {row["period_start"]: row["total_users"] for row in rows}


def states(world: World, stream: GA4Stream) -> dict[str | None, str]:
    return {window.start: window.state for window in world.landing.windows("ga4", stream.name, "nl")}


def test_users_land_at_every_grain_as_the_property_counts_them(world: World) -> None:
    """GA-20: a week has fewer users than its days together, and more than any of them."""
    world.go_to(ALL_FINAL)
    world.refresh(NL, JUNE)
    assert world.wrong_reports(NL, JUNE) == []
    by_day, by_week = users(world, BY_DAY), users(world, BY_WEEK)
    week = days_between(date(2026, 6, 8), date(2026, 6, 14))
    assert max(by_day[day] for day in week) < by_week[week[0]] < sum(by_day[day] for day in week)
    assert max(by_week.values()) < users(world, BY_MONTH)[date(2026, 6, 1)] < sum(by_day.values())
    # The company is there since June only, and so is its second quarter.
    assert users(world, BY_QUARTER) == {date(2026, 4, 1): users(world, BY_MONTH)[date(2026, 6, 1)]}


def test_a_period_that_has_not_ended_is_not_taken(world: World) -> None:
    """GA-37, for weeks, months and quarters."""
    world.refresh(NL, days_between(date(2026, 6, 1), date(2026, 7, 31)))
    assert max(users(world, BY_WEEK)) == date(2026, 6, 22)
    assert (max(users(world, BY_MONTH)), max(users(world, BY_QUARTER))) == (date(2026, 6, 1), date(2026, 4, 1))
    world.go_to(morning(date(2026, 7, 6)))
    world.refresh(NL, days_between(date(2026, 6, 1), date(2026, 7, 31)))
    assert max(users(world, BY_WEEK)) == date(2026, 6, 29)
    assert max(users(world, BY_MONTH)) == date(2026, 6, 1)


def test_a_period_stays_provisional_until_its_last_day_is_final(world: World) -> None:
    """GA-12."""
    world.refresh(NL, JUNE)
    assert states(world, BY_WEEK)["2026-06-15"] == "final"
    assert states(world, BY_WEEK)["2026-06-22"] == states(world, BY_MONTH)["2026-06-01"] == "provisional"
    young = users(world, BY_QUARTER)
    for day in (2, 3, 4):
        world.go_to(morning(date(2026, 7, day)))
        world.refresh(NL, JUNE)
    assert {
        states(world, stream)[start] for stream, start in ((BY_MONTH, "2026-06-01"), (BY_QUARTER, "2026-04-01"))
    } == {"final"}
    assert users(world, BY_QUARTER)[date(2026, 4, 1)] > young[date(2026, 4, 1)]
    assert world.wrong_reports(NL, JUNE) == []


def test_a_day_without_restatements_asks_for_no_period_again(world: World) -> None:
    world.go_to(ALL_FINAL)
    world.refresh(NL, JUNE)
    before = world.meter()["requests"]
    assert world.refresh(NL, JUNE).days == 0
    assert world.meter()["requests"] == before


def test_a_backfill_of_a_day_fetches_the_periods_it_is_in_again(world: World) -> None:
    world.go_to(ALL_FINAL)
    world.refresh(NL, JUNE)
    summary = world.refresh(NL, (date(2026, 6, 10),), only_due=False)
    assert {stream.stream: stream.days for stream in summary.streams} == {stream.name: 1 for stream in STREAMS}
    assert not summary.changed


def test_a_due_period_is_named_by_its_last_wanted_day(world: World) -> None:
    """So that whoever asks month by month asks for a month that is there, also of a market that has closed."""
    due = due_days(world.landing, NL, days_between(date(2026, 6, 1), date(2026, 6, 12)), world.now(), USERS)
    assert due["users_by_week"] == (date(2026, 6, 7), date(2026, 6, 12))
    assert due["users_by_month"] == due["users_by_quarter"] == (date(2026, 6, 12),)


def test_a_run_of_weeks_that_is_sampled_is_asked_for_week_by_week(world: World) -> None:
    """GA-17: and what cannot be divided lands with the remark."""
    world.go_to(ALL_FINAL)
    world.fault(Action(sampled=40), verb="RunReport", above_days=7, times=0)
    world.refresh(NL, JUNE, streams=USERS)
    assert not {"users_by_day", "users_by_week"} & set(world.wrong_reports(NL, JUNE))
    remarks = [window.metadata for window in world.landing.windows("ga4", "users_by_month", "nl")]
    assert "sampling" in remarks[0]


def test_the_requests_of_a_year_are_few(world: World) -> None:
    """GA-01, GA-06: what has few rows is asked for by the year."""
    world.go_to(ALL_FINAL)
    year = days_between(date(2026, 1, 1), date(2026, 6, 30))
    calls = {stream.stream: stream.api_calls for stream in world.refresh(NL, year).streams}
    assert calls["users_by_quarter"] == 3  # January to March is empty, which is asked twice
    assert calls["users_by_week"] == 3  # so is the week in which the year began, which began in the year before
    assert {calls[name] for name in ("users_by_day", "users_by_month", "ads", "key_events")} == {1}


def test_what_advertisements_cost_lands_to_the_cent(world: World) -> None:
    """GA-26, GA-29: in the property's own currency, as exact decimals."""
    world.go_to(ALL_FINAL)
    world.refresh(NL, JUNE)
    landed = world.landing.read(ADS.dataset, "nl")["advertiser_ad_cost"].to_pylist()
    source = [row["advertiserAdCost"] for row in world.company.ga4_ads(PROPERTY).to_pylist() if row["date"] in JUNE]
    assert sorted(landed) == sorted(Decimal(cost) / 1_000_000 for cost in source)
    assert all(cost == round(cost, 2) for cost in landed)


def test_a_roll_up_property_gives_the_users_of_all_and_nothing_else(world: World) -> None:
    """GA-20: users of countries do not add up to users of the company."""
    world.go_to(ALL_FINAL)
    summary = world.refresh(TOTAL, JUNE, streams=USERS)
    assert [stream.stream for stream in summary.streams] == [stream.name for stream in USERS]
    assert users(world, BY_MONTH, TOTAL).keys() == {date(2026, 6, 1)}
    assert not world.landing.windows("ga4", SESSIONS.name, "total")


@pytest.mark.parametrize("day", ["2026-06-30", "2026-06-24"])
def test_a_restated_day_changes_its_periods_whole(world: World, day: str) -> None:
    """GA-12, GA-13: one row a period, before and after."""
    world.refresh(NL, JUNE)
    before = {stream.name: users(world, stream) for stream in USERS}
    world.fault(Action(restate_day=Restate(day, percent=300)), property=PROPERTY, times=0)
    world.go_to(morning(date(2026, 7, 2)))
    world.refresh(NL, JUNE)
    after = {stream.name: users(world, stream) for stream in USERS}
    assert after["users_by_month"][date(2026, 6, 1)] > before["users_by_month"][date(2026, 6, 1)]
    assert after["users_by_quarter"][date(2026, 4, 1)] > before["users_by_quarter"][date(2026, 4, 1)]
    assert {name: len(rows) for name, rows in after.items()} == {name: len(rows) for name, rows in before.items()}

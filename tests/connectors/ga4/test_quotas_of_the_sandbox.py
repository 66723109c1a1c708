"""The sandbox's meters, as strict as Google's: never above nine tenths, every request made once, none in vain."""

from datetime import date, datetime, timedelta

import pytest

from connectors.errors import QuotaExhausted, SourceUnavailable
from connectors.ga4.streams import SESSIONS, TOUCHPOINTS
from connectors.specs import GA4Quota
from connectors.windows import days_between
from sandbox.faults import Action
from sandbox.vendors.cast import Settings
from sandbox.vendors.ga4.quota import QuotaLimits
from tests.connectors.ga4.conftest import StartWorld
from tests.connectors.ga4.world import DAYS, FIRST, US, World, morning
from tests.sandbox.vendor_miniature import TODAY

YEAR = days_between(date(2025, 6, 1), date(2026, 5, 31))


def peaks(world: World) -> list[int]:
    return [value for meter in (world.meter(),) for name, value in meter.items() if name.startswith("peak_percent_")]


def test_a_backfill_beyond_the_days_quota_takes_several_days_and_asks_for_nothing_twice(
    start_world: StartWorld,
) -> None:
    """GA-01."""
    world = start_world(Settings(ga4_limits=QuotaLimits(tokens_per_day=45)))
    quota = GA4Quota(45, 40_000, 14_000)
    days = days_between(date(2026, 1, 1), DAYS[-1])
    stops: list[datetime] = []
    while len(stops) < 4 and len(world.landed_days()) + len(world.landed_days(TOUCHPOINTS)) < 2 * len(days):
        try:
            world.refresh(days=days, quota=quota, workers=1)
        except QuotaExhausted as error:
            stops.append(error.resume_at)
            world.go_to(error.resume_at)
    assert stops == [morning(TODAY) + timedelta(hours=1, days=number) for number in range(len(stops))]
    assert len(stops) >= 1
    assert not world.slept
    assert world.landed() == world.truth()
    assert max(peaks(world)) <= 90


def test_a_backfill_beyond_the_hours_quota_waits_and_is_done_by_one_run(start_world: StartWorld) -> None:
    """GA-02."""
    world = start_world(Settings(ga4_limits=QuotaLimits(tokens_per_project_per_hour=40)))
    world.refresh(days=YEAR + DAYS, quota=GA4Quota(200_000, 40_000, 40))
    assert world.landed() == world.truth()
    assert set(world.slept) == {3600.0}
    assert max(peaks(world)) <= 90


def test_others_who_use_up_the_property_are_made_room_for(world: World) -> None:
    """GA-06."""
    world.fault(Action(drain_tokens=12_550), verb="RunReport", nth=2)
    world.refresh(days=YEAR + DAYS)
    assert world.landed() == world.truth()
    assert world.slept == [3600]
    assert max(peaks(world)) <= 90


def test_a_day_quota_used_up_by_others_stops_the_run_after_one_request(world: World) -> None:
    """GA-06, GA-01."""
    world.go_to(morning(TODAY) + timedelta(hours=2))
    world.fault(Action(drain_tokens=200_000), verb="RunReport")
    with pytest.raises(QuotaExhausted) as raised:
        world.refresh()
    assert raised.value.resume_at == morning(TODAY) + timedelta(hours=25)
    assert world.meter()["requests"] == 1
    world.go_to(raised.value.resume_at)
    world.refresh()
    assert world.landed() == world.truth()


def test_a_server_that_is_down_is_asked_nine_times_at_most(world: World) -> None:
    """GA-05."""
    world.fault(Action(status=503), verb="RunReport", times=0)
    with pytest.raises((SourceUnavailable, QuotaExhausted)):
        world.refresh(days=YEAR, workers=4)
    assert world.meter()["server_errors"] <= 9
    assert max(peaks(world)) <= 90
    assert not world.landed_days()


def test_never_more_than_eight_requests_at_once(world: World) -> None:
    """GA-03."""
    world.fault(Action(delay_seconds=0.02), verb="RunReport", times=0)
    world.refresh(days=YEAR, workers=16)
    assert 2 <= world.meter()["max_in_flight"] <= 8
    assert world.landed_days() == set(YEAR)


def test_one_property_that_is_used_up_holds_up_no_other(world: World) -> None:
    """GA-06."""
    world.fault(Action(drain_tokens=200_000), verb="RunReport", property=US.ga4_property)
    with pytest.raises(QuotaExhausted):
        world.refresh(US)
    world.refresh()
    assert world.landed() == world.truth()


def test_requests_that_may_be_thresholded_are_counted_and_waited_for(start_world: StartWorld) -> None:
    """GA-04."""
    world = start_world(Settings(ga4_limits=QuotaLimits(potentially_thresholded_requests_per_hour=120)))
    world.fault(Action(thresholded=1), verb="RunReport", times=0)
    quota = GA4Quota(200_000, 40_000, 14_000)
    for number in range(56):
        world.refresh(days=(FIRST + timedelta(days=number % 27),), quota=quota, only_due=False)
    assert world.landed() == world.truth()
    assert max(peaks(world)) <= 90
    assert 3600 in world.slept


def test_a_refresh_on_the_same_day_asks_for_nothing(world: World) -> None:
    """GA-01."""
    world.refresh()
    asked = world.meter()["requests"]
    world.refresh()
    assert world.meter()["requests"] == asked
    assert len(world.landing.windows("ga4", SESSIONS.name, "nl")) == len(DAYS)

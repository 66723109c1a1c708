from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import windows
from connectors.windows import CrmWindow, DayState

ZONES = st.sampled_from(
    [
        "Europe/Amsterdam",
        "Europe/London",
        "Asia/Tokyo",
        "Australia/Sydney",
        "America/Los_Angeles",
        "America/Sao_Paulo",
        "America/Havana",  # repeats midnight
        "Pacific/Auckland",
        "Asia/Kolkata",
    ]
)
INSTANTS = st.integers(0, 12 * 365 * 24 * 60).map(
    lambda minute: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)
DAYS = st.dates(date(2015, 1, 1), date(2027, 1, 1))


@given(INSTANTS, ZONES)
def test_the_last_complete_day_has_ended_and_the_day_after_it_has_not(now: datetime, zone: str) -> None:
    last = windows.last_complete_day(now, zone)
    assert windows.start_of_day(last + timedelta(days=1), zone) <= now
    assert windows.start_of_day(last + timedelta(days=2), zone) > now


@given(DAYS, ZONES)
def test_a_day_starts_at_its_first_moment(day: date, zone: str) -> None:
    start = windows.start_of_day(day, zone)
    assert windows.local_date(start, zone) == day
    assert windows.local_date(start - timedelta(seconds=1), zone) < day


@given(DAYS, ZONES)
def test_a_day_lasts_23_to_25_hours_across_clock_changes(day: date, zone: str) -> None:
    length = windows.start_of_day(day + timedelta(days=1), zone) - windows.start_of_day(day, zone)
    assert timedelta(hours=23) <= length <= timedelta(hours=25)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_berlin_has_days_of_23_24_and_25_hours(day: date, hours: int) -> None:
    following = windows.start_of_day(day + timedelta(days=1), "Europe/Berlin")
    assert following - windows.start_of_day(day, "Europe/Berlin") == timedelta(hours=hours)


@given(INSTANTS, ZONES)
def test_yesterday_is_one_day_old(now: datetime, zone: str) -> None:
    yesterday = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    assert windows.age_days(yesterday, now, zone) == 1


def test_at_six_utc_tokyo_is_already_in_the_day_that_los_angeles_has_not_begun() -> None:
    now = datetime(2026, 7, 1, 6, tzinfo=UTC)
    assert windows.last_complete_day(now, "Asia/Tokyo") == date(2026, 6, 30)
    assert windows.last_complete_day(now, "America/Los_Angeles") == date(2026, 6, 29)


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        windows.local_date(datetime(2026, 7, 1), "Asia/Tokyo")  # noqa: DTZ001


@given(st.sets(DAYS, max_size=60))
def test_ranges_hold_each_day_once_and_never_touch(days: set[date]) -> None:
    ranges = windows.contiguous_ranges(days)
    assert [day for first, last in ranges for day in windows.days_between(first, last)] == sorted(days)
    assert all(after[0] - before[1] > timedelta(days=1) for before, after in pairwise(ranges))


def test_a_leap_february_has_29_days() -> None:
    assert windows.days_of_month("2028-02")[-1] == date(2028, 2, 29)
    assert windows.months_between(date(2025, 11, 30), date(2026, 2, 1)) == ("2025-11", "2025-12", "2026-01", "2026-02")


NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)


def test_a_day_is_final_only_when_older_than_the_restatement_window() -> None:
    assert not windows.is_final(date(2026, 6, 28), NOW, "Europe/Amsterdam")
    assert windows.is_final(date(2026, 6, 27), NOW, "Europe/Amsterdam")


def test_due_are_days_never_landed_and_provisional_ones_of_an_earlier_fetch() -> None:
    candidates = windows.days_between(date(2026, 6, 25), date(2026, 7, 3))
    landed = {
        date(2026, 6, 25): DayState(True, NOW - timedelta(days=6)),
        date(2026, 6, 28): DayState(False, NOW - timedelta(days=1)),
        date(2026, 6, 29): DayState(False, NOW - timedelta(hours=1)),
    }
    due = windows.due_days(candidates, landed, NOW, "Europe/Amsterdam")
    assert due == (date(2026, 6, 26), date(2026, 6, 27), date(2026, 6, 28), date(2026, 6, 30))


def test_an_unfinished_day_is_never_due() -> None:
    assert windows.due_days([date(2026, 7, 1)], {}, NOW, "Europe/Amsterdam") == ()
    assert windows.due_days([date(2026, 6, 30)], {}, NOW, "America/Los_Angeles") == ()


@given(INSTANTS, ZONES, st.integers(0, 10))
def test_days_fetched_when_due_become_final_and_are_then_left_alone(now: datetime, zone: str, wait: int) -> None:
    day = windows.last_complete_day(now, zone)
    landed: dict[date, DayState] = {}
    fetches = 0
    for later in range(wait + 8):
        instant = now + timedelta(days=later)
        if windows.due_days([day], landed, instant, zone):
            landed[day] = DayState(windows.is_final(day, instant, zone), instant)
            fetches += 1
    assert landed[day].is_final
    assert fetches <= windows.RESTATEMENT_DAYS + 1


def test_the_first_crm_window_reaches_back_to_the_beginning() -> None:
    assert windows.crm_window(NOW, None) == CrmWindow(None, NOW - timedelta(minutes=5))


@given(INSTANTS, st.lists(st.integers(0, 5_000), min_size=1, max_size=20))
def test_crm_windows_overlap_and_leave_no_gap(start: datetime, minutes: list[int]) -> None:
    now, end = start, None
    for step in minutes:
        now += timedelta(minutes=step)
        window = windows.crm_window(now, end)
        if window is None:
            continue
        assert window.end <= now - windows.COMMIT_HORIZON
        assert end is None or (window.start is not None and window.start <= end - windows.OVERLAP < window.end)
        end = window.end


def test_without_time_passing_there_is_no_further_crm_window() -> None:
    first = windows.crm_window(NOW, None)
    assert first is not None
    assert windows.crm_window(NOW, first.end) is None

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.periods import Grain, period_of, periods_of

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
GRAINS = st.sampled_from(["day", "week", "month", "quarter"])


@given(DAYS, GRAINS)
def test_every_day_of_a_period_has_the_same_one_and_the_next_day_another(day: date, grain: Grain) -> None:
    first, last = period_of(day, grain)
    assert first <= day <= last
    assert period_of(first, grain) == period_of(last, grain) == (first, last)
    assert period_of(last + timedelta(days=1), grain)[0] == last + timedelta(days=1)


@given(st.sets(DAYS, max_size=40), GRAINS)
def test_periods_of_days_hold_them_all_in_order_and_once(days: set[date], grain: Grain) -> None:
    periods = periods_of(days, grain)
    assert list(periods) == sorted(set(periods))
    assert {period_of(day, grain) for day in days} == set(periods)


@pytest.mark.parametrize(
    ("day", "grain", "period"),
    [
        (date(2026, 1, 1), "week", (date(2025, 12, 29), date(2026, 1, 4))),  # ISO week 1 of 2026 begins in 2025
        (date(2028, 2, 10), "month", (date(2028, 2, 1), date(2028, 2, 29))),
        (date(2026, 12, 31), "quarter", (date(2026, 10, 1), date(2026, 12, 31))),
    ],
)
def test_the_turn_of_a_year_and_leap_days_are_where_the_calendar_has_them(
    day: date, grain: Grain, period: tuple[date, date]
) -> None:
    assert period_of(day, grain) == period

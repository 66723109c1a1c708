"""Days, ISO weeks, months and quarters: pure functions of dates.

A period is given by its first and last day, both included.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

Grain = Literal["day", "week", "month", "quarter"]
Period = tuple[date, date]

_MONTHS: dict[Grain, int] = {"month": 1, "quarter": 3}


def period_of(day: date, grain: Grain) -> Period:
    """The period a day is in; weeks are ISO weeks, quarters those of the calendar year."""
    if grain == "day":
        return day, day
    if grain == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    months = _MONTHS[grain]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    following = first.replace(day=28) + timedelta(days=31 * (months - 1) + 4)
    return first, following.replace(day=1) - timedelta(days=1)


def periods_of(days: Iterable[date], grain: Grain) -> tuple[Period, ...]:
    """The distinct periods that the days are in, in order."""
    return tuple(dict.fromkeys(period_of(day, grain) for day in sorted(set(days))))

"""Time inside the company: local calendars, office hours, and the delay between a change and its becoming visible.

All instants are whole epoch seconds in UTC; days are whole days since 1970-01-01.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

DAY = 86_400
EPOCH = date(1970, 1, 1)
_CALENDAR_START = date(2022, 12, 1)
_CALENDAR_DAYS = 2_600

COMMIT_TICK_SECONDS = 120
_HUSH_START, _HUSH_SQUEEZE, _HUSH_END = 5 * 3600, 18 * 60, 6 * 3600


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def day_date(number: int) -> date:
    """The inverse of `day_number`."""
    return EPOCH + timedelta(days=number)


def visible_from(at: int) -> int:
    """When a change stamped `at` can be seen from outside: the next two-minute tick, 1 to 120 seconds later.

    A CRM commits a change after it has stamped it, so a reader that trusts its last seen stamp loses rows. One
    function of the stamp keeps a transaction whole (same stamp, same commit) and a record's versions in order.
    """
    return (at // COMMIT_TICK_SECONDS + 1) * COMMIT_TICK_SECONDS


def settle(at: float) -> int:
    """Move an instant out of the nightly quiet time, keeping order: [05:00, 06:00) UTC becomes [05:00, 05:18).

    Nothing may become visible between 05:30 and 06:00 UTC on any day: that is when refreshes look.
    """
    whole = int(at)
    of_day = whole % DAY
    if _HUSH_START <= of_day < _HUSH_END:
        share = (of_day - _HUSH_START) / (_HUSH_END - _HUSH_START)
        return whole - of_day + _HUSH_START + int(share * _HUSH_SQUEEZE)
    return whole


class LocalCalendar:
    """Days and wall times of one time zone, precomputed so that a lookup costs well under a microsecond."""

    __slots__ = ("_first", "_midnights", "_noon_offsets")

    def __init__(self, time_zone: str) -> None:
        zone = ZoneInfo(time_zone)
        self._first = day_number(_CALENDAR_START)
        days = [_CALENDAR_START + timedelta(days=n) for n in range(_CALENDAR_DAYS)]
        self._midnights = [int(datetime.combine(day, time(), zone).timestamp()) for day in days]
        noons = [datetime.combine(day, time(12), zone).timestamp() for day in days]
        self._noon_offsets = [(self._first + n) * DAY + DAY // 2 - int(noon) for n, noon in enumerate(noons)]

    def day_of(self, at: int) -> int:
        """The local day (days since 1970) in which an instant falls."""
        return self._first + bisect_right(self._midnights, at) - 1

    def midnight(self, day: int) -> int:
        """The instant at which a local day starts."""
        return self._midnights[day - self._first]

    def offset(self, day: int) -> int:
        """Seconds east of UTC at noon of a local day; exact for all of 07:00–22:00, where people are awake."""
        return self._noon_offsets[day - self._first]

    def at(self, day: int, second_of_day: int) -> int:
        """The instant of a wall time between 07:00 and 22:00 of a local day."""
        return day * DAY + second_of_day - self.offset(day)

    def office_moment(self, rng: Random, day: int) -> int:
        """A settled moment in office hours of that day, or of the next Monday for most weekend days."""
        weekday = (day + 3) % 7
        if weekday >= 5 and rng.random() < 0.9:
            day += 7 - weekday
        second = 8 * 3600 + 1800 + int((rng.random() + rng.random()) * 4.5 * 3600)
        return settle(self.at(day, second))

    def visitor_moment(self, rng: Random, day: int) -> int:
        """A settled moment between 08:00 and 21:00 of that day, mostly around midday."""
        second = 8 * 3600 + int((rng.random() + rng.random()) * 6.5 * 3600)
        return settle(self.at(day, second))


@cache
def calendar(time_zone: str) -> LocalCalendar:
    """The calendar of a time zone, built once a process."""
    return LocalCalendar(time_zone)


def utc_seconds(when: datetime) -> int:
    """Epoch seconds of an aware datetime; raises ValueError on a naive one, which has no meaning here."""
    if when.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return int(when.astimezone(UTC).timestamp())

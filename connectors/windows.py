"""Which days and instants to fetch: pure functions of a clock reading and a time zone.

A web day is the day of the property's time zone; it has 23, 24 or 25 hours and is complete when it has ended there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

RESTATEMENT_DAYS = 3
"""Vendors restate a day for this long; a day fetched at a greater age is final (SEMANTICS, Time)."""

COMMIT_HORIZON = timedelta(minutes=5)
"""CRM rows can appear this much later than their SystemModstamp says; the newest minutes are left for next time."""

OVERLAP = timedelta(minutes=15)
"""And this much before the previous end is read again."""


@dataclass(frozen=True, slots=True)
class DayState:
    """What is known of a landed day."""

    is_final: bool
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class CrmWindow:
    """Half-open range of cursor instants; ``start`` None reaches back to the first record."""

    start: datetime | None
    end: datetime


def local_date(instant: datetime, time_zone: str) -> date:
    """The date of an aware instant in a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant must know its time zone")
    return instant.astimezone(ZoneInfo(time_zone)).date()


def last_complete_day(now: datetime, time_zone: str) -> date:
    """The last local day that has ended at ``now``."""
    return local_date(now, time_zone) - timedelta(days=1)


def age_days(day: date, now: datetime, time_zone: str) -> int:
    """Whole local days between ``day`` and the current one; yesterday is 1."""
    return (local_date(now, time_zone) - day).days


def is_final(day: date, now: datetime, time_zone: str, restatement_days: int = RESTATEMENT_DAYS) -> bool:
    """Whether a fetch at ``now`` sees the day as it will stay."""
    return age_days(day, now, time_zone) > restatement_days


def start_of_day(day: date, time_zone: str) -> datetime:
    """The UTC instant at which a local day begins.

    Where a clock change skips midnight, the first moment that exists; where it repeats midnight, the first of both.
    """
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)


def month_of(day: date) -> str:
    """``2026-03``."""
    return f"{day.year:04d}-{day.month:02d}"


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Every day from ``first`` to ``last``, both included; empty if they are the wrong way round."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def days_of_month(month: str) -> tuple[date, ...]:
    """Every day of a ``YYYY-MM`` month."""
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    return days_between(first, following - timedelta(days=1))


def months_between(first: date, last: date) -> tuple[str, ...]:
    """Every month touched by the days from ``first`` to ``last``."""
    return tuple(dict.fromkeys(month_of(day) for day in days_between(first, last)))


def contiguous_ranges(days: Iterable[date]) -> tuple[tuple[date, date], ...]:
    """Runs of consecutive days as (first, last), both included."""
    ranges: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if ranges and day - ranges[-1][1] == timedelta(days=1):
            ranges[-1] = (ranges[-1][0], day)
        else:
            ranges.append((day, day))
    return tuple(ranges)


def complete_days(candidates: Iterable[date], now: datetime, time_zone: str) -> tuple[date, ...]:
    """Those of the candidates that have ended, in order, once each."""
    last = last_complete_day(now, time_zone)
    return tuple(day for day in sorted(set(candidates)) if day <= last)


def due_days(
    candidates: Iterable[date], landed: Mapping[date, DayState], now: datetime, time_zone: str
) -> tuple[date, ...]:
    """The complete days worth fetching: never landed, or provisional and last fetched on an earlier local day."""
    today = local_date(now, time_zone)

    def is_due(day: date) -> bool:
        state = landed.get(day)
        if state is None:
            return True
        return not state.is_final and local_date(state.fetched_at, time_zone) < today

    return tuple(day for day in complete_days(candidates, now, time_zone) if is_due(day))


def crm_window(server_now: datetime, previous_end: datetime | None) -> CrmWindow | None:
    """The next range of changes to read, or None when the previous one reaches as far as may be read now."""
    end = (server_now - COMMIT_HORIZON).replace(microsecond=0)
    if previous_end is None:
        return CrmWindow(None, end)
    return CrmWindow(previous_end - OVERLAP, end) if end > previous_end else None

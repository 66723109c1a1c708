"""Which days and longer periods of a locale's reports are due, by what is landed of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from connectors.ga4.streams import SOURCE, STREAMS, GA4Stream
from connectors.landing import Landing
from connectors.periods import Period, period_of, periods_of
from connectors.specs import LocaleSpec
from connectors.windows import DayState, complete_days
from connectors.windows import due_days as due_days_of


def due_days(
    landing: Landing,
    locale: LocaleSpec,
    days: Iterable[date],
    now: datetime,
    streams: Sequence[GA4Stream] | None = None,
) -> dict[str, tuple[date, ...]]:
    """Of the candidate days, those each stream (all, unless told) would fetch at ``now``; of a longer period that it
    would fetch the last candidate alone."""
    candidates = tuple(days)
    due = {}
    for stream in streams or STREAMS:
        last = {period_of(day, stream.grain): day for day in sorted(candidates)}
        due[stream.name] = tuple(last[period] for period in due_periods(landing, stream, locale, candidates, now))
    return due


def due_periods(
    landing: Landing | None, stream: GA4Stream, locale: LocaleSpec, days: Iterable[date], now: datetime
) -> tuple[Period, ...]:
    """The stream's periods with any of the days in them that have ended and are worth fetching; without a landing all
    that have ended. A period is as old as its last day."""
    by_last = {period[1]: period for period in periods_of(stream.wanted(days), stream.grain)}
    if landing is None:
        return tuple(by_last[last] for last in complete_days(by_last, now, locale.time_zone))
    landed = {
        date.fromisoformat(window.end) - timedelta(days=1): DayState(window.state == "final", window.loaded_at)
        for window in landing.windows(SOURCE, stream.name, locale.code)
    }
    return tuple(by_last[last] for last in due_days_of(by_last, landed, now, locale.time_zone))

"""Landing what is due of a locale's reports: the function the orchestrator calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date, datetime

from connectors.errors import ConnectorError, QuotaExhausted
from connectors.ga4.client import GA4Client
from connectors.ga4.extract import extract_month
from connectors.ga4.pages import Usage
from connectors.ga4.room import Room
from connectors.ga4.streams import SOURCE, STREAMS, GA4Stream
from connectors.landing import Landing
from connectors.privacy import Pseudonymiser
from connectors.specs import Clock, LocaleSpec
from connectors.windows import DayState, by_month, complete_days
from connectors.windows import due_days as due_days_of


@dataclass(frozen=True, slots=True)
class StreamSummary:
    """What was fetched and committed of one report."""

    stream: str
    rows: int = 0
    days: int = 0
    api_calls: int = 0
    quota_used: int = 0


@dataclass(frozen=True, slots=True)
class LocaleSummary:
    """What a refresh did for a locale: rows and (stream, day)s fetched and committed, calls, tokens, and whether any
    landed row changed. ``quota_remaining`` is what the last response left, by meter."""

    locale: str
    rows: int
    days: int
    api_calls: int
    quota_used: int
    first_day: date | None
    last_day: date | None
    changed: bool
    quota_remaining: dict[str, int]
    streams: tuple[StreamSummary, ...]


@dataclass(frozen=True, slots=True)
class _Done:
    stream: str
    days: tuple[date, ...]
    rows: int
    usage: Usage
    changed: bool


def due_days(landing: Landing, locale: LocaleSpec, days: Iterable[date], now: datetime) -> dict[str, tuple[date, ...]]:
    """Of the candidate days, those each stream would fetch at ``now``."""
    candidates = tuple(days)
    due = {}
    for stream in STREAMS:
        landed = {
            window.day: DayState(window.state == "final", window.loaded_at)
            for window in landing.windows(SOURCE, stream.name, locale.code)
            if window.day is not None
        }
        due[stream.name] = due_days_of(candidates, landed, now, locale.time_zone)
    return due


def refresh_locale(
    client: GA4Client,
    landing: Landing,
    locale: LocaleSpec,
    days: Iterable[date],
    *,
    clock: Clock,
    pseudonymiser: Pseudonymiser,
    only_due: bool = True,
    allow_short: bool = False,
    workers: int = 4,
    on_progress: Callable[[str], None] | None = None,
) -> LocaleSummary:
    """Fetch and land the days that are due (all complete ones of ``days`` with ``only_due=False``), a month at a time.

    A month is committed when it is whole; when one fails the others still land, then the first error is raised (at an
    exhausted quota the rest is not tried). Running again resumes with what is missing.
    """
    candidates = complete_days(days, clock(), locale.time_zone)
    wanted = due_days(landing, locale, candidates, clock()) if only_due else {s.name: candidates for s in STREAMS}

    def work(stream: GA4Stream, month: str, month_days: tuple[date, ...]) -> _Done:
        with Room() as room:
            extract = extract_month(
                client, stream, locale, month_days, clock=clock, pseudonymiser=pseudonymiser, room=room
            )
            commit = landing.replace_windows(
                stream.dataset, locale.code, month, extract.table, extract.windows, allow_short=allow_short
            )
        if on_progress:
            on_progress(f"{stream.name} {month}")
        return _Done(stream.name, month_days, len(extract.table), extract.usage, commit.changed)

    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix=f"ga4-{locale.code}") as pool:
        tasks = [
            pool.submit(work, stream, month, month_days)
            for stream in STREAMS
            for month, month_days in by_month(wanted[stream.name]).items()
        ]
        done = list(_results(tasks))
    return _summarise(locale, done, client.quota.remaining(locale.ga4_property))


def _results(tasks: list[Future[_Done]]) -> Iterator[_Done]:
    """Results as they come; the first error once all have ended."""
    first: ConnectorError | None = None
    for task in as_completed(tasks):
        if task.cancelled():
            continue
        try:
            yield task.result()
        except ConnectorError as error:
            first = first or error
            if isinstance(error, QuotaExhausted):
                for other in tasks:
                    other.cancel()
    if first is not None:
        raise first


def _summarise(locale: LocaleSpec, done: list[_Done], remaining: dict[str, int]) -> LocaleSummary:
    streams = []
    for stream in STREAMS:
        mine = [item for item in done if item.stream == stream.name]
        streams.append(
            StreamSummary(
                stream.name,
                sum(item.rows for item in mine),
                sum(len(item.days) for item in mine),
                sum(item.usage.calls for item in mine),
                sum(item.usage.tokens for item in mine),
            )
        )
    days = [day for item in done for day in item.days]
    return LocaleSummary(
        locale.code,
        sum(s.rows for s in streams),
        sum(s.days for s in streams),
        sum(s.api_calls for s in streams),
        sum(s.quota_used for s in streams),
        min(days, default=None),
        max(days, default=None),
        any(item.changed for item in done),
        remaining,
        tuple(streams),
    )

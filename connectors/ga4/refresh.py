"""Landing what is due of a locale's reports: the function the orchestrator calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date

from connectors.errors import ConnectorError, QuotaExhausted
from connectors.ga4.client import GA4Client
from connectors.ga4.due import due_periods
from connectors.ga4.extract import extract_days
from connectors.ga4.hosts import check_hosts
from connectors.ga4.pages import Usage
from connectors.ga4.room import Room
from connectors.ga4.streams import STREAMS, GA4Stream
from connectors.landing import Landing
from connectors.periods import Period
from connectors.privacy import Pseudonymiser
from connectors.specs import Clock, LocaleSpec
from connectors.windows import days_between


@dataclass(frozen=True, slots=True)
class StreamSummary:
    """What was fetched and committed of one report; ``days`` counts its periods: days, weeks, months or quarters."""

    stream: str
    rows: int = 0
    days: int = 0
    api_calls: int = 0
    quota_used: int = 0


@dataclass(frozen=True, slots=True)
class LocaleSummary:
    """What a refresh did for a locale: rows and (stream, period)s fetched and committed, the first and last of the days
    among these, calls, tokens, and whether any landed row changed. ``quota_remaining`` is what the last response left,
    by meter."""

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
    periods: tuple[Period, ...]
    rows: int
    usage: Usage
    changed: bool


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
    on_wait: Callable[[str], None] | None = None,
    streams: Sequence[GA4Stream] | None = None,
) -> LocaleSummary:
    """Fetch and land what is due of ``days``: the days, and the weeks, months and quarters that they are in (with
    ``only_due=False`` all of these that have ended), a segment at a time; of these ``streams``, or all.

    A segment is committed when it is whole; when one fails the others still land, then the first error is raised (at an
    exhausted quota the rest is not tried). Running again resumes with what is missing. A rolling quota is waited for,
    an hour at most; ``on_wait`` is told for what, and until when.
    """
    candidates, wanted = tuple(days), tuple(streams or STREAMS)

    def work(stream: GA4Stream, segment: str, periods: tuple[Period, ...]) -> _Done:
        with Room() as room:
            extract = extract_days(
                client,
                stream,
                locale,
                [day for period in periods for day in days_between(*period)],
                clock=clock,
                pseudonymiser=pseudonymiser,
                room=room,
            )
            try:
                check_hosts(extract.table, locale)
            except ConnectorError as error:
                raise error.at(scope=locale.code, stream=stream.name, window=segment)  # noqa: B904
            commit = landing.replace_windows(
                stream.dataset, locale.code, segment, extract.table, extract.windows, allow_short=allow_short
            )
        if on_progress:
            on_progress(f"{stream.name} {segment}")
        return _Done(stream.name, periods, len(extract.table), extract.usage, commit.changed)

    # Told from the first request on; and interrupted before the pool waits for its threads.
    with (
        ThreadPoolExecutor(max_workers=workers, thread_name_prefix=f"ga4-{locale.code}") as pool,
        client.quota.rests.ended_by_interruption(),
        client.quota.gate(locale.ga4_property).telling(on_wait),
    ):
        tasks = [
            pool.submit(work, stream, segment, periods)
            for stream in wanted
            for segment, periods in _by_segment(
                stream, due_periods(landing if only_due else None, stream, locale, candidates, clock())
            ).items()
        ]
        done = list(_results(tasks))
    return _summarise(locale, wanted, done, client.quota.remaining(locale.ga4_property))


def _by_segment(stream: GA4Stream, periods: Iterable[Period]) -> dict[str, tuple[Period, ...]]:
    segments: dict[str, list[Period]] = {}
    for period in periods:
        segments.setdefault(stream.segment_of(period), []).append(period)
    return {segment: tuple(found) for segment, found in segments.items()}


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


def _summarise(
    locale: LocaleSpec, wanted: Sequence[GA4Stream], done: list[_Done], remaining: dict[str, int]
) -> LocaleSummary:
    streams = []
    for stream in wanted:
        mine = [item for item in done if item.stream == stream.name]
        streams.append(
            StreamSummary(
                stream.name,
                sum(item.rows for item in mine),
                sum(len(item.periods) for item in mine),
                sum(item.usage.calls for item in mine),
                sum(item.usage.tokens for item in mine),
            )
        )
    days = [last for item in done for first, last in item.periods if first == last]
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

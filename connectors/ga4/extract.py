"""Fetching days of one report of one property, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pyarrow as pa

from connectors.errors import ConnectorError
from connectors.ga4.client import GA4Client
from connectors.ga4.pages import Report, ReportReader, TooCoarse, Usage
from connectors.ga4.room import Room
from connectors.ga4.streams import GA4Stream
from connectors.landing.dataset import SeriesWindow, State
from connectors.privacy import Pseudonymiser
from connectors.specs import Clock, LocaleSpec
from connectors.windows import age_days, contiguous_ranges, days_between, is_final

PAGE_ROWS = 25_000
"""Larger ones are hardly faster, and take four times the memory."""


@dataclass(frozen=True, slots=True)
class MonthExtract:
    """Landed columns of some days of a month, the days' windows with their responses' metadata, and the cost."""

    table: pa.Table
    windows: tuple[SeriesWindow, ...]
    usage: Usage = field(default_factory=Usage)


def extract_month(
    client: GA4Client,
    stream: GA4Stream,
    locale: LocaleSpec,
    days: Sequence[date],
    *,
    clock: Clock,
    pseudonymiser: Pseudonymiser,
    room: Room | None = None,
) -> MonthExtract:
    """Every row of ``days``, which have ended in the locale. One request a run of consecutive days and page; a run
    whose answer is sampled or rolled up into ``(other)`` is halved, down to days, which land with that remark.

    Days younger than the restatement window come back provisional. Raises IncompleteResponse when rows are missing or
    the source says it no longer holds the days, ConfigurationError when the property's time zone or currency is not the
    locale's, and the client's errors; each names the locale, stream and window.
    """
    stream = stream.asking_for(client.visitor_dimension)
    reader = ReportReader(client, stream, locale, pseudonymiser, PAGE_ROWS, room, Usage())
    tables: list[pa.Table] = [stream.dataset.schema.empty_table()]
    windows: list[SeriesWindow] = []
    for run in contiguous_ranges(days):
        for (first, last), report in _reports(reader, run):
            tables.append(report.table)
            windows.extend(_windows(stream, locale, days_between(first, last), report, clock))
    return MonthExtract(pa.concat_tables(tables), tuple(windows), reader.usage)


def _reports(reader: ReportReader, days: tuple[date, date]) -> Iterator[tuple[tuple[date, date], Report]]:
    """The report of a range, or those of its halves."""
    first, last = days
    try:
        report = reader.read(days)
    except TooCoarse:
        middle = first + (last - first) // 2
        yield from _reports(reader, (first, middle))
        yield from _reports(reader, (middle + timedelta(days=1), last))
    except ConnectorError as error:
        raise error.at(scope=reader.locale.code, stream=reader.stream.name, window=f"{first}..{last}")  # noqa: B904
    else:
        yield days, report


def _windows(
    stream: GA4Stream, locale: LocaleSpec, days: Sequence[date], report: Report, clock: Clock
) -> Iterator[SeriesWindow]:
    now = clock()
    for day in days:
        state: State = "final" if is_final(day, now, locale.time_zone, locale.restatement_days) else "provisional"
        metadata = {
            **report.remarks,
            "definition": stream.definition,
            "age_days": age_days(day, now, locale.time_zone),
        }
        yield SeriesWindow(day, day + timedelta(days=1), state, metadata)

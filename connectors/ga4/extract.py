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
from connectors.landing.encoded import encoded_schema
from connectors.periods import Period
from connectors.privacy import Pseudonymiser
from connectors.specs import Clock, LocaleSpec
from connectors.windows import age_days, is_final

PAGE_ROWS = 20_000
"""Larger ones are hardly faster; several are under way at a time, and memory grows with them."""


@dataclass(frozen=True, slots=True)
class Extract:
    """Landed columns, texts encoded, of some days, their windows with the responses' metadata, and the cost."""

    table: pa.Table
    windows: tuple[SeriesWindow, ...]
    usage: Usage = field(default_factory=Usage)


def extract_days(
    client: GA4Client,
    stream: GA4Stream,
    locale: LocaleSpec,
    days: Sequence[date],
    *,
    clock: Clock,
    pseudonymiser: Pseudonymiser,
    room: Room | None = None,
) -> Extract:
    """Every row of ``days``, which are whole periods of the stream and have ended in the locale. One request a run of
    consecutive days and page; a run whose answer is sampled or rolled up into ``(other)`` is halved, down to one
    period, which lands with that remark.

    Periods that ended within the restatement window come back provisional. Raises IncompleteResponse when rows are
    missing or the source says it no longer holds the days, ConfigurationError when the property's time zone or currency
    is not the locale's, and the client's errors; each names the locale, stream and window.
    """
    stream = stream.asking_for(client.own_names)
    reader = ReportReader(client, stream, locale, pseudonymiser, PAGE_ROWS, room, Usage())
    tables: list[pa.Table] = [encoded_schema(stream.dataset.schema).empty_table()]
    windows: list[SeriesWindow] = []
    for run in stream.ranges(days):
        for answered, report in _reports(reader, run):
            tables.append(report.table)
            windows.extend(_windows(stream, locale, stream.periods(answered), report, clock))
    return Extract(pa.concat_tables(tables), tuple(windows), reader.usage)


def _reports(reader: ReportReader, days: tuple[date, date]) -> Iterator[tuple[tuple[date, date], Report]]:
    """The report of a range, or those of its halves."""
    try:
        report = reader.read(days)
    except TooCoarse:
        periods = reader.stream.periods(days)
        half = (len(periods) + 1) // 2
        yield from _reports(reader, (days[0], periods[half - 1][1]))
        yield from _reports(reader, (periods[half][0], days[1]))
    except ConnectorError as error:
        window = f"{days[0]}..{days[1]}"
        raise error.at(scope=reader.locale.code, stream=reader.stream.name, window=window)  # noqa: B904
    else:
        yield days, report


def _windows(
    stream: GA4Stream, locale: LocaleSpec, periods: Sequence[Period], report: Report, clock: Clock
) -> Iterator[SeriesWindow]:
    """A period is as old as its last day, the youngest."""
    now = clock()
    for first, last in periods:
        state: State = "final" if is_final(last, now, locale.time_zone, locale.restatement_days) else "provisional"
        metadata = {
            **report.remarks,
            "definition": stream.definition,
            "age_days": age_days(last, now, locale.time_zone),
        }
        yield SeriesWindow(first, last + timedelta(days=1), state, metadata)

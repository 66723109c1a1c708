"""Fetching days of one report of one property, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from google.analytics.data_v1beta.types import (
    DateRange,
    Dimension,
    Filter,
    FilterExpression,
    FilterExpressionList,
    Metric,
    OrderBy,
    RunReportRequest,
)

from connectors.errors import ConfigurationError, ConnectorError, IncompleteResponse
from connectors.ga4.answers import response_metadata, typed_columns
from connectors.ga4.client import GA4Client
from connectors.ga4.decode import RawReport
from connectors.ga4.streams import SOURCE, GA4Stream
from connectors.landing.dataset import SeriesWindow, State
from connectors.privacy import Pseudonymiser
from connectors.specs import Clock, LocaleSpec
from connectors.windows import age_days, contiguous_ranges, days_between, is_final

PAGE_ROWS = 100_000
RESTARTS = 3


@dataclass(slots=True)
class Usage:
    """What fetching cost."""

    calls: int = 0
    tokens: int = 0

    def add(self, other: Usage) -> None:
        """Count another's cost in."""
        self.calls += other.calls
        self.tokens += other.tokens


@dataclass(frozen=True, slots=True)
class MonthExtract:
    """Landed columns of some days of a month, the days' windows with their responses' metadata, and the cost."""

    table: pa.Table
    windows: tuple[SeriesWindow, ...]
    usage: Usage = field(default_factory=Usage)


class _Moved(Exception):
    """The report changed between two of its pages."""


def extract_month(
    client: GA4Client,
    stream: GA4Stream,
    locale: LocaleSpec,
    days: Sequence[date],
    *,
    clock: Clock,
    pseudonymiser: Pseudonymiser,
) -> MonthExtract:
    """Every row of ``days``, which have ended in the locale. One request a run of consecutive days and page.

    Days younger than the restatement window come back provisional. Raises IncompleteResponse when rows are missing or
    the source says it no longer holds the days, ConfigurationError when the property's time zone or currency is not the
    locale's, and the client's errors; each names the locale, stream and window.
    """
    stream = stream.asking_for(client.visitor_dimension)
    usage = Usage()
    tables, windows = [stream.dataset.schema.empty_table()], []
    for first, last in contiguous_ranges(days):
        try:
            report = _whole_report(client, stream, locale, (first, last), usage)
            tables.append(typed_columns(report.columns, stream, pseudonymiser))
        except ConnectorError as error:
            raise error.at(scope=locale.code, stream=stream.name, window=f"{first}..{last}")  # noqa: B904
        now = clock()
        for day in days_between(first, last):
            state: State = "final" if is_final(day, now, locale.time_zone, locale.restatement_days) else "provisional"
            metadata = {**response_metadata(report.message), "age_days": age_days(day, now, locale.time_zone)}
            windows.append(SeriesWindow(day, day + timedelta(days=1), state, metadata))
    return MonthExtract(pa.concat_tables(tables), tuple(windows), usage)


def build_request(stream: GA4Stream, property_id: str, days: tuple[date, date], offset: int) -> RunReportRequest:
    """One page: explicit dates (``yesterday`` would be the property's, now), ordered by every dimension so that pages
    neither overlap nor skip, no aggregations (their rows look like data), no currency (Google would convert)."""
    return RunReportRequest(
        property=f"properties/{property_id}",
        dimensions=[Dimension(name=column.api_name) for column in stream.dimensions],
        metrics=[Metric(name=column.api_name) for column in stream.metrics],
        date_ranges=[DateRange(start_date=days[0].isoformat(), end_date=days[1].isoformat())],
        dimension_filter=_exclusions(stream),
        order_bys=[
            OrderBy(dimension=OrderBy.DimensionOrderBy(dimension_name=column.api_name)) for column in stream.dimensions
        ],
        offset=offset,
        limit=PAGE_ROWS,
        return_property_quota=True,
    )


def _exclusions(stream: GA4Stream) -> FilterExpression | None:
    excluded = [
        FilterExpression(
            not_expression=FilterExpression(
                filter=Filter(field_name=name, string_filter=Filter.StringFilter(value=value))
            )
        )
        for name, value in stream.exclude
    ]
    if len(excluded) > 1:
        return FilterExpression(and_group=FilterExpressionList(expressions=excluded))
    return excluded[0] if excluded else None


def _whole_report(
    client: GA4Client, stream: GA4Stream, locale: LocaleSpec, days: tuple[date, date], usage: Usage
) -> RawReport:
    """All pages as one report; begun again when the data moves underneath."""
    for _ in range(RESTARTS):
        try:
            pages = list(_pages(client, stream, locale, days, usage))
        except _Moved:
            continue
        columns = {
            name: pa.chunked_array([page.columns[name] for page in pages], pa.string()) for name in pages[0].columns
        }
        report = RawReport(pages[0].message, columns, sum(page.rows for page in pages))
        if len(pages) > 1:
            _refuse_duplicates(report, stream)
        return report
    raise IncompleteResponse(f"The report changed between pages {RESTARTS} times", source=SOURCE)


def _pages(
    client: GA4Client, stream: GA4Stream, locale: LocaleSpec, days: tuple[date, date], usage: Usage
) -> Iterator[RawReport]:
    """Pages until as many rows as announced have come: the response names neither its offset nor its limit."""
    received, announced = 0, None
    while announced is None or received < announced:
        answer = client.run_report(build_request(stream, locale.ga4_property, days, received))
        usage.add(Usage(1, answer.tokens))
        page = answer.report
        _check_response(page, stream, locale)
        if announced is not None and page.message.row_count != announced:
            raise _Moved
        announced = int(page.message.row_count)
        received += page.rows
        if received > announced or (page.rows == 0 and received < announced):
            raise IncompleteResponse(f"{received} of {announced} announced rows arrived", source=SOURCE)
        yield page


def _check_response(page: RawReport, stream: GA4Stream, locale: LocaleSpec) -> None:
    metadata: Any = page.message.metadata
    for what, found, expected in (
        ("time zone", metadata.time_zone, locale.time_zone),
        ("currency", metadata.currency_code, locale.currency),
    ):
        if found and found != expected:
            raise ConfigurationError(
                f"The property's {what} is {found}, the locale's {expected}",
                source=SOURCE,
                next_step=f"Check the property number, then set the {what} right in the locale's file or the property.",
            )
    missing = [column.api_name for column in stream.columns if column.api_name not in page.columns]
    if missing and not (page.rows == 0 and not page.columns):
        raise IncompleteResponse(f"The response lacks {', '.join(missing)}", source=SOURCE)
    if metadata.schema_restriction_response.active_metric_restrictions:
        raise ConfigurationError(
            "The account may not see some of the metrics, which come back as zero",
            source=SOURCE,
            next_step="Lift the service account's metric restrictions on this property.",
        )
    if any("PROPERTY" in _truncation(reason) for reason in metadata.data_truncation_reasons):
        raise IncompleteResponse(
            "The property no longer holds all of these days (its retention)",
            source=SOURCE,
            next_step="Ask for later days only; what is landed of the earlier ones stays.",
        )


def _truncation(reason: Any) -> str:
    field_type = reason.DESCRIPTOR.fields_by_name["data_truncation_type"].enum_type
    return str(field_type.values_by_number[reason.data_truncation_type].name)


def _refuse_duplicates(report: RawReport, stream: GA4Stream) -> None:
    names = [column.api_name for column in stream.dimensions]
    distinct = pa.table({name: report.columns[name] for name in names}).group_by(names).aggregate([])
    if len(distinct) != report.rows:
        raise IncompleteResponse(
            f"{report.rows - len(distinct)} rows came twice over {pc.count_distinct(report.columns['date'])} days",
            source=SOURCE,
        )

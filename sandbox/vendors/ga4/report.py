"""One report: what was asked, checked against the catalogue, and the rows that answer it.

Pure: a property, an instant and a request give a table. Google's limits of a request are checked here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sandbox.vendors.ga4.catalogue import DIMENSIONS, METRICS, Subject, clash, subject_of
from sandbox.vendors.ga4.errors import incompatible, invalid, lacking, unknown_field
from sandbox.vendors.ga4.filters import dimension_mask, metric_mask
from sandbox.vendors.ga4.frames import Property, counted_once, days_of

MAX_DIMENSIONS, MAX_METRICS, MAX_DATE_RANGES = 9, 10, 4
DATE_RANGE = "dateRange"


@dataclass(frozen=True)
class Shape:
    """The columns of a report, in the order they were asked for, and its date ranges (first and last day, name)."""

    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    ranges: tuple[tuple[date, date, str], ...]
    subject: Subject

    @property
    def columns(self) -> tuple[str, ...]:
        """Dimension columns as answered: several date ranges add one that tells them apart."""
        return self.dimensions if len(self.ranges) == 1 else (*self.dimensions, DATE_RANGE)

    @property
    def days(self) -> int:
        """Days covered by all ranges together."""
        return sum((end - start).days + 1 for start, end, _ in self.ranges)


def shape_of(request: Any, today: date, removed: str | None = None) -> Shape:
    """Check a RunReportRequest; ``today`` is the property's, ``removed`` a field that it has no more.

    Raises GoogleError (400) as Google does.
    """
    dimensions, metrics = [d.name for d in request.dimensions], [m.name for m in request.metrics]
    _check_sizes(request)
    for names, known, kind in ((dimensions, DIMENSIONS, "dimension"), (metrics, METRICS, "metric")):
        for name in names:
            if name not in known or name == removed:
                raise unknown_field(name, kind)
        if len(set(names)) < len(names):
            raise invalid(f"Duplicate {kind}s are not allowed in a report request.")
    filtered = frozenset(_fields(request.dimension_filter)) & DIMENSIONS.keys()
    counted = frozenset(metrics) | (frozenset(_fields(request.metric_filter)) & METRICS.keys())
    subject = _subject(frozenset(dimensions) | filtered, counted)
    ranges = tuple(_range(item, position, today) for position, item in enumerate(request.date_ranges))
    return Shape(tuple(dimensions), tuple(metrics), ranges, subject)


def _subject(dimensions: frozenset[str], metrics: frozenset[str]) -> Subject:
    subject = subject_of(dimensions, metrics)
    if subject is None:
        raise incompatible(clash(dimensions, metrics))
    if subject.needed and subject.needed not in dimensions:
        raise lacking(subject.needed)
    return subject


def frame_of(shape: Shape, source: Property, now: datetime) -> pa.Table:
    """What a property knows that the report is about."""
    return source.frame(shape.subject.name, now)


def rows_of(request: Any, shape: Shape, frame: pa.Table) -> pa.Table:
    """All rows of a report in no particular order; dimensions dictionary-encoded, metrics int64."""
    parts = [
        _summed(request, counted_once(days_of(frame, first, last), first, shape.dimensions), shape, name)
        for first, last, name in shape.ranges
    ]
    table = pa.concat_tables(parts).unify_dictionaries().combine_chunks() if len(parts) > 1 else parts[0]
    if not request.keep_empty_rows and shape.metrics:
        table = table.filter(_not_all_zero(table, shape.metrics))
    if request.HasField("metric_filter"):
        table = table.filter(metric_mask(request.metric_filter, table))
    return table.combine_chunks()


def _check_sizes(request: Any) -> None:
    for items, most, what in (
        (request.dimensions, MAX_DIMENSIONS, "dimensions"),
        (request.metrics, MAX_METRICS, "metrics"),
        (request.date_ranges, MAX_DATE_RANGES, "date ranges"),
    ):
        if len(items) > most:
            raise invalid(
                f"Requests are limited to {most} {what} within a nested request."
                f" This request is for {len(items)} {what}."
            )
    if not request.dimensions and not request.metrics:
        raise invalid("A report request must have at least one dimension or metric.")
    if not request.date_ranges:
        raise invalid("A dateRange is required in a report request without a cohortSpec.")
    if any(item.WhichOneof("one_expression") for item in [d.dimension_expression for d in request.dimensions]) or any(
        metric.expression for metric in request.metrics
    ):
        raise invalid("Dimension and metric expressions are not supported for this property.")
    if request.offset < 0 or request.limit < 0:
        raise invalid("limit and offset must not be negative.")


def _range(item: Any, position: int, today: date) -> tuple[date, date, str]:
    start, end = _day(item.start_date, today), _day(item.end_date, today)
    if end < start:
        raise invalid(f"Invalid dateRange: startDate {item.start_date} is after endDate {item.end_date}.")
    return start, end, item.name or f"date_range_{position}"


def _day(text: str, today: date) -> date:
    """``YYYY-MM-DD``, ``today``, ``yesterday`` or ``NdaysAgo``, in the property's time zone."""
    if text == "today":
        return today
    ago = re.fullmatch(r"(\d{1,5})daysAgo", "1daysAgo" if text == "yesterday" else text)
    if ago:
        return today - timedelta(days=int(ago[1]))
    try:
        return date.fromisoformat(text if len(text) == 10 else "")
    except ValueError as error:
        message = f"Invalid date: {text}. Dates are YYYY-MM-DD, NdaysAgo, yesterday or today."
        raise invalid(message) from error


def _summed(request: Any, frame: pa.Table, shape: Shape, name: str) -> pa.Table:
    """One date range: its rows filtered and summed over what is not asked for."""
    if request.HasField("dimension_filter"):
        frame = frame.filter(dimension_mask(request.dimension_filter, frame))
    grouped = frame.group_by(list(shape.dimensions), use_threads=False)
    table = grouped.aggregate([(metric, "sum") for metric in shape.metrics])
    table = table.rename_columns([column.removesuffix("_sum") for column in table.column_names])
    table = table.select([*shape.dimensions, *shape.metrics])
    if not shape.dimensions:  # a total over nothing is null
        table = pa.table({metric: pc.fill_null(table[metric], 0) for metric in shape.metrics})
    if len(shape.ranges) > 1:
        labels = pa.chunked_array([pa.repeat(pa.scalar(name), table.num_rows)])
        table = table.add_column(len(shape.dimensions), DATE_RANGE, pc.dictionary_encode(labels))
    return table


def _not_all_zero(table: pa.Table, metrics: tuple[str, ...]) -> pa.Array:
    mask = pc.not_equal(table[metrics[0]], 0)
    for metric in metrics[1:]:
        mask = pc.or_(mask, pc.not_equal(table[metric], 0))
    return mask


def _fields(expression: Any) -> list[str]:
    """Every field a filter names."""
    kind = expression.WhichOneof("expr")
    if kind in {"and_group", "or_group"}:
        return [name for part in getattr(expression, kind).expressions for name in _fields(part)]
    if kind == "not_expression":
        return _fields(expression.not_expression)
    return [expression.filter.field_name] if kind == "filter" else []

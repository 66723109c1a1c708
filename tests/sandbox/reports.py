"""Reports to ask of the GA4 Data API, and what comes back."""

from __future__ import annotations

from typing import Any

from google.analytics.data_v1beta import types

from .vendor_miniature import PROPERTY

NAME = f"properties/{PROPERTY}"


def report(dimensions: tuple[str, ...], metrics: tuple[str, ...], *days: str, **more: Any) -> types.RunReportRequest:
    first, last = (days * 2)[:2]
    return types.RunReportRequest(
        property=more.pop("property", NAME),
        dimensions=[types.Dimension(name=name) for name in dimensions],
        metrics=[types.Metric(name=name) for name in metrics],
        date_ranges=[types.DateRange(start_date=first, end_date=last)],
        **more,
    )


def ordered(*names: str, desc: bool = False) -> list[types.OrderBy]:
    return [types.OrderBy(dimension={"dimension_name": name}, desc=desc) for name in names]


def string_filter(field: str, value: str, match: str = "EXACT", **more: Any) -> types.FilterExpression:
    condition = {"match_type": match, "value": value, **more}
    return types.FilterExpression(filter=types.Filter(field_name=field, string_filter=condition))


def rows(response: Any) -> list[tuple[str, ...]]:
    return [tuple(cell.value for cell in (*row.dimension_values, *row.metric_values)) for row in response.rows]

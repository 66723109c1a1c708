"""What is asked: one page of a report."""

from __future__ import annotations

from datetime import date

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

from connectors.ga4.streams import GA4Stream


def build_request(
    stream: GA4Stream, property_id: str, days: tuple[date, date], offset: int, limit: int
) -> RunReportRequest:
    """One page of up to ``limit`` rows (the API gives 250,000 at most, and 10,000 when not told how many).

    One range of explicit dates (``yesterday`` would be the property's, now; several ranges may overlap), ordered by
    every dimension so that pages neither overlap nor skip, no aggregations (their rows look like data), no currency
    (Google would convert).
    """
    return RunReportRequest(
        property=f"properties/{property_id}",
        dimensions=[Dimension(name=column.api_name) for column in stream.asked_dimensions],
        metrics=[Metric(name=column.api_name) for column in stream.metrics],
        date_ranges=[DateRange(start_date=days[0].isoformat(), end_date=days[1].isoformat())],
        dimension_filter=_exclusions(stream),
        order_bys=[
            OrderBy(dimension=OrderBy.DimensionOrderBy(dimension_name=column.api_name))
            for column in stream.asked_dimensions
        ],
        offset=offset,
        limit=limit,
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

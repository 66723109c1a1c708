"""``metricAggregations``: the extra rows whose dimensions read ``RESERVED_TOTAL`` and the like."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sandbox.vendors.ga4.encode import displayed
from sandbox.vendors.ga4.errors import invalid
from sandbox.vendors.ga4.report import Shape

# google.analytics.data.v1beta.MetricAggregation: number → (field of the answer, dimension value, function).
_AGGREGATIONS: dict[int, tuple[str, str, Any]] = {
    1: ("totals", "RESERVED_TOTAL", pc.sum),
    5: ("minimums", "RESERVED_MIN", pc.min),
    6: ("maximums", "RESERVED_MAX", pc.max),
}


def add_totals(message: Any, aggregations: Any, rows: pa.Table, shape: Shape) -> None:
    """Add the aggregations asked for, over all rows, to a RunReportResponse. Raises GoogleError for an unknown one."""
    for number in aggregations:
        if number not in _AGGREGATIONS:
            raise invalid("Metric aggregations are TOTAL, MINIMUM and MAXIMUM.")
        field, label, function = _AGGREGATIONS[number]
        if rows.num_rows:
            row = getattr(message, field).add()
            for _ in shape.columns:
                row.dimension_values.add(value=label)
            for name in shape.metrics:
                row.metric_values.add(value=str(function(displayed(rows, name)).as_py()))

"""The manifest's windows as one Arrow table, made of its rows as they are: a large company has tens of thousands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

RECORDS = pa.schema(
    [
        pa.field("source", pa.string()),
        pa.field("stream", pa.string()),
        pa.field("scope", pa.string()),
        pa.field("segment", pa.string()),
        pa.field("window_id", pa.string()),
        pa.field("window_date", pa.date32()),
        pa.field("window_start", pa.string()),
        pa.field("window_end", pa.string()),
        pa.field("state", pa.string()),
        pa.field("rows", pa.int64()),
        pa.field("content_hash", pa.string()),
        pa.field("metadata", pa.string()),
        pa.field("loaded_at", pa.timestamp("us", "UTC")),
    ]
)
"""``window_start``/``window_end`` are ISO texts (dates for series, instants for changes), end exclusive;
``window_date`` is the day of a one-day window; a null start reaches back to the first record."""

RECORDS_SELECTED = """
    select
        source, stream, scope, segment, window_id,
        case when length(window_start) = 10 and date(window_start, '+1 day') = window_end then window_start end,
        nullif(window_start, ''), window_end, state, rows, content_hash, metadata, loaded_at
    from windows
    order by source, stream, scope, window_start, window_end
"""
"""What the manifest is asked for; days and instants come as ISO texts."""


def windows_table(rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """One row a window, in ``RECORDS``' columns, of what ``RECORDS_SELECTED`` has found."""
    columns = list(zip(*rows, strict=True)) or [()] * len(RECORDS)
    arrays = [pa.array(column, _as_it_comes(field)) for field, column in zip(RECORDS, columns, strict=True)]
    return pa.table([array.cast(field.type) for field, array in zip(RECORDS, arrays, strict=True)], schema=RECORDS)


def _as_it_comes(field: pa.Field) -> pa.DataType:
    return pa.string() if pa.types.is_temporal(field.type) else field.type

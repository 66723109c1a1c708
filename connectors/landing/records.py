"""The manifest's windows as one Arrow table."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from connectors.landing.dataset import LandedWindow

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


def windows_table(windows: Sequence[LandedWindow]) -> pa.Table:
    """One row a window, in ``RECORDS``' columns."""
    columns = {
        "window_date": [window.day for window in windows],
        "window_start": [window.start for window in windows],
        "window_end": [window.end for window in windows],
    }
    for name in RECORDS.names:
        if name not in columns:
            columns[name] = [getattr(window, name) for window in windows]
    return pa.table([pa.array(columns[field.name], field.type) for field in RECORDS], schema=RECORDS)

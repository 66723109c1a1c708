"""Replacing whole windows of a time series: which windows changed, whether that is plausible, what the segment becomes.

Whole windows, never rows by their dimensions: a restatement can remove a row (``(not set)`` becomes ``google / cpc``),
and an upsert would keep the stale one and count it twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from connectors.errors import ShortReplacement
from connectors.landing.dataset import Dataset, LandedWindow, SeriesWindow, window_id
from connectors.landing.encoded import row_hashes

SHORT_FRACTION = 0.5
SHORT_MINIMUM_ROWS = 20


@dataclass(frozen=True, slots=True)
class WindowRows:
    """A window with its rows in canonical order and their hash."""

    window: SeriesWindow
    rows: pa.Table
    content_hash: str

    @property
    def key(self) -> tuple[str, str]:
        """(start, end) as ISO dates, as in the manifest."""
        return self.window.start.isoformat(), self.window.end.isoformat()


def split_windows(rows: pa.Table, dataset: Dataset, windows: Sequence[SeriesWindow]) -> tuple[WindowRows, ...]:
    """Cut rows in canonical order into windows.

    Raises ValueError if windows overlap or a row lies in none of them.
    """
    ordered = sorted(windows, key=lambda window: window.start)
    for before, after in pairwise(ordered):
        if before.end > after.start:
            raise ValueError(f"{dataset.name}: windows {before.start} and {after.start} overlap")
    days = rows[dataset.window_column].cast(pa.int32()).to_numpy()
    hashes = row_hashes(rows.columns)
    parts = []
    for window in ordered:
        first, last = days.searchsorted([_day_number(window.start), _day_number(window.end)])
        digest = sha256(hashes[first:last].tobytes()).hexdigest()
        parts.append(WindowRows(window, rows.slice(first, last - first), digest))
    if sum(len(part.rows) for part in parts) != len(rows):
        raise ValueError(f"{dataset.name}: rows outside the windows given")
    return tuple(parts)


def changed_parts(
    parts: Iterable[WindowRows], landed: Mapping[tuple[str, str], LandedWindow]
) -> tuple[WindowRows, ...]:
    """Those whose content is not what the manifest already has."""
    return tuple(p for p in parts if p.key not in landed or landed[p.key].content_hash != p.content_hash)


def refuse_short(part: WindowRows, landed: Iterable[LandedWindow], dataset: Dataset, scope: str) -> None:
    """Raise ShortReplacement if the window had rows and would have none, or would lose more than half of 20 or more."""
    start, end = part.key
    before = sum(w.rows for w in landed if w.start is not None and start <= w.start and w.end <= end)
    after = len(part.rows)
    emptied = before > 0 and after == 0
    halved = before >= SHORT_MINIMUM_ROWS and after < before * SHORT_FRACTION
    if emptied or halved:
        raise ShortReplacement(
            f"The replacement has {after} rows where {before} are landed",
            source=dataset.source,
            scope=scope,
            stream=dataset.stream,
            window=f"{start}..{end}",
        )


def refuse_overlap(parts: Iterable[WindowRows], landed: Iterable[LandedWindow], dataset: Dataset) -> None:
    """Raise ValueError if a window cuts through a landed one: its remaining rows would belong to no window."""
    for part in parts:
        start, end = part.key
        for window in landed:
            apart = window.start is None or window.end <= start or end <= window.start
            if not apart and not (start <= str(window.start) and window.end <= end):
                raise ValueError(f"{dataset.name}: window {start}..{end} cuts the landed {window.start}..{window.end}")


def without_windows(existing: pa.Table, dataset: Dataset, parts: Iterable[WindowRows]) -> pa.Table:
    """The landed rows outside the windows of ``parts``."""
    if not len(existing):
        return existing
    days = existing[dataset.window_column].cast(pa.int32())
    for part in parts:
        start, end = _day_number(part.window.start), _day_number(part.window.end)
        outside = pc.or_(pc.less(days, start), pc.greater_equal(days, end))
        existing, days = existing.filter(outside), days.filter(outside)
    return existing


def landed_window(part: WindowRows, dataset: Dataset, scope: str, segment: str, loaded_at: datetime) -> LandedWindow:
    """The manifest's record of a window."""
    start, end = part.key
    return LandedWindow(
        dataset.source,
        dataset.stream,
        scope,
        segment,
        window_id(dataset, scope, start, end, part.content_hash),
        start,
        end,
        part.window.state,
        len(part.rows),
        part.content_hash,
        json.dumps(part.window.metadata, sort_keys=True, ensure_ascii=False, default=str),
        loaded_at,
    )


def _day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days

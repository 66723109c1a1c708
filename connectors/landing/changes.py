"""Merging record versions into segments: what is there stays as it is, a different row with its key replaces it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

from connectors.landing.dataset import ChangeWindow, Dataset, LandedFile, LandedWindow, window_id
from connectors.landing.files import iter_segment
from connectors.landing.rows import fingerprints, last_of_each


def distinct_changes(rows: pa.Table, dataset: Dataset) -> pa.Table:
    """One row a key; a page served twice repeats rows, and of two answers to one key the later counts."""
    return last_of_each(rows, fingerprints(rows, dataset.key))


def by_segment(rows: pa.Table, dataset: Dataset, base: str) -> Iterator[tuple[str, pa.Table]]:
    """Rows by the month of their cursor, all before ``base`` (the scope's first load) together in it.

    A first load reaches back years; in its own month it is one file instead of one for each of those months.
    """
    if not len(rows):
        return
    months = pc.strftime(rows[dataset.window_column], format="%Y-%m")
    months = pc.if_else(pc.less(months, base), base, months)
    for month in sorted(pc.unique(months).to_pylist()):
        yield month, rows.filter(pc.equal(months, month))


def new_rows(touched: pa.Table, rows: pa.Table, dataset: Dataset) -> pa.Table:
    """Those of ``rows`` that are not landed in exactly this form; ``touched`` are the landed rows of their records."""
    return _without(rows, touched, dataset.schema.names)


def staying(touched: pa.Table, new: pa.Table, dataset: Dataset) -> pa.Table:
    """The landed rows that no new row replaces."""
    return _without(touched, new, dataset.key)


def of_records(landed: pa.Table, rows: pa.Table, dataset: Dataset) -> pa.ChunkedArray:
    """Which landed rows are of the records that ``rows`` are of: a refresh touches few, and only these are compared."""
    return pc.is_in(landed[dataset.key[0]], value_set=rows[dataset.key[0]].combine_chunks())


def touched_rows(current: LandedFile | None, dataset: Dataset, rows: pa.Table) -> pa.Table:
    """The rows of a landed file that are of the records ``rows`` are of."""
    pieces = iter_segment(current, dataset) if current else ()
    touched = (piece.filter(of_records(piece, rows, dataset)) for piece in pieces)
    return pa.concat_tables([dataset.landed_schema.empty_table(), *touched])


def covered_until(windows: Iterable[LandedWindow]) -> datetime | None:
    """The instant up to which these windows of one scope, oldest first, cover every change without a gap; None before
    a first load."""
    covered: datetime | None = None
    for window in windows:
        end = datetime.fromisoformat(window.end)
        if window.start is None or (covered and datetime.fromisoformat(window.start) <= covered):
            covered = max(covered or end, end)
    return covered


def landed_window(
    window: ChangeWindow, dataset: Dataset, scope: str, segment: str, rows: int, loaded_at: datetime
) -> LandedWindow:
    """The manifest's record of a window of changes; ``segment`` is the scope's base."""
    start = window.start.astimezone(UTC).isoformat() if window.start else None
    end = window.end.astimezone(UTC).isoformat()
    metadata = json.dumps(window.metadata, sort_keys=True, ensure_ascii=False, default=str)
    identity = window_id(dataset, scope, start or "", end)
    place = (dataset.source, dataset.stream, scope, segment)
    return LandedWindow(*place, identity, start, end, "final", rows, "", metadata, loaded_at)


def _without(rows: pa.Table, others: pa.Table, columns: Sequence[str]) -> pa.Table:
    """The rows that equal none of the others in these columns."""
    known = fingerprints(others, columns).combine_chunks()
    return rows.filter(pc.invert(pc.is_in(fingerprints(rows, columns), value_set=known)))

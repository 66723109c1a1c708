"""Merging record versions into segments: what is there stays as it is, a different row with its key replaces it."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from connectors.landing.dataset import Dataset
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


def unlanded(rows: pa.Table, existing: pa.Table | None, dataset: Dataset) -> pa.Table:
    """The rows that are not landed in exactly this form."""
    if existing is None or not len(existing) or not len(rows):
        return rows
    columns = dataset.schema.names
    known = pc.is_in(fingerprints(rows, columns), value_set=fingerprints(existing, columns).combine_chunks())
    return rows.filter(pc.invert(known))


def without_keys(existing: pa.Table, rows: pa.Table, dataset: Dataset) -> pa.Table:
    """The landed rows whose key is not among ``rows``."""
    keys = fingerprints(rows, dataset.key).combine_chunks()
    return existing.filter(pc.invert(pc.is_in(fingerprints(existing, dataset.key), value_set=keys)))

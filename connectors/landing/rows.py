"""Comparing and ordering rows: pure functions over Arrow tables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from connectors.landing.dataset import Dataset

SEPARATOR, END_OF_ROW, NULL = "\x1f", "\x1e", "\x00"


def conform(rows: pa.Table, dataset: Dataset) -> pa.Table:
    """The content columns in the dataset's order and types. Raises ValueError naming a column that is missing."""
    missing = [name for name in dataset.schema.names if name not in rows.column_names]
    if missing:
        raise ValueError(f"{dataset.name}: rows lack {', '.join(missing)}")
    return rows.select(dataset.schema.names).cast(dataset.schema)


def canonical(rows: pa.Table, first: str) -> pa.Table:
    """Rows in one order whatever order they came in: by ``first``, then by every other column."""
    names = [first, *(name for name in rows.column_names if name != first)]
    return rows.take(pc.sort_indices(rows, [(name, "ascending") for name in names])).combine_chunks()


def content_hash(prints: pa.ChunkedArray) -> str:
    """SHA-256 of rows' fingerprints, in their order. Of texts, because equal tables may differ in memory."""
    return hashlib.sha256(END_OF_ROW.join(prints.to_pylist()).encode()).hexdigest()


def fingerprints(rows: pa.Table, columns: Sequence[str]) -> pa.ChunkedArray:
    """One string a row that is equal exactly when the named columns are (null equals null)."""
    texts = [rows[name].cast(pa.string()) for name in columns]
    if len(texts) == 1:
        return pc.fill_null(texts[0], NULL)
    return pc.binary_join_element_wise(*texts, SEPARATOR, null_handling="replace", null_replacement=NULL)


def last_of_each(rows: pa.Table, prints: pa.ChunkedArray) -> pa.Table:
    """Of rows with equal fingerprints, the last one; order is kept."""
    table = pa.table({"print": prints, "index": pa.array(range(len(prints)), pa.int64())})
    kept = table.group_by("print").aggregate([("index", "max")])["index_max"]
    return rows if len(kept) == len(prints) else rows.take(kept.take(pc.sort_indices(kept)))


def stamp(rows: pa.Table, scope: str, connection: str, window_id: str, load_seq: int) -> pa.Table:
    """Rows with their bookkeeping columns."""
    count = len(rows)
    for name, value, kind in (
        ("_scope", scope, pa.string()),
        ("_connection", connection, pa.string()),
        ("_window_id", window_id, pa.string()),
        ("_load_seq", load_seq, pa.int64()),
    ):
        rows = rows.append_column(pa.field(name, kind), pa.repeat(pa.scalar(value, kind), count))
    return rows

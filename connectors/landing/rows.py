"""Comparing and marking rows: pure functions over Arrow tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.landing.dataset import Dataset
from connectors.landing.encoded import ENCODED

SEPARATOR, NULL = "\x1f", "\x00"


def conform(rows: pa.Table, dataset: Dataset, schema: pa.Schema | None = None) -> pa.Table:
    """The content columns in the dataset's order and types, or those of ``schema``, which has the same columns.

    Raises ValueError naming a column that is missing.
    """
    missing = [name for name in dataset.schema.names if name not in rows.column_names]
    if missing:
        raise ValueError(f"{dataset.name}: rows lack {', '.join(missing)}")
    return rows.select(dataset.schema.names).cast(schema or dataset.schema)


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


def stamp(rows: pa.Table, scope: str, connection: str, windows: Sequence[tuple[str, int]], load_seq: int) -> pa.Table:
    """Rows with their bookkeeping columns, the texts among these encoded.

    ``windows`` are (id, number of rows) of one window after another, as the rows come.
    """
    names, counts = zip(*windows, strict=True) if windows else ((), ())
    ones = pa.repeat(pa.scalar(0, pa.int32()), len(rows))
    each = pa.array(np.repeat(np.arange(len(names), dtype=np.int32), counts))
    for name, codes, words in (
        ("_scope", ones, [scope]),
        ("_connection", ones, [connection]),
        ("_window_id", each, names),
    ):
        column = pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string()))
        rows = rows.append_column(pa.field(name, ENCODED), column)
    return rows.append_column(pa.field("_load_seq", pa.int64()), pa.repeat(pa.scalar(load_seq, pa.int64()), len(rows)))

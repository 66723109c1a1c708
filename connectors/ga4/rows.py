"""A page's rows: without totals, never twice, as typed landed columns.

Dimensions repeat themselves, so what is done to a text is done once for each distinct one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.errors import IncompleteResponse
from connectors.ga4.streams import SOURCE, Column, GA4Stream
from connectors.privacy import Pseudonymiser, strip_queries

RESERVED = "RESERVED_"
"""How the dimensions of totals begin (``RESERVED_TOTAL``)."""

PRIME = np.uint64(0x9E3779B97F4A7C15)
Keys = npt.NDArray[np.uint64]


def without_totals(columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """The columns of a page, ``date`` among them, without rows of totals."""
    if "date" not in columns:
        return dict(columns)
    totals = pc.starts_with(columns["date"], RESERVED)
    if not pc.any(totals, min_count=0).as_py():
        return dict(columns)
    return {name: column.filter(pc.invert(totals)) for name, column in columns.items()}


def row_keys(columns: Sequence[pa.Array]) -> Keys:
    """One number a row, equal for equal rows, and for others as good as never (64 bits), also between pages."""
    keys = np.zeros(len(columns[0]) if columns else 0, np.uint64)
    for column in columns:
        encoded = column.dictionary_encode()
        words = np.array([hash(word) for word in encoded.dictionary.to_pylist()], np.int64).astype(np.uint64)
        keys ^= keys >> np.uint64(29)
        keys = keys * PRIME + (words[encoded.indices.to_numpy()] if len(words) else np.uint64(0))
    return keys


def count_repeated(pages: Sequence[Keys]) -> int:
    """How many rows have come before."""
    keys = np.concatenate(pages) if pages else np.zeros(0, np.uint64)
    return len(keys) - len(np.unique(keys))


def typed_columns(texts: Mapping[str, pa.Array], stream: GA4Stream, pseudonymiser: Pseudonymiser) -> pa.Table:
    """Landed columns from a page's texts, found by header name.

    Raises IncompleteResponse naming a column whose text is no value of its kind.
    """
    schema = stream.dataset.schema
    if not texts:
        return schema.empty_table()
    columns = []
    for column in stream.columns:
        try:
            columns.append(_typed(texts[column.api_name], column, pseudonymiser))
        except (pa.ArrowInvalid, ValueError):
            raise IncompleteResponse(f"{column.api_name} has a value that is no {column.kind}", source=SOURCE) from None
    return pa.table(columns, schema=schema)


def _typed(texts: pa.Array, column: Column, pseudonymiser: Pseudonymiser) -> pa.Array:
    if column.kind == "text":
        return texts
    if column.kind == "date":
        return _each_once(texts, lambda words: pc.strptime(words, format="%Y%m%d", unit="s").cast(pa.date32()))
    if column.kind == "path":
        return _each_once(texts, strip_queries)
    if column.kind == "visitor":
        return _each_once(texts, lambda words: pseudonymiser.visitor_keys(pa.chunked_array([words])).combine_chunks())
    return _integers(texts) if column.kind == "integer" else _numbers(texts)


def _each_once(texts: pa.Array, function: Callable[[pa.Array], pa.Array]) -> pa.Array:
    encoded = texts.dictionary_encode()
    return function(encoded.dictionary).take(encoded.indices)


def _integers(texts: pa.Array) -> pa.Array:
    """Integers may come as "1.2E7", and fractions of seconds mean nothing: then exact up to 2^53."""
    try:
        return texts.cast(pa.int64())
    except pa.ArrowInvalid:
        return pc.round(_numbers(texts)).cast(pa.int64())


def _numbers(texts: pa.Array) -> pa.Array:
    numbers = texts.cast(pa.float64())
    if not pc.all(pc.is_finite(numbers), min_count=0).as_py():
        raise ValueError("not a number")
    return numbers

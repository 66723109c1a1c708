"""A page's rows: without totals, never twice, as typed landed columns.

Dimensions repeat themselves, so what is done to a text is done once for each distinct one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.errors import IncompleteResponse
from connectors.ga4.streams import RANGE, SOURCE, Column, GA4Stream
from connectors.ga4.values import amounts, first_days
from connectors.landing.encoded import Hashes, encoded_schema
from connectors.privacy import Pseudonymiser, strip_queries

RESERVED = "RESERVED_"
"""How the dimensions of totals begin (``RESERVED_TOTAL``)."""

Texts: TypeAlias = pa.Array | pa.DictionaryArray
"""A column as it came: metrics as texts, dimensions as codes into their distinct texts."""


def without_totals(columns: Mapping[str, pa.Array], stream: GA4Stream) -> dict[str, pa.Array]:
    """The columns of a page without rows of totals, all of whose dimensions say so.

    An answer without dimensions is one row, and any other is its total.
    """
    if not stream.asked_dimensions:
        return {name: column.slice(0, 1) for name, column in columns.items()}
    name = stream.dimensions[0].api_name
    if name not in columns:
        return dict(columns)
    totals = pc.starts_with(columns[name], RESERVED)
    if not pc.any(totals, min_count=0).as_py():
        return dict(columns)
    return {name: column.filter(pc.invert(totals)) for name, column in columns.items()}


def with_range(columns: dict[str, pa.Array], stream: GA4Stream, first: date) -> dict[str, pa.Array]:
    """The columns of a page, with the first day asked for where the stream tells its rows apart by that."""
    if stream.asked_dimensions == stream.dimensions or not columns:
        return columns
    rows = len(next(iter(columns.values())))
    return {RANGE: pa.repeat(pa.scalar(f"{first:%Y%m%d}"), rows), **columns}


def encode_dimensions(columns: Mapping[str, pa.Array], stream: GA4Stream) -> dict[str, Texts]:
    """The columns of a page, with the stream's dimensions encoded."""
    dimensions = {column.api_name for column in stream.dimensions}
    return {name: column.dictionary_encode() if name in dimensions else column for name, column in columns.items()}


def count_repeated(pages: Sequence[Hashes]) -> int:
    """How many rows have come before."""
    keys = np.concatenate([page[:, 0] for page in pages]) if pages else np.zeros(0, np.uint64)
    keys.sort()
    return int(np.count_nonzero(keys[1:] == keys[:-1]))


def typed_columns(texts: Mapping[str, Texts], stream: GA4Stream, pseudonymiser: Pseudonymiser) -> pa.Table:
    """Landed columns, texts encoded, from a page's columns, found by header name.

    Raises IncompleteResponse naming a column whose text is no value of its kind.
    """
    schema = encoded_schema(stream.dataset.schema)
    if not texts:
        return schema.empty_table()
    columns = []
    for column in stream.columns:
        try:
            columns.append(_typed(texts[column.api_name], column, pseudonymiser))
        except (pa.ArrowInvalid, ValueError):
            raise IncompleteResponse(f"{column.api_name} has a value that is no {column.kind}", source=SOURCE) from None
    return pa.table(columns, schema=schema)


def _typed(texts: Texts, column: Column, pseudonymiser: Pseudonymiser) -> pa.Array:
    if column.kind == "text":
        return texts
    if column.kind in ("date", "week", "month", "range"):
        return _each_once(texts, lambda words: first_days(words, column.kind))
    if column.kind == "path":
        return _each_once(texts, lambda words: strip_queries(words).dictionary_encode())
    if column.kind == "visitor":
        return _each_once(texts, lambda words: _visitors(words, pseudonymiser))
    if column.kind == "money":
        return amounts(texts)
    return _integers(texts) if column.kind == "integer" else _numbers(texts)


def _each_once(texts: pa.DictionaryArray, function: Callable[[pa.Array], pa.Array]) -> pa.Array:
    return function(texts.dictionary).take(texts.indices)


def _visitors(words: pa.Array, pseudonymiser: Pseudonymiser) -> pa.DictionaryArray:
    return pseudonymiser.visitor_keys(pa.chunked_array([words])).combine_chunks().dictionary_encode()


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

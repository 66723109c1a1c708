"""Rows whose texts are codes into a list of words: ordered, compared and written with work done once a word.

Reports repeat their texts many times over; on 12 columns this is several times faster than with the texts themselves,
and takes a third of the memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

ENCODED = pa.dictionary(pa.int32(), pa.string())
WIDEST = 1 << 62
"""Codes of several columns are packed into one number as long as it stays below this."""

NULL = -1
LANES = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
"""Odd numbers with bits all over (2^64 over the golden ratio, and a prime of xxHash), for two independent hashes."""

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


@lru_cache(maxsize=100)
def encoded_schema(schema: pa.Schema) -> pa.Schema:
    """The schema with its texts encoded."""
    return pa.schema([field.with_type(ENCODED) if field.type == pa.string() else field for field in schema])


def settled(rows: pa.Table) -> pa.Table:
    """The same rows, each encoded column with one list of words, sorted, without any that no row has.

    Equal columns are equal in memory then; and no word stays behind whose rows are gone.
    """
    columns = [_settled(column) if column.type == ENCODED else column.combine_chunks() for column in rows.columns]
    return pa.table(columns, schema=rows.schema)


def in_order(rows: pa.Table, first: str) -> pa.Table:
    """Settled rows in one order whatever order they came in: by ``first``, then by every other column."""
    keys = _packed([rows[first], *(rows[name] for name in rows.column_names if name != first)])
    order = np.argsort(keys[0], kind="stable")
    if len(keys) > 1 and len(order) > 1 and not np.all(np.diff(keys[0][order])):
        order = np.lexsort(keys[::-1])
    return rows.take(pa.array(order))


def row_hashes(columns: Sequence[pa.ChunkedArray | pa.Array]) -> Hashes:
    """Two 64-bit numbers a row, shape (rows, 2): equal for equal rows, in any process, and for others as good as never.

    Values count, not how they are encoded; the order of the columns counts.
    """
    count = len(columns[0]) if columns else 0
    hashes = np.zeros((2, count), np.uint64)
    for column in columns:
        words, codes = _distinct(column)
        for lane, prime in enumerate(LANES):
            values = words[:, lane][codes] if codes is not None else words[:, 0]
            hashes[lane] ^= hashes[lane] >> np.uint64(29)
            hashes[lane] *= prime
            hashes[lane] += values
    return np.ascontiguousarray((hashes ^ hashes >> np.uint64(32)).T)


def _settled(column: pa.ChunkedArray) -> pa.DictionaryArray:
    whole = column.unify_dictionaries().combine_chunks()
    codes, words = _codes(whole), whole.dictionary
    order = pc.sort_indices(words).to_numpy()
    is_used = np.zeros(len(words) + 1, bool)
    is_used[codes] = True  # of NULL, which is the last place
    kept = order[is_used[order]]
    places = np.full(len(words) + 1, NULL, np.int32)
    places[kept] = np.arange(len(kept), dtype=np.int32)
    renumbered = places[codes]
    return pa.DictionaryArray.from_arrays(
        pa.array(renumbered, mask=renumbered == NULL), words.take(pa.array(kept)), safe=False
    )


def _packed(columns: Sequence[pa.ChunkedArray]) -> list[Numbers]:
    """Numbers that sort as the columns' values do, those of leading columns together as far as they fit."""
    packed: list[Numbers] = []
    room = 0
    for column in columns:
        ranks = _ranks(column)
        lowest, highest = (int(ranks.min()), int(ranks.max())) if len(ranks) else (0, 0)
        width = highest - lowest + 1
        if packed and width <= room:
            packed[-1] = packed[-1] * width + (ranks - lowest)
            room //= width
        else:
            packed.append(ranks if width > WIDEST else ranks - lowest)
            room = WIDEST // width
    return packed


def _ranks(column: pa.ChunkedArray) -> Numbers:
    whole = column.combine_chunks()
    if column.type == ENCODED:
        return _codes(whole).astype(np.int64)
    if _is_number(column.type):
        return _integers(whole)
    ranks: Numbers = pc.rank(whole, tiebreaker="dense").to_numpy().astype(np.int64)
    return ranks


def _distinct(column: pa.ChunkedArray | pa.Array) -> tuple[Hashes, npt.NDArray[np.int32] | None]:
    """Numbers of each distinct value, shape (values, 2), and each row's value; None where rows are their own values."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if _is_number(whole.type):
        return _integers(whole).view(np.uint64)[:, None], None
    if whole.type != ENCODED:
        whole = whole.cast(pa.string()).dictionary_encode()
    elif isinstance(whole, pa.ChunkedArray):
        whole = whole.unify_dictionaries().combine_chunks()
    digests = map(_digest, whole.dictionary.to_pylist())
    words = np.frombuffer(b"".join([*digests, bytes(16)]), np.uint64).reshape(-1, 2)
    return words, _codes(whole)


@lru_cache(maxsize=20_000)
def _digest(word: str) -> bytes:
    """Kept, because a report's pages and days have their words in common."""
    return hashlib.blake2b(word.encode(), digest_size=16).digest()


def _codes(encoded: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """Places in the list of words; null is -1, which NumPy takes for the last place."""
    codes: npt.NDArray[np.int32] = _filled(encoded.indices, NULL).to_numpy().astype(np.int32, copy=False)
    return codes


def _integers(values: pa.Array) -> Numbers:
    """Numbers that sort as the values do, null first, like the lowest value there is; for a float its bits, turned
    round below zero."""
    if pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    if values.type == pa.float64():
        bits: Numbers = (_filled(values, -np.inf).to_numpy() + 0.0).view(np.int64)  # -0.0 + 0.0 is 0.0
        return bits ^ (bits >> 63 & np.iinfo(np.int64).max)
    integers: Numbers = _filled(values.cast(pa.int64()), np.iinfo(np.int64).min).to_numpy()
    return integers


def _filled(values: pa.Array, null: float) -> pa.Array:
    return values.fill_null(null) if values.null_count else values


def _is_number(kind: pa.DataType) -> bool:
    return kind == pa.float64() or any(
        is_kind(kind) for is_kind in (pa.types.is_integer, pa.types.is_date32, pa.types.is_timestamp)
    )

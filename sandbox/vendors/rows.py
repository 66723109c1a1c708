"""Columns to bytes: the one trick by which every vendor here is fast.

Rows are concatenations of cells, done by Arrow; the joined rows lie one after another in Arrow's own data buffer,
which is the answer. No Python object is made a row.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sandbox.faults import Action

_NOTHING = pa.scalar(b"", pa.binary())


def literal(text: bytes) -> pa.Scalar:
    """The same bytes in every row."""
    return pa.scalar(text, pa.binary())


def joined(pieces: Sequence[pa.Array | pa.Scalar]) -> pa.Array:
    """One binary value a row: its pieces, one after another. No piece may be null."""
    return pc.binary_join_element_wise(*pieces, _NOTHING)


def bytes_of(values: pa.Array) -> bytes:
    """All values' bytes, one after another: Arrow's data buffer as it is."""
    if len(values) == 0:
        return b""
    offsets = memoryview(values.buffers()[1]).cast("i")
    start, end = offsets[values.offset], offsets[values.offset + len(values)]
    return bytes(memoryview(values.buffers()[2])[start:end])


def moved(count: int, action: Action) -> NDArray[np.int64] | None:
    """Which rows of a page a fault lets through, and in which order: some turned round, some lost, some twice.

    None when all of them stay where they are.
    """
    if not (action.empty or action.reorder_rows or action.drop_rows or action.duplicate_rows):
        return None
    places = np.arange(0 if action.empty else count)
    turned = np.concatenate([places[: action.reorder_rows][::-1], places[action.reorder_rows :]])
    kept = turned[: max(len(turned) - action.drop_rows, 0)]
    return np.concatenate([kept, turned[: action.duplicate_rows]])

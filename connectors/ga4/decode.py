"""``RunReportResponse`` bytes → Arrow string columns, without an object a cell.

Through the message classes a row costs 5–50 µs, most of it objects made to be thrown away. The rows are nested
length-delimited fields of one shape, so NumPy reads the n-th value of all rows at once (about 1 µs a row). Anything of
another shape is left to the protobuf parser, so this is an optimisation, not a second definition of the format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from google.analytics.data_v1beta.types import RunReportResponse

ROWS_TAG = 0x1A  # field 3 of RunReportResponse
DIMENSION_TAG, METRIC_TAG = 0x0A, 0x12  # fields 1 and 2 of Row
DIMENSION_VALUE_TAG, METRIC_VALUE_TAG = 0x0A, 0x22  # field 1 of DimensionValue, field 4 of MetricValue
PADDING = 8
GATHERED_ROWS = 4_096
"""Rows whose characters are gathered at once: each needs eight bytes of index, which should stay in the cache."""

Positions = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


class UnexpectedShape(Exception):
    """The bytes are not laid out as every known server lays them out; ask the protobuf parser."""


@dataclass(frozen=True, slots=True)
class RawReport:
    """One response: ``message`` is the protobuf message without rows, ``columns`` the rows' texts by header name."""

    message: Any
    columns: dict[str, pa.Array]
    rows: int


def decode_report(raw: bytes) -> RawReport:
    """Parse one response. Raises google.protobuf's DecodeError, or ValueError for rows of unequal width."""
    try:
        starts, ends, rest = _split_rows(raw)
        message = RunReportResponse.pb().FromString(rest)
        names, widths = _headers(message)
        data = np.frombuffer(raw + bytes(PADDING), np.uint8)
        columns = _read_columns(data, np.array(starts, np.int64), np.array(ends, np.int64), widths)
    except (UnexpectedShape, IndexError):
        return _decode_by_message(raw)
    return RawReport(message, dict(zip(names, columns, strict=True)), len(starts))


def _split_rows(raw: bytes) -> tuple[list[int], list[int], bytes]:
    """Start and end of each row's payload, and the rest of the message."""
    starts: list[int] = []
    ends: list[int] = []
    rest = bytearray()
    position, size = 0, len(raw)
    while position < size:
        field = position
        tag = raw[position]
        if tag & 0x80 or tag & 7 not in (0, 2):
            raise UnexpectedShape
        length, position = _varint(raw, position + 1)
        end = position + length if tag & 7 == 2 else position
        if end > size:
            raise UnexpectedShape
        if tag == ROWS_TAG:
            starts.append(position)
            ends.append(end)
        else:
            rest += raw[field:end]
        position = end
    return starts, ends, bytes(rest)


def _varint(raw: bytes, position: int) -> tuple[int, int]:
    """Value and the position after it."""
    value = shift = 0
    while True:
        byte = raw[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7


def _headers(message: Any) -> tuple[list[str], tuple[int, int]]:
    dimensions = [header.name for header in message.dimension_headers]
    metrics = [header.name for header in message.metric_headers]
    return dimensions + metrics, (len(dimensions), len(metrics))


def _read_columns(data: Bytes, starts: Positions, ends: Positions, widths: tuple[int, int]) -> list[pa.Array]:
    columns = []
    cursor = starts
    for count, tag, value_tag in (
        (widths[0], DIMENSION_TAG, DIMENSION_VALUE_TAG),
        (widths[1], METRIC_TAG, METRIC_VALUE_TAG),
    ):
        for _ in range(count):
            column, cursor = _read_column(data, cursor, tag, value_tag)
            columns.append(column)
    if not np.array_equal(cursor, ends):
        raise UnexpectedShape
    return columns


def _read_column(data: Bytes, cursor: Positions, tag: int, value_tag: int) -> tuple[pa.Array, Positions]:
    """The value at ``cursor`` in every row, and each row's next position. A value message without text is empty."""
    outer, outer_length = _read_header(data, cursor, tag, np.ones(len(cursor), bool))
    after = outer + outer_length
    filled = outer_length > 0
    inner, inner_length = _read_header(data, outer, value_tag, filled)
    if not np.array_equal(inner[filled] + inner_length[filled], after[filled]):
        raise UnexpectedShape
    return _gather(data, inner, np.where(filled, inner_length, 0)), after


def _read_header(
    data: Bytes, position: Positions, tag: int, present: npt.NDArray[np.bool_]
) -> tuple[Positions, Positions]:
    """Where the payload of the field at ``position`` starts, and its length (up to 16,383 bytes), where present."""
    if not np.all(data[position][present] == tag):
        raise UnexpectedShape
    low = data[position + 1].astype(np.int64)
    high = data[position + 2].astype(np.int64)
    two = low >= 0x80
    if np.any(two & present & (high >= 0x80)):
        raise UnexpectedShape
    return position + 2 + two, np.where(two, (low & 0x7F) | (high << 7), low)


def _gather(data: Bytes, starts: Positions, lengths: Positions) -> pa.Array:
    offsets = np.zeros(len(starts) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    if offsets[-1] > np.iinfo(np.int32).max:
        raise UnexpectedShape
    texts = np.empty(offsets[-1], np.uint8)
    shift = starts - offsets[:-1]
    for first in range(0, len(starts), GATHERED_ROWS):
        last = min(first + GATHERED_ROWS, len(starts))
        begin, end = offsets[first], offsets[last]
        index = np.repeat(shift[first:last], lengths[first:last])
        index += np.arange(begin, end)
        np.take(data, index, out=texts[begin:end])
    buffers = pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(texts)
    column = pa.StringArray.from_buffers(len(starts), *buffers)
    column.validate(full=True)
    return column


def _decode_by_message(raw: bytes) -> RawReport:
    message = RunReportResponse.pb().FromString(raw)
    names, (dimensions, metrics) = _headers(message)
    values = [[*(v.value for v in row.dimension_values), *(v.value for v in row.metric_values)] for row in message.rows]
    if any(len(row) != dimensions + metrics for row in values):
        raise ValueError("rows and headers of a report differ in width")
    columns = {name: pa.array([row[i] for row in values], pa.string()) for i, name in enumerate(names)}
    count = len(message.rows)
    message.ClearField("rows")
    return RawReport(message, columns, count)

"""``RunReportResponse`` bytes → Arrow string columns, without an object a cell.

Through the message classes a row costs 5–50 µs, most of it objects made to be thrown away. The rows are nested
length-delimited fields of one shape, so NumPy reads the n-th value of all rows at once (about 0.4 µs a row). Anything
of another shape is left to the protobuf parser, so this is an optimisation, not a second definition of the format.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from google.analytics.data_v1beta.types import RunReportResponse

ROWS_TAG = 0x1A  # field 3 of RunReportResponse
DIMENSION_TAG, METRIC_TAG = 0x0A, 0x12  # fields 1 and 2 of Row
DIMENSION_VALUE_TAG, METRIC_VALUE_TAG = 0x0A, 0x22  # field 1 of DimensionValue, field 4 of MetricValue
LONGEST_HEADER = 8
"""Bytes after a field's start that may be looked at: there must be so many."""

Positions = npt.NDArray[np.int64]
Quads = npt.NDArray[np.uint32]


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
        fields, rest = _split_rows(raw)
        message = RunReportResponse.pb().FromString(rest)
        names, widths = _headers(message)
        columns = _read_columns(raw, np.array(fields, np.int64), widths)
    except (UnexpectedShape, IndexError):
        return _decode_by_message(raw)
    return RawReport(message, dict(zip(names, columns, strict=True)), len(fields))


def _split_rows(raw: bytes) -> tuple[list[int], bytes]:
    """Where each row's field starts, and the rest of the message."""
    fields: list[int] = []
    rest = bytearray()
    position, size = 0, len(raw)
    while position < size:
        field = position
        tag = raw[position]
        if tag & 0x80 or tag & 7 not in (0, 2):
            raise UnexpectedShape
        if tag == ROWS_TAG and size - field > LONGEST_HEADER:
            position = _walk_rows(raw, field, size - LONGEST_HEADER, fields.append)
        if position > field:
            continue
        length, position = _varint(raw, field + 1)
        position += length if tag & 7 == 2 else 0
        if tag == ROWS_TAG:
            fields.append(field)
        else:
            rest += raw[field:position]
    if position > size:
        raise UnexpectedShape
    return fields, bytes(rest)


def _walk_rows(raw: bytes, position: int, last: int, found: Callable[[int], None]) -> int:
    """Rows after rows, nearly all of a message, whose lengths take two bytes, or one; the position after them."""
    tag = ROWS_TAG
    while position < last and raw[position] == tag:
        low, high = raw[position + 1], raw[position + 2]
        if low > 0x7F:
            if high > 0x7F:
                break
            found(position)
            position += high * 128 + low - 125  # 3 + (low & 0x7F | high << 7)
        else:
            found(position)
            position += low + 2
    return position


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


def _read_columns(data: bytes, fields: Positions, widths: tuple[int, int]) -> list[pa.Array]:
    if len(fields) == 0 or len(data) - fields[-1] < LONGEST_HEADER:
        data += bytes(LONGEST_HEADER)
    # Four bytes from every byte on: a field's tag and the two bytes of its length are read as one number.
    quads = np.ndarray((len(data) - 3,), "<u4", data, strides=(1,))
    cursor, row_lengths = _read_header(quads, fields, ROWS_TAG)
    ends = cursor + row_lengths
    if len(ends) and len(data) - ends[-1] < LONGEST_HEADER:  # headers of empty values may be read beyond the last row
        data += bytes(LONGEST_HEADER)
        quads = np.ndarray((len(data) - 3,), "<u4", data, strides=(1,))
    raw = pa.py_buffer(data)
    columns = []
    for count, tag, value_tag in (
        (widths[0], DIMENSION_TAG, DIMENSION_VALUE_TAG),
        (widths[1], METRIC_TAG, METRIC_VALUE_TAG),
    ):
        for _ in range(count):
            starts, lengths, cursor = _find_values(quads, cursor, tag, value_tag)
            columns.append(_texts(raw, starts, lengths))
    if not np.array_equal(cursor, ends):
        raise UnexpectedShape
    return columns


def _find_values(quads: Quads, cursor: Positions, tag: int, value_tag: int) -> tuple[Positions, Positions, Positions]:
    """Start and length of the value at ``cursor`` in every row, and each row's next position."""
    # Two tags and two lengths of one byte each, for a text of 1 to 125 bytes in every row: nearly always.
    words = quads[cursor]  # not take(), which would first lay out every quad
    inner_lengths = words >> 24
    if inner_lengths.max(initial=0) < 0x7E and np.all(
        words == inner_lengths * 0x01000100 + (tag | 2 << 8 | value_tag << 16)
    ):
        lengths = inner_lengths.astype(np.int64)
        return cursor + 4, lengths, cursor + 4 + lengths
    outer, outer_lengths = _read_header(quads, cursor, tag)
    after = outer + outer_lengths
    filled = outer_lengths > 0
    if filled.all():
        inner, lengths = _read_header(quads, outer, value_tag)
    else:  # a value message without text is empty
        inner, lengths = outer.copy(), np.zeros_like(outer)
        inner[filled], lengths[filled] = _read_header(quads, outer[filled], value_tag)
    if not np.array_equal(inner + lengths, after):
        raise UnexpectedShape
    return inner, lengths, after


def _read_header(quads: Quads, positions: Positions, tag: int) -> tuple[Positions, Positions]:
    """Where the payloads of the fields at ``positions`` start, and their lengths (up to 16,383 bytes)."""
    words = quads[positions]
    if not np.all(words & 0xFF == tag):
        raise UnexpectedShape
    two = words & 0x8000 != 0
    if not two.any():
        return positions + 2, (words >> 8 & 0x7F).astype(np.int64)
    if np.any(two & (words & 0x800000 != 0)):
        raise UnexpectedShape
    lengths = np.where(two, words >> 8 & 0x7F | words >> 9 & 0x3F80, words >> 8 & 0x7F)
    return positions + 2 + two, lengths.astype(np.int64)


def _texts(raw: pa.Buffer, starts: Positions, lengths: Positions) -> pa.Array:
    """The texts at these places, which follow one another. Raises ArrowInvalid for bytes that are no UTF-8.

    As Arrow sees it, the response is one array of texts and what lies between them; every second one is taken, without
    an index a character.
    """
    if not len(starts):
        return pa.array([], pa.string())
    bounds = np.empty(2 * len(starts), np.int32)
    bounds[0::2], bounds[1::2] = starts, starts + lengths
    if np.any(bounds[1:] < bounds[:-1]):
        raise UnexpectedShape
    texts_and_gaps = pa.Array.from_buffers(pa.binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), raw])
    return texts_and_gaps.take(pa.array(np.arange(0, len(bounds) - 1, 2))).cast(pa.string())


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

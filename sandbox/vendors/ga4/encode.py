"""Rows to the bytes a client reads, without a Python object a row.

A distinct value is encoded once; a row is the concatenation of its cells' bytes (see ``rows``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.vendors.ga4.catalogue import METRICS
from sandbox.vendors.rows import bytes_of, joined, literal

# Field numbers of google.analytics.data.v1beta: Row.dimension_values = 1, Row.metric_values = 2,
# DimensionValue.value = 1, MetricValue.value = 4, RunReportResponse.rows = 3; wire type 2 (length-delimited).
_DIMENSION, _DIMENSION_VALUE = b"\x0a", b"\x0a"
_METRIC, _METRIC_VALUE = b"\x12", b"\x22"
_ROW = b"\x1a"


def protobuf_rows(page: pa.Table, dimensions: Sequence[str], metrics: Sequence[str]) -> bytes:
    """The ``rows`` field of a RunReportResponse; dimensions are dictionary-encoded strings, metrics integers."""
    if page.num_rows == 0:
        return b""
    cells = [_cells(page[name], _DIMENSION, _DIMENSION_VALUE) for name in dimensions]
    cells += [_cells(displayed(page, name), _METRIC, _METRIC_VALUE) for name in metrics]
    bodies = joined(cells)
    return bytes_of(_prefixed(bodies, lambda length: _ROW + varint(length)))


def json_rows(page: pa.Table, dimensions: Sequence[str], metrics: Sequence[str]) -> bytes:
    """The ``rows`` array of a REST answer, brackets included."""
    if page.num_rows == 0:
        return b"[]"
    pieces: list[pa.Array | pa.Scalar] = [literal(b",{")]
    for title, names, is_dimension in ((b"dimensionValues", dimensions, True), (b"metricValues", metrics, False)):
        if not names:
            continue
        pieces.append(literal((b"" if is_dimension or not dimensions else b",") + b'"' + title + b'":['))
        for position, name in enumerate(names):
            pieces.append(literal(b'{"value":' if position == 0 else b',{"value":'))
            pieces.append(_json_cells(displayed(page, name)))
            pieces.append(literal(b"}"))
        pieces.append(literal(b"]"))
    pieces.append(literal(b"}"))
    rows = bytes_of(joined(pieces))
    return b"[" + rows[1:] + b"]"


def displayed(page: pa.Table, name: str) -> pa.ChunkedArray:
    """A column as it is served: money, which is counted in millionths, in units of its currency."""
    column = page[name]
    if name in METRICS and METRICS[name].type == "TYPE_CURRENCY" and pa.types.is_integer(column.type):
        return pc.divide(pc.cast(column, pa.float64()), 1e6)
    return column


def varint(number: int) -> bytes:
    """A number in protobuf's base-128 encoding."""
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def _cells(column: pa.ChunkedArray, tag: bytes, value_tag: bytes) -> pa.Array:
    def prefix(length: int) -> bytes:
        inner = value_tag + varint(length)
        return tag + varint(len(inner) + length) + inner

    return _encoded(column, lambda values: _prefixed(values, prefix))


def _json_cells(column: pa.ChunkedArray) -> pa.Array:
    def quoted(values: pa.Array) -> pa.Array:
        return pa.array([orjson.dumps(value.decode()) for value in values.to_pylist()], pa.binary())

    return _encoded(column, quoted)


def _encoded(column: pa.ChunkedArray, encode: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """A column's cells, each distinct value encoded once."""
    values = column.combine_chunks()
    if not pa.types.is_dictionary(values.type):
        values = pc.dictionary_encode(values)
    encoded = encode(pc.cast(pc.cast(values.dictionary, pa.string()), pa.binary()))
    return pc.take(encoded, values.indices)


def _prefixed(values: pa.Array, prefix: Callable[[int], bytes]) -> pa.Array:
    """Every value with what announces its length before it; a prefix is computed once a length."""
    lengths = pc.dictionary_encode(pc.binary_length(values))
    prefixes = pa.array([prefix(length) for length in lengths.dictionary.to_pylist()], pa.binary())
    return joined([pc.take(prefixes, lengths.indices), values])

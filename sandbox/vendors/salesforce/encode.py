"""Query results as Bulk CSV and as REST JSON (see ``rows`` for how).

Instants end in ``.000Z`` in CSV and in ``.000+0000`` in JSON. CSV quotes every value, and null is ``""`` like the
empty string.
"""

from __future__ import annotations

import re

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.vendors.rows import bytes_of, joined, literal
from sandbox.vendors.salesforce.query import Result

_CONTROL = r"[\x00-\x1f]"
# A history's values are of any type: an amount's is a number in JSON.
_ANY_TYPE = frozenset({"OldValue", "NewValue"})
_AMOUNT = r"^-?\d+\.\d+$"


def csv_header(result: Result, delimiter: str = ",", line_ending: str = "\n") -> bytes:
    """The header line."""
    return (delimiter.join(f'"{name}"' for name in result.rows.column_names) + line_ending).encode()


def csv_rows(result: Result, delimiter: str = ",", line_ending: str = "\n") -> bytes:
    """The rows, without the header."""
    pieces: list[pa.Array | pa.Scalar] = [literal(b'"')]
    for position, name in enumerate(result.rows.column_names):
        if position:
            pieces.append(literal(f'"{delimiter}"'.encode()))
        text = pc.fill_null(_text(result.rows[name].combine_chunks(), "Z"), "")
        pieces.append(_binary(pc.replace_substring(text, '"', '""')))
    pieces.append(literal(f'"{line_ending}'.encode()))
    return bytes_of(joined(pieces)) if result.rows.num_rows else b""


def json_records(result: Result, base: str) -> bytes:
    """The ``records`` array; ``base`` is the API's path, ``/services/data/v64.0``."""
    if result.rows.num_rows == 0:
        return b"[]"
    pieces = [literal(b","), *_attributes(base, result.object_name, result.ids.combine_chunks())]
    for name, fragment in _members(result, base):
        pieces += [literal(b"," + orjson.dumps(name) + b":"), fragment]
    pieces.append(literal(b"}"))
    return b"[" + bytes_of(joined(pieces))[1:] + b"]"


def _members(result: Result, base: str) -> list[tuple[str, pa.Array]]:
    """Each member of a record: its fields, and one object a relationship with that parent's fields."""
    members: dict[str, pa.Array] = {}
    for name in result.rows.column_names:
        top = name.split(".")[0]
        if top == name:
            values = result.rows[name].combine_chunks()
            members[top] = _any_json(values) if name in _ANY_TYPE else _json(values)
        elif top not in members:
            members[top] = _parent(result, top, base)
    return list(members.items())


def _parent(result: Result, relationship: str, base: str) -> pa.Array:
    """``{"attributes":{…},"Name":…}``, or null where there is no such parent."""
    ids = result.parent_ids[relationship].combine_chunks()
    pieces = _attributes(base, result.parent_types[relationship], pc.fill_null(ids, ""))
    for name in result.rows.column_names:
        top, _, field = name.partition(".")
        if top == relationship and field:
            pieces += [literal(b"," + orjson.dumps(field) + b":"), _json(result.rows[name].combine_chunks())]
    return pc.if_else(pc.is_valid(ids), joined([*pieces, literal(b"}")]), literal(b"null"))


def _attributes(base: str, object_name: str, ids: pa.Array) -> list[pa.Array | pa.Scalar]:
    """The start of a record: which object it is and where."""
    start = f'{{"attributes":{{"type":"{object_name}","url":"{base}/sobjects/{object_name}/'
    return [literal(start.encode()), _binary(ids), literal(b'"}')]


def _json(values: pa.Array) -> pa.Array:
    text = _text(values, "+0000")
    if pa.types.is_boolean(values.type) or _is_number(values.type):
        return _binary(pc.fill_null(text, "null"))
    quoted = pc.binary_join_element_wise(pa.scalar('"'), _escaped(text), pa.scalar('"'), "")
    return _binary(pc.fill_null(quoted, "null"))


def _any_json(values: pa.Array) -> pa.Array:
    return pc.if_else(pc.fill_null(pc.match_substring_regex(values, _AMOUNT), False), _binary(values), _json(values))


def _escaped(text: pa.Array) -> pa.Array:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"')):
        text = pc.replace_substring(text, plain, escaped)
    controls = pc.filter(text, pc.fill_null(pc.match_substring_regex(text, _CONTROL), False)).to_pylist()
    for char in sorted({found for value in controls for found in re.findall(_CONTROL, value)}):
        text = pc.replace_substring(text, char, orjson.dumps(char).decode()[1:-1])
    return text


def _text(values: pa.Array, zone: str) -> pa.Array:
    """Values as an org writes them, nulls kept."""
    if pa.types.is_timestamp(values.type):
        instants = pc.cast(pc.cast(values, pa.timestamp("ms", "UTC")), pa.timestamp("ms"))
        text = pc.replace_substring(pc.cast(instants, pa.string()), " ", "T")
        return pc.binary_join_element_wise(text, pa.scalar(zone), "")
    return values if pa.types.is_string(values.type) else pc.cast(values, pa.string())


def _binary(text: pa.Array) -> pa.Array:
    return pc.cast(text, pa.binary())


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind))

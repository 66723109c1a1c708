"""Result pages → landed columns: pure functions over bytes, records and Arrow tables."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from connectors.errors import IncompleteResponse
from connectors.privacy import Pseudonymiser, map_distinct
from connectors.salesforce.histories import told
from connectors.salesforce.ids import long_ids
from connectors.salesforce.resolve import ResolvedColumn, ResolvedStream
from connectors.salesforce.stream_specs import SOURCE, Kind, arrow_type

LOCALE = "_locale"
"""Extra column of the tables made here: the value that decides a row's scope."""

_PARSE = pa_csv.ParseOptions(newlines_in_values=True)
_READ = pa_csv.ReadOptions(use_threads=False, block_size=8 << 20)


def parse_csv(content: bytes, announced: int, selected: Mapping[str, Kind]) -> pa.Table:
    """A bulk result page by API path, typed. Null and empty text are the same in it.

    Raises IncompleteResponse when rows are missing or a value is not of its kind.
    """
    options = pa_csv.ConvertOptions(
        column_types={path: arrow_type(kind) for path, kind in selected.items()},
        include_columns=list(selected),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )
    clean = content.replace(b"\x00", b"") if b"\x00" in content else content
    try:
        table = pa_csv.read_csv(io.BytesIO(clean), _READ, _PARSE, options)
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        # Arrow's message quotes the row, which may name a person.
        raise IncompleteResponse("A result page cannot be read as the columns asked for", source=SOURCE) from None
    if len(table) != announced:
        raise IncompleteResponse(f"{len(table)} of {announced} rows of a page arrived", source=SOURCE)
    return table


def parse_records(records: Sequence[Mapping[str, Any]], selected: Mapping[str, Kind]) -> pa.Table:
    """A REST page by API path, typed; parents are nested objects or null. Raises IncompleteResponse."""
    columns = {}
    for path, kind in selected.items():
        values = [_value(record, path.split(".")) for record in records]
        try:
            columns[path] = _array(values, kind)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            raise IncompleteResponse(f"{path} has a value that is no {kind}", source=SOURCE) from None
    return pa.table(columns)


def landed_rows(
    page: pa.Table, resolved: ResolvedStream, pseudonymiser: Pseudonymiser, currency: str | None
) -> pa.Table:
    """Landed columns of a page, and ``_locale``: HMACs for what is personal, the org's currency if it has but one."""
    columns = {column.name: _landed(page, column, resolved, pseudonymiser, currency) for column in resolved.columns}
    texts = [page[path] for path in resolved.locale_paths]
    columns[LOCALE] = pc.coalesce(*texts) if texts else pa.nulls(len(page), pa.string())
    table = pa.table(columns)
    if resolved.stream.is_field_history:
        table = told(table)
    return table


def _landed(
    page: pa.Table,
    column: ResolvedColumn,
    resolved: ResolvedStream,
    pseudonymiser: Pseudonymiser,
    currency: str | None,
) -> pa.ChunkedArray | pa.Array:
    if column.path is None:
        constants: dict[Kind, Any] = {"currency": currency, "boolean": False}
        return pa.repeat(pa.scalar(constants.get(column.kind), arrow_type(column.kind)), len(page))
    values = page[column.path]
    if column.kind == "email":
        return pseudonymiser.email_keys(values)
    if column.kind == "visitor":
        return pseudonymiser.visitor_keys(values)
    if column.kind == "id":
        return long_ids(values)
    if column.kind == "history_field":
        return map_distinct(values, resolved.history_fields.get)
    return values


def _value(record: Mapping[str, Any], path: Sequence[str]) -> Any:
    value: Any = record
    for step in path:
        if value is None:
            return None
        if step not in value:
            raise IncompleteResponse(f"A record lacks {step}", source=SOURCE)
        value = value[step]
    return value


def _array(values: Sequence[Any], kind: Kind) -> pa.Array:
    if kind in ("instant", "date"):
        return pa.array(values, pa.string()).cast(arrow_type(kind))
    if kind in ("money", "rate"):
        return pa.array([None if v is None else Decimal(v) for v in values], arrow_type(kind))
    if kind == "history_value":  # of any type: JSON has amounts as numbers
        values = [f"{v:f}" if isinstance(v, Decimal) else str(v) if isinstance(v, int) else v for v in values]
    if arrow_type(kind) == pa.string():
        return pa.array([_clean(value) for value in values], pa.string())
    return pa.array([None if v == "" else v for v in values], arrow_type(kind))


def _clean(value: Any) -> Any:
    """Text as a bulk page would have it: without NUL, and null when empty."""
    return (value.replace("\x00", "") or None) if isinstance(value, str) else value

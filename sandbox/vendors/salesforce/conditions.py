"""WHERE: a condition becomes a mask over all rows, column by column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from sandbox.vendors.salesforce.data import Column
from sandbox.vendors.salesforce.errors import SalesforceError, malformed
from sandbox.vendors.salesforce.ids import to_18
from sandbox.vendors.salesforce.soql_syntax import Comparison, Condition, Junction, Negation, Path, Value

Resolve = Callable[[Path], Column]
_ORDERED = {"<": pc.less, "<=": pc.less_equal, ">": pc.greater, ">=": pc.greater_equal}


def mask_of(condition: Condition, resolve: Resolve) -> pa.ChunkedArray:
    """The rows a condition keeps, as booleans without nulls.

    SOQL has no third truth value: a null is unequal to everything but null, and neither smaller nor greater.
    Raises SalesforceError for a literal of the wrong type.
    """
    if isinstance(condition, Junction):
        masks = [mask_of(part, resolve) for part in condition.parts]
        return reduce(pc.and_ if condition.operator == "AND" else pc.or_, masks)
    if isinstance(condition, Negation):
        return pc.invert(mask_of(condition.part, resolve))
    return _compare(condition, resolve(condition.path))


def _compare(comparison: Comparison, column: Column) -> pa.ChunkedArray:
    operator, values = comparison.operator, comparison.values
    if operator in {"=", "IN"}:
        return _is_any(column, values)
    if operator in {"!=", "NOT IN"}:
        return pc.invert(_is_any(column, values))
    if operator == "LIKE":
        pattern = values[0]
        if not pa.types.is_string(column.values.type) or not isinstance(pattern, str):
            raise SalesforceError("INVALID_FIELD", f"invalid operator on {column.path[-1]}: LIKE")
        return pc.fill_null(pc.match_like(column.values, pattern, ignore_case=True), False)
    if values[0] is None or isinstance(values[0], bool):
        raise malformed(f"invalid operator {operator} for a null or boolean value")
    [value] = _literals(column, (values[0],))
    return pc.fill_null(_ORDERED[operator](comparable(column), value), False)


def _is_any(column: Column, values: tuple[Value, ...]) -> pa.ChunkedArray:
    present = tuple(value for value in values if value is not None)
    if not present:
        return pc.is_null(column.values)
    hits = pc.is_in(comparable(column), value_set=_literals(column, present))
    return pc.or_(hits, pc.is_null(column.values)) if len(present) < len(values) else hits


def comparable(column: Column) -> pa.ChunkedArray:
    """The column in the form it is compared in: text without regard to case, numbers as decimals' own type."""
    if pa.types.is_string(column.values.type) and not column.is_id:
        return pc.utf8_lower(column.values)
    return column.values


def _literals(column: Column, values: tuple[Value, ...]) -> pa.Array:
    kind = column.values.type
    literals = [_literal(column, value) for value in values]
    try:
        return pa.array(literals, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        if pa.types.is_decimal(kind) or pa.types.is_integer(kind):
            return pa.array(literals)  # more digits than the column has: compared in the wider type
        raise


def _literal(column: Column, value: Value) -> Value:
    kind = column.values.type
    if pa.types.is_string(kind) and isinstance(value, str):
        return to_18(value) if column.is_id else value.lower()
    fits = (
        (pa.types.is_boolean(kind) and isinstance(value, bool))
        or (pa.types.is_timestamp(kind) and isinstance(value, datetime))
        or (pa.types.is_date(kind) and isinstance(value, date) and not isinstance(value, datetime))
        or (_is_number(kind) and isinstance(value, Decimal))
    )
    if not fits:
        raise SalesforceError("INVALID_FIELD", _wrong_type(column, value))
    if pa.types.is_floating(kind) and isinstance(value, Decimal):
        return float(value)  # type: ignore[return-value]
    return value


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _wrong_type(column: Column, value: Value) -> str:
    kind = column.values.type
    words = {"timestamp[ms, tz=UTC]": "dateTime", "date32[day]": "date", "bool": "boolean", "string": "string"}
    expected = "double" if _is_number(kind) else words.get(str(kind), "string")
    quotes = "should not be enclosed in quotes" if isinstance(value, str) else "should be of that type"
    quotes = "should be enclosed in quotes" if expected == "string" else quotes
    return f"value of filter criterion for field '{column.path[-1]}' must be of type {expected} and {quotes}"

"""``dimensionFilter`` and ``metricFilter``: an expression becomes a mask over a table's rows.

A dimension is dictionary-encoded, so a condition is decided once a distinct value, not once a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sandbox.vendors.ga4.errors import invalid, unknown_field

Leaf = Callable[[Any, pa.Table], pa.Array]


def dimension_mask(expression: Any, table: pa.Table) -> pa.Array:
    """Rows kept by a FilterExpression over dimensions. Raises GoogleError for a field the table does not have."""
    return _mask(expression, table, _dimension_leaf)


def metric_mask(expression: Any, table: pa.Table) -> pa.Array:
    """Rows kept by a FilterExpression over (aggregated) metrics."""
    return _mask(expression, table, _metric_leaf)


def _mask(expression: Any, table: pa.Table, leaf: Leaf) -> pa.Array:
    kind = expression.WhichOneof("expr")
    if kind == "and_group":
        return _fold(pc.and_, expression.and_group.expressions, table, leaf)
    if kind == "or_group":
        return _fold(pc.or_, expression.or_group.expressions, table, leaf)
    if kind == "not_expression":
        return pc.invert(_mask(expression.not_expression, table, leaf))
    if kind == "filter":
        return leaf(expression.filter, table)
    raise invalid("A FilterExpression must have exactly one of and_group, or_group, not_expression and filter.")


def _fold(combine: Any, expressions: Any, table: pa.Table, leaf: Leaf) -> pa.Array:
    if not expressions:
        raise invalid("A FilterExpressionList must have at least one expression.")
    mask = _mask(expressions[0], table, leaf)
    for expression in expressions[1:]:
        mask = combine(mask, _mask(expression, table, leaf))
    return mask


def _dimension_leaf(condition: Any, table: pa.Table) -> pa.Array:
    if condition.field_name not in table.column_names:
        raise unknown_field(condition.field_name, "dimension")
    column = table[condition.field_name].combine_chunks()
    keeps = _value_test(condition)
    kept = pa.array([keeps(value) for value in column.dictionary.to_pylist()], pa.bool_())
    return pc.take(kept, column.indices)


def _value_test(condition: Any) -> Callable[[str], bool]:
    kind = condition.WhichOneof("one_filter")
    if kind == "string_filter":
        return _string_test(condition.string_filter)
    if kind == "in_list_filter":
        fold = _folding(condition.in_list_filter.case_sensitive)
        wanted = {fold(value) for value in condition.in_list_filter.values}
        return lambda value: fold(value) in wanted
    if kind == "empty_filter":
        return lambda value: value in {"", "(not set)"}
    raise invalid(f"The filter for dimension {condition.field_name} must be a string or in-list filter.")


def _string_test(condition: Any) -> Callable[[str], bool]:
    match = type(condition).MatchType.Name(condition.match_type)
    fold = _folding(condition.case_sensitive)
    wanted = fold(condition.value)
    if match.endswith("_REGEXP"):
        flags = 0 if condition.case_sensitive else re.IGNORECASE
        try:
            pattern = re.compile(condition.value, flags)
        except re.error as error:
            raise invalid(f"The regular expression is invalid: {error}") from error
        search = pattern.fullmatch if match == "FULL_REGEXP" else pattern.search
        return lambda value: search(value) is not None
    tests: dict[str, Callable[[str], bool]] = {
        "BEGINS_WITH": lambda value: fold(value).startswith(wanted),
        "ENDS_WITH": lambda value: fold(value).endswith(wanted),
        "CONTAINS": lambda value: wanted in fold(value),
    }
    return tests.get(match, lambda value: fold(value) == wanted)


def _folding(case_sensitive: bool) -> Callable[[str], str]:
    return str if case_sensitive else str.casefold


def _metric_leaf(condition: Any, table: pa.Table) -> pa.Array:
    if condition.field_name not in table.column_names:
        raise unknown_field(condition.field_name, "metric")
    column = table[condition.field_name]
    kind = condition.WhichOneof("one_filter")
    if kind == "between_filter":
        low, high = _number(condition.between_filter.from_value), _number(condition.between_filter.to_value)
        return pc.and_(pc.greater_equal(column, low), pc.less_equal(column, high)).combine_chunks()
    if kind != "numeric_filter":
        raise invalid(f"The filter for metric {condition.field_name} must be a numeric or between filter.")
    compare = {
        "EQUAL": pc.equal,
        "LESS_THAN": pc.less,
        "LESS_THAN_OR_EQUAL": pc.less_equal,
        "GREATER_THAN": pc.greater,
        "GREATER_THAN_OR_EQUAL": pc.greater_equal,
    }
    numeric = condition.numeric_filter
    operation = type(numeric).Operation.Name(numeric.operation)
    if operation not in compare:
        raise invalid("A numeric filter needs an operation.")
    return compare[operation](column, _number(numeric.value)).combine_chunks()


def _number(value: Any) -> float:
    return float(value.double_value if value.WhichOneof("one_value") == "double_value" else value.int64_value)

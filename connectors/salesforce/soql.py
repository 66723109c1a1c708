"""Queries: pure functions. Values go through simple-salesforce's ``format_soql``; identifiers are checked ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simple_salesforce.format import format_soql

from connectors.salesforce.resolve import ResolvedStream
from connectors.windows import CrmWindow


def select_query(resolved: ResolvedStream, conditions: Iterable[str]) -> str:
    """The rows. No ORDER BY or LIMIT: Bulk does not take them, and windows bound the result."""
    fields = ", ".join(resolved.selected)
    return f"SELECT {fields} FROM {resolved.stream.object_name}{_where(conditions)}"


def count_query(resolved: ResolvedStream, conditions: Iterable[str]) -> str:
    """How many rows there are."""
    return f"SELECT COUNT() FROM {resolved.stream.object_name}{_where(conditions)}"


def conditions_of(resolved: ResolvedStream, window: CrmWindow, locale_values: Sequence[str] | None) -> tuple[str, ...]:
    """The window, half-open; the locales, where not all; of a field history only the fields we take."""
    cursor = resolved.stream.cursor
    conditions = [format_soql(f"{cursor} < {{}}", window.end)]
    if window.start is not None:
        conditions.insert(0, format_soql(f"{cursor} >= {{}}", window.start))
    if resolved.stream.is_field_history:
        conditions.append(format_soql("Field IN {}", list(resolved.history_fields)))
    if locale_values is not None and resolved.locale_paths:
        conditions.append(_locale_condition(resolved.locale_paths, locale_values))
    return tuple(conditions)


def _locale_condition(paths: Sequence[str], values: Sequence[str]) -> str:
    """The first path that is filled has one of the values."""
    first = format_soql(f"{paths[0]} IN {{}}", list(values))
    if len(paths) == 1:
        return first
    return f"({first} OR ({paths[0]} = null AND {_locale_condition(paths[1:], values)}))"


def _where(conditions: Iterable[str]) -> str:
    joined = " AND ".join(conditions)
    return f" WHERE {joined}" if joined else ""

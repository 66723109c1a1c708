"""A declared stream and an org's own field names → the columns to select: pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from connectors.errors import ConfigurationError
from connectors.salesforce.stream_specs import PARENTS, SOURCE, FieldSpec, Kind, SalesforceStream
from connectors.specs import SalesforceConnection

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")


@dataclass(frozen=True, slots=True)
class ResolvedColumn:
    """A landed column and the path it is selected by; ``path`` None: the org lacks it, and it stays empty."""

    name: str
    path: str | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class ResolvedStream:
    """A stream in the words of one org."""

    stream: SalesforceStream
    columns: tuple[ResolvedColumn, ...]
    locale_paths: tuple[str, ...]
    history_fields: Mapping[str, str]

    @property
    def selected(self) -> dict[str, Kind]:
        """Each path to select, once, with how its values are read; locale paths last."""
        paths = {column.path: column.kind for column in reversed(self.columns) if column.path}
        ordered = {path: paths[path] for path in dict.fromkeys(c.path for c in self.columns if c.path)}
        return {**ordered, **{path: "text" for path in self.locale_paths if path not in ordered}}


def resolve_stream(
    stream: SalesforceStream, connection: SalesforceConnection, fields_of: Callable[[str], frozenset[str]]
) -> ResolvedStream:
    """Put in the org's field names and check that they exist. ``fields_of`` gives an object's field names.

    Raises ConfigurationError naming the object and the field that it lacks (or that the account may not see).
    """
    names = own_names(connection)

    def found(path: str) -> bool:
        parent, _, field = path.rpartition(".")
        named = parent or stream.object_name
        return f"{named}.{field}" not in connection.without and field in fields_of(named)

    def column(field: FieldSpec) -> ResolvedColumn:
        path = field.path.format(**names)
        if found(path):
            return ResolvedColumn(field.name, path, field.kind)
        if not field.is_optional or (field.kind == "currency" and connection.currency is None):
            raise _missing(path, stream, connection)
        return ResolvedColumn(field.name, None, field.kind)

    locale_paths = tuple(path.format(**names) for path in stream.locale_paths)
    for path in locale_paths:
        if not found(path):
            raise _missing(path, stream, connection)
    if stream.parent_columns and not all(names["locale"] in fields_of(parent) for parent in PARENTS.values()):
        raise _missing(names["locale"], stream, connection)
    history = {theirs.format(**names): ours for theirs, ours in stream.history_fields}
    return ResolvedStream(stream, tuple(column(field) for field in stream.all_fields), locale_paths, history)


def described_objects(stream: SalesforceStream) -> tuple[str, ...]:
    """The objects whose fields resolving a stream asks for."""
    parents = [path.rpartition(".")[0] for path in stream.locale_paths]
    kinds = PARENTS.values() if stream.parent_columns else ()
    return tuple(dict.fromkeys([stream.object_name, *(parent for parent in parents if parent), *kinds]))


def own_names(connection: SalesforceConnection) -> dict[str, str]:
    """The org's own field names by what stands for them in declared paths; empty for a field it is not said to have."""
    dated = {"mql_date": connection.mql_date_field, "sql_date": connection.sql_date_field}
    return {
        "locale": checked(connection.locale_field, connection),
        "business_line": checked(connection.business_line_field, connection),
        "visitor": checked(connection.visitor_field, connection),
        **{name: checked(field, connection) if field else "" for name, field in dated.items()},
    }


def checked(identifier: str, connection: SalesforceConnection) -> str:
    """A field name that can be nothing but a field name, since SOQL cannot bind identifiers."""
    if not IDENTIFIER.fullmatch(identifier):
        raise ConfigurationError("A configured field name is not a field name", source=SOURCE, scope=connection.name)
    return identifier


def _missing(path: str, stream: SalesforceStream, connection: SalesforceConnection) -> ConfigurationError:
    return ConfigurationError(
        f"{stream.object_name} has no field {path}, or the account may not see it",
        source=SOURCE,
        scope=connection.name,
        stream=stream.name,
        next_step="Correct the field's name in the connection, or give the integration user access to it.",
    )

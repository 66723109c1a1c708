"""Whose rows are whose, and which pulls bring every scope up to date: pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from connectors.errors import ConfigurationError
from connectors.salesforce.rows import LOCALE
from connectors.salesforce.stream_specs import SOURCE, SalesforceStream
from connectors.specs import LocaleSpec, SalesforceConnection
from connectors.windows import CrmWindow, crm_window


@dataclass(frozen=True, slots=True)
class Scopes:
    """The scopes of an org: a locale claims values; nobody's rows are ``unassigned``, org-wide objects ``shared``."""

    by_value: Mapping[str, str]
    locales: tuple[str, ...]
    unassigned: str
    shared: str

    def of_stream(self, stream: SalesforceStream) -> tuple[str, ...]:
        """The scopes a stream's rows can be in."""
        return (self.shared,) if stream.is_org_wide else (*self.locales, self.unassigned)

    def values_of(self, scopes: Sequence[str]) -> list[str]:
        """The locale values that the scopes claim."""
        return sorted(value for value, scope in self.by_value.items() if scope in scopes)


@dataclass(frozen=True, slots=True)
class Pull:
    """One query of one object: for these scopes, over this window, with these locale values (None: all rows)."""

    scopes: tuple[str, ...]
    window: CrmWindow
    locale_values: tuple[str, ...] | None


def build_scopes(connection: SalesforceConnection, locales: Sequence[LocaleSpec]) -> Scopes:
    """Scopes of the locales on this connection. Raises ConfigurationError when two locales claim one value."""
    by_value: dict[str, str] = {}
    mine = [locale for locale in locales if locale.crm_connection == connection.name]
    for locale in mine:
        for value in locale.crm_locale_values:
            if by_value.setdefault(value, locale.code) != locale.code:
                raise ConfigurationError(
                    f"Locales {by_value[value]} and {locale.code} claim the same locale value",
                    source=SOURCE,
                    scope=connection.name,
                )
    codes = tuple(locale.code for locale in mine)
    return Scopes(by_value, codes, f"unassigned-{connection.name}", f"shared-{connection.name}")


def scope_names(connection: SalesforceConnection, locales: Sequence[LocaleSpec]) -> tuple[str, ...]:
    """Every scope of an org: its locales, then ``unassigned-…`` and ``shared-…``."""
    scopes = build_scopes(connection, locales)
    return (*scopes.locales, scopes.unassigned, scopes.shared)


def plan_pulls(
    stream: SalesforceStream,
    scopes: Scopes,
    cursors: Mapping[str, datetime | None],
    server_now: datetime,
    window: CrmWindow | None = None,
) -> tuple[Pull, ...]:
    """One pull for all scopes that are equally far; a new locale gets a full one of its own.

    ``cursors`` holds the wanted scopes. With a ``window`` that range is pulled whatever the cursors say.
    """
    groups: dict[datetime | None, list[str]] = {}
    for scope in scopes.of_stream(stream):
        if scope in cursors:
            groups.setdefault(None if window else cursors[scope], []).append(scope)
    pulls = []
    for cursor, members in groups.items():
        due = window or crm_window(server_now, cursor)
        if due is None:
            continue
        everything = stream.is_org_wide or scopes.unassigned in members
        if everything:
            # A child row follows its parent into another locale without a change of its own: a scope that is
            # further along would never ask for it again. A new scope gets all that is its own by its own pull.
            further = [scope for scope in cursors if cursors[scope] is not None and scope not in members]
            pulls.append(Pull((*further, *members), due, None))
        else:
            pulls.append(Pull(tuple(members), due, tuple(scopes.values_of(members))))
    return tuple(pulls)


def split_rows(rows: pa.Table, stream: SalesforceStream, scopes: Scopes, wanted: Sequence[str]) -> dict[str, pa.Table]:
    """Rows by scope, for the wanted scopes only (possibly none): others are brought by pulls of their own."""
    content = rows.drop_columns([LOCALE])
    if stream.is_org_wide:
        return {scopes.shared: content}
    values = list(scopes.by_value)
    positions = pc.index_in(rows[LOCALE], value_set=pa.array(values, pa.string()))
    names = pa.array([*(scopes.by_value[value] for value in values), scopes.unassigned])
    row_scopes = names.take(pc.fill_null(positions, len(values)))
    return {scope: content.filter(pc.equal(row_scopes, scope)) for scope in wanted}

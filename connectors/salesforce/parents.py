"""Whose records without a market of their own are: their parents', whose locale values are asked of the org.

A task is about a person (``WhoId``: a lead or a contact) and about a matter (``WhatId``: an opportunity or an account).
A query can follow such a lookup to a name only, never to the parent's own fields (SOQL and SOSL Reference,
"Understanding Relationship Fields and Polymorphic Fields"; TYPEOF is not for bulk queries). So each kind of parent is
asked for by Id when few are wanted, and all of its kind at once when many are; once in a refresh, for all streams.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from simple_salesforce.format import format_soql

from connectors.salesforce.bulk import iter_csv_pages
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.ledger import JobLedger
from connectors.salesforce.rows import LOCALE, parse_csv, parse_records
from connectors.salesforce.stream_specs import PARENTS, Kind

MANY = 2_000
"""From so many Ids on, all of a kind in one bulk job are fewer requests than one for every ``IDS_AT_ONCE``."""

IDS_AT_ONCE = 200


class ParentLocales:
    """Locale values of parents, remembered while a refresh lasts. Thread-safe."""

    def __init__(self, client: SalesforceClient, ledger: JobLedger | None = None) -> None:
        field = client.connection.locale_field
        self._kinds = [_Kind(client, ledger, name, prefix, field) for prefix, name in PARENTS.items()]

    def placed(self, rows: pa.Table, columns: Sequence[str]) -> pa.Table:
        """The rows with ``_locale`` set to that of the first of the parents in these columns that has one."""
        found = [kind.locales(rows[column]) for column in columns for kind in self._kinds]
        return rows.set_column(rows.column_names.index(LOCALE), LOCALE, pc.coalesce(*found))


class _Kind:
    """The parents of one object. ``_known`` holds those with a locale, of the Ids asked for so far or of all."""

    def __init__(
        self, client: SalesforceClient, ledger: JobLedger | None, object_name: str, prefix: str, locale_field: str
    ) -> None:
        self._client, self._ledger = client, ledger
        self._object, self._prefix, self._field = object_name, prefix, locale_field
        self._lock = threading.Lock()
        self._asked = pa.array([], pa.string())
        self._known = pa.table({"Id": self._asked, locale_field: self._asked})
        self._has_all = False

    def locales(self, ids: pa.ChunkedArray) -> pa.ChunkedArray:
        """The locale value of each Id; null for Ids of other kinds, unknown ones, and parents without one."""
        mine = pc.if_else(pc.fill_null(pc.starts_with(ids, self._prefix), False), ids, None)
        wanted = mine.unique().drop_null()
        if not len(wanted):
            return pa.chunked_array([pa.nulls(len(ids), pa.string())])
        with self._lock:
            if not self._has_all:
                self._learn(wanted.filter(pc.invert(pc.is_in(wanted, value_set=self._asked))))
            known = self._known
        places = pc.index_in(mine, value_set=known["Id"].combine_chunks())
        return known[self._field].take(places)

    def _learn(self, ids: pa.Array) -> None:
        if len(ids) > MANY:
            pages = [self._known.slice(0, 0), *self._all()]
            self._known, self._has_all = pa.concat_tables(pages).combine_chunks(), True
        elif len(ids):
            pages = [self._known, *self._some(ids.to_pylist())]
            self._known = pa.concat_tables(pages).combine_chunks()
            self._asked = pa.concat_arrays([self._asked, ids])

    def _some(self, ids: Sequence[str]) -> Iterator[pa.Table]:
        select = f"SELECT Id, {self._field} FROM {self._object} WHERE Id IN {{}}"
        for start in range(0, len(ids), IDS_AT_ONCE):
            some = list(ids[start : start + IDS_AT_ONCE])
            for records in self._client.iter_records(format_soql(select, some)):
                yield self._with_locale(parse_records(records, self._selected))

    def _all(self) -> Iterator[pa.Table]:
        query = f"SELECT Id, {self._field} FROM {self._object} WHERE {self._field} != null"
        for page in iter_csv_pages(self._client, self._object, query, self._ledger):
            yield self._with_locale(parse_csv(page.content, page.rows, self._selected))

    @property
    def _selected(self) -> dict[str, Kind]:
        return {"Id": "id", self._field: "text"}

    def _with_locale(self, page: pa.Table) -> pa.Table:
        return page.filter(pc.is_valid(page[self._field]))

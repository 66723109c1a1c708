"""Run a parsed query against an org's records at an instant: masks, one sort, one slice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.faults import Action
from sandbox.vendors.rows import moved
from sandbox.vendors.salesforce.archive import is_archived
from sandbox.vendors.salesforce.conditions import comparable, mask_of
from sandbox.vendors.salesforce.data import Column, OrgData
from sandbox.vendors.salesforce.errors import SalesforceError
from sandbox.vendors.salesforce.objects import ObjectSpec
from sandbox.vendors.salesforce.soql_syntax import Order, Query

MAX_OFFSET = 2_000


@dataclass(frozen=True)
class Result:
    """What a query selected: its object, one row a record with the selected paths as columns, and the records' ids.

    Column names are paths joined by dots, in the org's own spelling. ``parent_ids`` holds, for each
    relationship used, that parent's id or null, and ``parent_types`` says what object it is.
    """

    object_name: str
    rows: pa.Table
    ids: pa.ChunkedArray
    parent_ids: dict[str, pa.ChunkedArray]
    parent_types: dict[str, str]

    def slice(self, start: int, count: int) -> Result:
        """A page of it."""
        parents = {name: column.slice(start, count) for name, column in self.parent_ids.items()}
        rows, ids = self.rows.slice(start, count), self.ids.slice(start, count)
        return Result(self.object_name, rows, ids, parents, self.parent_types)

    def under(self, action: Action) -> Result:
        """A page of which a fault lost, repeated or moved rows, or turned the columns round."""
        rows = self.rows.select(self.rows.column_names[::-1]) if action.shuffle_headers else self.rows
        places = moved(rows.num_rows, action)
        if places is None:
            return replace(self, rows=rows)
        parents = {name: column.take(pa.array(places)) for name, column in self.parent_ids.items()}
        return replace(self, rows=rows.take(places), ids=self.ids.take(places), parent_ids=parents)


def run(query: Query, data: OrgData, now: datetime, *, with_deleted: bool) -> Result:
    """Answer a query as of ``now``; the recycle bin is seen only ``with_deleted``. Raises SalesforceError."""
    spec = data.spec(query.object_name)
    table = data.current(spec.name, now)
    columns = [data.column(spec, path, now) for path in query.select]
    places = _places(query, spec, data, now, with_deleted=with_deleted)
    relationships = {column.path[0] for column in columns if len(column.path) > 1}
    ids = table["Id"].take(places)
    return Result(
        spec.name,
        pa.table({".".join(column.path): column.values.take(places) for column in columns} or {"Id": ids}),
        ids,
        {name: data.column(spec, (name, "Id"), now).values.take(places) for name in relationships},
        {**dict(spec.lookups.values()), **{name: "Name" for name, _ in spec.polymorphic.values()}},
    )


def check(query: Query, data: OrgData, now: datetime) -> None:
    """Raise what running the query would raise for a name or literal that is wrong, without the work."""
    spec = data.spec(query.object_name)
    for path in (*query.select, *(order.path for order in query.order_by)):
        data.column(spec, path, now)
    if query.where is not None:
        mask_of(query.where, lambda path: _sample(data.column(spec, path, now)))


def _sample(column: Column) -> Column:
    return Column(column.path, column.values.slice(0, 1), column.is_id)


def _places(query: Query, spec: ObjectSpec, data: OrgData, now: datetime, *, with_deleted: bool) -> pa.Array:
    table = data.current(spec.name, now)
    places = pa.array(np.arange(table.num_rows))
    if query.where is not None:
        places = places.filter(mask_of(query.where, lambda path: data.column(spec, path, now)).combine_chunks())
    if not with_deleted and "IsDeleted" in table.column_names:
        places = places.filter(pc.invert(table["IsDeleted"].take(places)).combine_chunks())
    if not with_deleted and "ActivityDate" in table.column_names:
        places = places.filter(pc.invert(is_archived(table, now)).take(places).combine_chunks())
    if query.order_by:
        keys = [(order, data.column(spec, order.path, now)) for order in query.order_by]
        places = _sorted(places, keys)
    if query.offset > MAX_OFFSET:
        raise SalesforceError("NUMBER_OUTSIDE_VALID_RANGE", f"Maximum SOQL offset allowed is {MAX_OFFSET}")
    return places.slice(query.offset, query.limit)


def _sorted(places: pa.Array, keys: list[tuple[Order, Column]]) -> pa.Array:
    """Sorted by all keys, ties in order of Id; each key has its own rule for nulls, so they become a key before it."""
    columns: dict[str, pa.ChunkedArray] = {}
    sort_keys: list[tuple[str, str]] = []
    for position, (order, column) in enumerate(keys):
        values = comparable(column).take(places)
        columns[f"null{position}"] = pc.is_null(values)
        sort_keys.append((f"null{position}", "ascending" if order.is_nulls_last else "descending"))
        columns[f"value{position}"] = values
        sort_keys.append((f"value{position}", "descending" if order.is_descending else "ascending"))
    return places.take(pc.sort_indices(pa.table(columns), sort_keys=sort_keys))

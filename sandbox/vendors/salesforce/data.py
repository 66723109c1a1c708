"""An org's records as they stand at an instant: the newest version committed by then, unless it was purged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.company.locales import Org
from sandbox.vendors.company import CrmRecords
from sandbox.vendors.memo import Memo
from sandbox.vendors.salesforce.errors import no_such_column, no_such_object
from sandbox.vendors.salesforce.objects import ObjectSpec, objects_of

_BOOKKEEPING = ("commit_at", "is_purged")
# Little more than one org's objects at one instant: what was true on a day gone by is let go.
_KEPT = 20


@dataclass(frozen=True)
class Column:
    """A resolved field path: its API names, the column of values a row, and whether they are record ids."""

    path: tuple[str, ...]
    values: pa.ChunkedArray
    is_id: bool


class OrgData:
    """One org's objects. Everything is computed once an (object, instant) and shared between requests."""

    def __init__(self, company: CrmRecords, org: Org) -> None:
        self.org = org
        self.objects = objects_of(org)
        self._company = company
        self._current: Memo[tuple[str, datetime], pa.Table] = Memo(_KEPT)
        self._parents: Memo[tuple[str, str, datetime], pa.Array] = Memo(_KEPT)

    def spec(self, name: str) -> ObjectSpec:
        """An object by its name in any case. Raises SalesforceError INVALID_TYPE."""
        for known, spec in self.objects.items():
            if known.upper() == name.upper():
                return spec
        raise no_such_object(name)

    def schema(self, object_name: str) -> pa.Schema:
        """The object's fields, in order, without the generator's bookkeeping."""
        schema = self._company.crm_versions(self.org.name, object_name).schema
        return pa.schema([column for column in schema if column.name not in _BOOKKEEPING])

    def latest(self, object_name: str, now: datetime) -> pa.Table:
        """The newest committed version of every record, purged ones included, bookkeeping included."""
        versions = self._company.crm_versions(self.org.name, object_name)
        committed = versions.filter(pc.less_equal(versions["commit_at"], pa.scalar(now, versions["commit_at"].type)))
        ids = pc.dictionary_encode(committed["Id"]).combine_chunks().indices.to_numpy()
        is_last = np.append(ids[1:] != ids[:-1], True)[: len(ids)]
        return committed.filter(pa.array(is_last))

    def current(self, object_name: str, now: datetime) -> pa.Table:
        """The records that exist at ``now``, in order of Id; those in the recycle bin are among them."""

        def compute() -> pa.Table:
            latest = self.latest(object_name, now)
            existing = latest.filter(pc.invert(latest["is_purged"])).drop_columns(list(_BOOKKEEPING))
            return pa.table({name: _plain(existing[name]) for name in existing.column_names}).combine_chunks()

        return self._current.get((object_name, now), compute)

    def column(self, spec: ObjectSpec, path: tuple[str, ...], now: datetime) -> Column:
        """A field, or a parent's field through lookups (``Lead.Locale__c``). Raises SalesforceError INVALID_FIELD."""
        if len(path) > 1 and path[0].upper() == spec.name.upper():
            path = path[1:]  # a query may qualify its own object's fields
        if len(path) == 1:
            name = self._field_name(spec, path[0])
            return Column((name,), self.current(spec.name, now)[name], name == "Id" or spec.is_reference(name))
        several = self._polymorphic(spec, path[0])
        if several is not None:
            return self._of_name(spec, several, path[1:], now)
        field, relationship, parent = self._lookup(spec, path[0])
        inner = self.column(self.objects[parent], path[1:], now)
        places = self._parents.get((spec.name, field, now), lambda: self._places(spec, field, parent, now))
        return Column((relationship, *inner.path), inner.values.take(places), inner.is_id)

    def _places(self, spec: ObjectSpec, field: str, parent: str, now: datetime) -> pa.Array:
        """For every row of the object, its parent's row, or null without one."""
        parents = self.current(parent, now)["Id"].combine_chunks()
        return pc.index_in(self.current(spec.name, now)[field].combine_chunks(), value_set=parents)

    def _field_name(self, spec: ObjectSpec, name: str) -> str:
        for known in self.schema(spec.name).names:
            if known.upper() == name.upper():
                return str(known)
        raise no_such_column(name, spec.name)

    def _polymorphic(self, spec: ObjectSpec, name: str) -> str | None:
        """The polymorphic field of this relationship name, if it is one."""
        found = (one for one, (relationship, _) in spec.polymorphic.items() if relationship.upper() == name.upper())
        return next(found, None)

    def _of_name(self, spec: ObjectSpec, field: str, path: tuple[str, ...], now: datetime) -> Column:
        """``Who.Id`` and ``Who.Type``. SOQL and SOSL Reference, "Understanding Relationship Fields and Polymorphic
        Fields": such a parent is a Name, which has none of the objects' own fields. Raises SalesforceError."""
        relationship, objects = spec.polymorphic[field]
        ids = self.current(spec.name, now)[field]
        if [step.upper() for step in path] == ["ID"]:
            return Column((relationship, "Id"), ids, is_id=True)
        if [step.upper() for step in path] != ["TYPE"]:
            raise no_such_column(path[0], "Name")
        kinds = pa.array([self.objects[name].prefix for name in objects])
        places = pc.index_in(pc.utf8_slice_codeunits(ids, 0, 3), value_set=kinds).combine_chunks()
        return Column((relationship, "Type"), pa.chunked_array([pa.array(objects).take(places)]), is_id=False)

    def _lookup(self, spec: ObjectSpec, name: str) -> tuple[str, str, str]:
        fields = self.schema(spec.name).names
        for field, (relationship, parent) in spec.lookups.items():
            if relationship.upper() == name.upper() and field in fields:
                return field, relationship, parent
        raise no_such_column(name, spec.name)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Strings as plain strings, however the store keeps them."""
    is_dictionary = pa.types.is_dictionary(column.type)
    return pc.cast(column, pa.string()) if is_dictionary or pa.types.is_large_string(column.type) else column

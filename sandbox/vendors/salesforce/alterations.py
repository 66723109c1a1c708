"""Salesforce faults that change what an org knows: records edited, touched or purged behind everybody's back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sandbox.faults import Action
from sandbox.vendors.company import CrmRecords

Records = int | tuple[str, ...]
_KNOWLEDGE = ("remove_field", "delay_commits", "system_touch", "hard_delete", "edit")


def knowledge_of(action: Action) -> Action:
    """The part of a fault that changes what an org knows."""
    return Action(**{name: getattr(action, name) for name in _KNOWLEDGE})


class AlteredCompany:
    """A company one of whose objects is other than it was, since an instant."""

    def __init__(self, company: CrmRecords, object_name: str, action: Action, since: datetime) -> None:
        self._company = company
        self._object_name = object_name
        self._action = action
        self._since = since

    def crm_versions(self, org: str, object_name: str) -> pa.Table:
        """Every version of every record, those that the fault adds among them."""
        table = self._company.crm_versions(org, object_name)
        if object_name != self._object_name:
            return table
        action = self._action
        if action.edit is not None:
            stamped = {"SystemModstamp": self._since, "LastModifiedDate": self._since} if action.edit.is_stamped else {}
            table = self._changed(table, action.edit.records, {**stamped, **action.edit.fields})
        if action.system_touch:
            table = self._changed(table, action.system_touch, {"SystemModstamp": self._since})
        if action.hard_delete:
            table = self._changed(table, action.hard_delete, {"is_purged": True}, is_last=True)
        if action.delay_commits:
            late = pc.add(table["commit_at"], pa.scalar(timedelta(seconds=action.delay_commits), pa.duration("ms")))
            table = table.set_column(table.column_names.index("commit_at"), "commit_at", late)
        return table if action.remove_field is None else _without(table, action.remove_field)

    def _changed(
        self, table: pa.Table, records: Records, values: Mapping[str, Any], *, is_last: bool = False
    ) -> pa.Table:
        """A version more of each record, committed when the fault began; ``is_last`` when nothing comes after it."""
        is_past = pc.less_equal(table["commit_at"], pa.scalar(self._since, table["commit_at"].type))
        newest = {row["Id"]: row for row in table.filter(is_past).to_pylist()}
        living = [record_id for record_id, row in newest.items() if not row["is_purged"]]
        chosen = living[:records] if isinstance(records, int) else [one for one in records if one in living]
        if is_last:
            is_chosen = pc.is_in(table["Id"].cast(pa.string()), value_set=pa.array(chosen, pa.string()))
            table = table.filter(pc.invert(pc.and_(is_chosen, pc.invert(is_past))))
        typed = {name: _typed(table.schema.field(name).type, value) for name, value in _known(table, values).items()}
        rows = [{**newest[record_id], **typed, "commit_at": self._since} for record_id in chosen]
        added = pa.Table.from_pylist(rows, table.schema)
        return pa.concat_tables([table, added]).sort_by([("Id", "ascending"), ("commit_at", "ascending")])


def _known(table: pa.Table, values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in values.items() if name in table.column_names}


def _typed(kind: pa.DataType, value: Any) -> Any:
    readers: tuple[tuple[Callable[[pa.DataType], bool], Callable[[str], Any]], ...] = (
        (pa.types.is_timestamp, datetime.fromisoformat),
        (pa.types.is_date, date.fromisoformat),
        (pa.types.is_decimal, Decimal),
    )
    if isinstance(value, str):
        return next((read(value) for is_kind, read in readers if is_kind(kind)), value)
    return Decimal(str(value)) if pa.types.is_decimal(kind) and isinstance(value, float | int) else value


def _without(table: pa.Table, name: str) -> pa.Table:
    return table.drop_columns([name]) if name in table.column_names else table

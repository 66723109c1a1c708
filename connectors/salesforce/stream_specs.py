"""How a stream of an org is declared; the declarations are in ``streams`` and ``sales_streams``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from connectors.landing.dataset import Dataset

SOURCE = "salesforce"

PARENTS = {"00Q": "Lead", "003": "Contact", "006": "Opportunity", "001": "Account"}
"""Objects that have a locale and that others point at through polymorphic lookups, by the first characters of their
Ids, which are Salesforce's own and the same in every org."""

Kind = Literal[
    "text",
    "id",
    "instant",
    "date",
    "boolean",
    "money",
    "rate",
    "whole",
    "email",
    "visitor",
    "currency",
    "history_field",
    "history_value",
]

_INSTANT = pa.timestamp("us", "UTC")
_MONEY = pa.decimal128(18, 4)
_RATE = pa.decimal128(28, 12)


def arrow_type(kind: Kind) -> pa.DataType:
    """The landed type of a kind of field."""
    exact = {"money": _MONEY, "rate": _RATE, "whole": pa.int64()}
    return {"instant": _INSTANT, "date": pa.date32(), "boolean": pa.bool_(), **exact}.get(kind, pa.string())


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """A landed column and the API path it comes from. An optional one is null where the org has no such field."""

    name: str
    path: str
    kind: Kind = "text"
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class SalesforceStream:
    """One object. ``cursor`` orders its changes; ``locale_paths`` say whose a row is, the first that is filled."""

    name: str
    object_name: str
    fields: tuple[FieldSpec, ...]
    locale_paths: tuple[str, ...] = ("{locale}",)
    cursor: str = "SystemModstamp"
    parent_columns: tuple[str, ...] = ()
    """Instead of locale paths: landed columns with the Ids of parents of several kinds, whose locales are asked for
    (``parents``), the first that is filled. A query sees no field of such a parent but its name."""
    history_fields: tuple[tuple[str, str], ...] = ()
    """Of a field history: the org's names of the fields whose changes are taken, and what they land as."""
    tracks_removal: bool = False
    """Whether a record that is gone for good is landed as deleted. Not histories, which happened, and not campaign
    members: of two leads' memberships a merge destroys one for good, and that person did respond."""
    is_optional: bool = False
    """Whether an org may lack the object."""
    has_recycle_bin: bool = True
    """Whether its records can be deleted and restored; setup objects' cannot."""

    @property
    def is_org_wide(self) -> bool:
        """Whether its rows belong to no locale."""
        return not (self.locale_paths or self.parent_columns)

    @property
    def is_field_history(self) -> bool:
        """Whether it holds changes of fields, of which we take a few."""
        return bool(self.history_fields)

    @property
    def all_fields(self) -> tuple[FieldSpec, ...]:
        """The fields every stream has, then its own."""
        return (
            FieldSpec("id", "Id", "id"),
            FieldSpec(
                "is_deleted", "IsDeleted", "boolean", is_optional=self.is_field_history or not self.has_recycle_bin
            ),
            FieldSpec("system_modstamp", self.cursor, "instant"),
            FieldSpec("created_date", "CreatedDate", "instant"),
            *self.fields,
        )

    @property
    def dataset(self) -> Dataset:
        """Where it lands."""
        schema = pa.schema([pa.field(field.name, arrow_type(field.kind)) for field in self.all_fields])
        return Dataset(SOURCE, self.name, schema, "changes", "system_modstamp", ("id", "system_modstamp"))

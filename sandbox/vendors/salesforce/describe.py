"""describe: what an org says of its objects and fields. Read off the data's columns, so it cannot disagree with it."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from sandbox.vendors.salesforce.data import OrgData
from sandbox.vendors.salesforce.objects import ObjectSpec

_PICKLISTS = {
    "Status", "StageName", "LeadSource", "Type", "CurrencyIsoCode", "Role", "Industry", "Field", "IsoCode",
    "Family", "TaskSubtype", "EventSubtype", "Revenue_Type__c", "DataType",
}  # fmt: skip
_BY_NAME = {"Email": "email", "Phone": "phone", "MobilePhone": "phone", "Website": "url", "Description": "textarea"}
_SYSTEM = {
    "Id", "IsDeleted", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp",
    "MasterRecordId", "IsConverted", "ConvertedDate",
}  # fmt: skip


def sobjects(data: OrgData, base: str) -> dict[str, Any]:
    """The list of objects: ``GET …/sobjects``."""
    items = [_summary(spec, base) for spec in data.objects.values()]
    return {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": items}


def describe(
    data: OrgData, spec: ObjectSpec, base: str, calculated: str | None = None, compound: str | None = None
) -> dict[str, Any]:
    """One object with all its fields: ``GET …/sobjects/<Object>/describe``.

    ``calculated`` names a field that passes for a formula, ``compound`` one that passes for an address.
    """
    fields = [_field(spec, column) for column in data.schema(spec.name)]
    for field in fields:
        field["calculated"] = field["name"] == calculated
        field["type"] = "address" if field["name"] == compound else field["type"]
    return {**_summary(spec, base), "fields": fields, "childRelationships": [], "recordTypeInfos": []}


def _summary(spec: ObjectSpec, base: str) -> dict[str, Any]:
    url = f"{base}/sobjects/{spec.name}"
    return {
        "name": spec.name,
        "label": spec.name,
        "labelPlural": f"{spec.name}s",
        "keyPrefix": spec.prefix,
        "custom": False,
        "queryable": True,
        "retrieveable": True,
        "replicateable": spec.is_replicateable,
        "createable": False,
        "updateable": False,
        "deletable": False,
        "urls": {"sobject": url, "describe": f"{url}/describe", "rowTemplate": url + "/{ID}"},
    }


def _field(spec: ObjectSpec, column: pa.Field) -> dict[str, Any]:
    name, kind = column.name, _type(spec, column)
    relationship, parents = _parents(spec, name)
    is_decimal = pa.types.is_decimal(column.type)
    return {
        "name": name,
        "label": name.removesuffix("__c").replace("_", " "),
        "type": kind,
        "length": {"id": 18, "reference": 18, "email": 80, "phone": 40}.get(kind, 255 if kind == "string" else 0),
        "precision": column.type.precision if is_decimal else 0,
        "scale": column.type.scale if is_decimal else 0,
        "calculated": False,
        "custom": name.endswith("__c"),
        "filterable": kind != "textarea",
        "sortable": kind != "textarea",
        "groupable": kind not in {"textarea", "datetime", "currency"},
        "nillable": name not in _SYSTEM,
        "createable": name not in _SYSTEM,
        "updateable": name not in _SYSTEM,
        "defaultedOnCreate": name in _SYSTEM,
        "externalId": False,
        "unique": False,
        "relationshipName": relationship,
        "referenceTo": list(parents),
        "polymorphicForeignKey": len(parents) > 1,
        "picklistValues": [],
    }


def _parents(spec: ObjectSpec, name: str) -> tuple[str | None, tuple[str, ...]]:
    """The relationship name of a lookup, and the objects it may point to."""
    if name in spec.lookups:
        relationship, parent = spec.lookups[name]
        return relationship, (parent,)
    return spec.polymorphic.get(name, (None, ()))


def _type(spec: ObjectSpec, column: pa.Field) -> str:
    if column.name == "Id":
        return "id"
    if spec.is_reference(column.name):
        return "reference"
    if column.name in _PICKLISTS:
        return "picklist"
    if column.name in _BY_NAME:
        return _BY_NAME[column.name]
    tests = (
        (pa.types.is_boolean, "boolean"),
        (pa.types.is_timestamp, "datetime"),
        (pa.types.is_date, "date"),
        (pa.types.is_integer, "int"),
        (pa.types.is_floating, "double"),
        (pa.types.is_decimal, "double" if column.name.endswith("Rate") else "currency"),
    )
    return next((word for test, word in tests if test(column.type)), "string")

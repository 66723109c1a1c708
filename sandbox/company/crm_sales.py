"""What sales leaves in Salesforce: products, lines of deals, tasks, events, and who changed a deal's fields."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sandbox.company import names
from sandbox.company.crm_columns import (
    BOOL,
    DATE,
    INSTANT,
    MONEY,
    STRING,
    Column,
    cents,
    common_columns,
    text_column,
)
from sandbox.company.ids import IdMint
from sandbox.company.instants import day_date, visible_from
from sandbox.company.locales import ORGS
from sandbox.company.records import Activity, Deal, Fields, World
from sandbox.company.vocabulary import STAGES

_MEETING_SECONDS = 3_600
TRACKS_DEAL_FIELDS = frozenset({"global"})
"""The orgs that keep a history of their deals' fields. Where it is off, the object does not exist."""


def product_columns(org: str) -> list[Column]:
    """Product2: of the whole org."""
    return [
        *common_columns(),
        text_column("Name", "name"),
        text_column("ProductCode", "code"),
        text_column("Family", "family"),
        ("IsActive", BOOL, lambda product, fields: fields["is_active"]),
        text_column("Revenue_Type__c", "revenue_type"),
    ]


def line_columns(org: str) -> list[Column]:
    """OpportunityLineItem; the currency field exists in the multi-currency org only."""
    currency = [text_column("CurrencyIsoCode", "currency")] if ORGS[org].is_multi_currency else []
    return [
        *common_columns(),
        text_column("OpportunityId", "deal_id"),
        text_column("Product2Id", "product_id"),
        ("Quantity", MONEY, lambda line, fields: Decimal(fields["quantity"])),
        ("UnitPrice", MONEY, lambda line, fields: cents(fields["unit_price"])),
        ("TotalPrice", MONEY, lambda line, fields: cents(fields["unit_price"] * fields["quantity"])),
        *currency,
        ("ServiceDate", DATE, lambda line, fields: _day(fields["service_day"])),
        ("SortOrder", pa.int64(), lambda line, fields: fields["position"]),
    ]


def _activity_columns() -> list[Column]:
    return [
        *common_columns(),
        ("Subject", STRING, lambda one, fields: f"{one.subtype}: {_name(one)}"),
        ("Description", STRING, _description),
        text_column("WhoId", "who"),
        text_column("WhatId", "what"),
        text_column("AccountId", "account"),
        text_column("OwnerId", "owner"),
        ("ActivityDate", DATE, lambda one, fields: day_date(fields["day"])),
    ]


def task_columns(org: str) -> list[Column]:
    """Task, with text that names people: whoever reads it must know what not to ask for."""
    return [
        *_activity_columns(),
        text_column("Status", "status"),
        ("IsClosed", BOOL, lambda task, fields: fields["status"] == "Completed"),
        ("TaskSubtype", STRING, lambda task, fields: task.subtype),
        ("CompletedDateTime", INSTANT, lambda task, fields: _instant(fields["done_at"])),
    ]


def event_columns(org: str) -> list[Column]:
    """Event: a meeting."""
    return [
        *_activity_columns(),
        ("StartDateTime", INSTANT, lambda event, fields: _instant(fields["due_at"])),
        ("EndDateTime", INSTANT, lambda event, fields: _instant(fields["due_at"] + _MEETING_SECONDS)),
        ("EventSubtype", STRING, lambda event, fields: "Event"),
    ]


RENDERED: dict[str, tuple[str, Callable[[str], list[Column]]]] = {
    "Product2": ("products", product_columns),
    "OpportunityLineItem": ("lines", line_columns),
    "Task": ("tasks", task_columns),
    "Event": ("meetings", event_columns),
}

_Row = tuple[Deal, int, str, str | None, str | None, str]


def deal_field_history(world: World, org: str, desks: dict[str, str]) -> pa.Table:
    """OpportunityFieldHistory: a row a changed field; of a lookup two, one with the Ids and one with the names.

    ``desks`` are the owners' names by Id.
    """
    rows = [row for deal in world.deals if deal.org == org and deal.history for row in _changes(deal, org, desks)]
    mint = IdMint("OpportunityFieldHistory", ORGS[org].id_pod)
    stamps: list[object] = [at * 1_000 for _, at, *_ in rows]
    columns: dict[str, tuple[pa.DataType, list[Any]]] = {
        "Id": (STRING, [mint() for _ in rows]),
        "IsDeleted": (BOOL, [False] * len(rows)),
        "OpportunityId": (STRING, [deal.id for deal, *_ in rows]),
        "CreatedDate": (INSTANT, stamps),
        "Field": (STRING, [field for _, _, field, *_ in rows]),
        "DataType": (STRING, [kind for *_, kind in rows]),
        "OldValue": (STRING, [old for *_, old, _, _ in rows]),
        "NewValue": (STRING, [new for *_, new, _ in rows]),
        "commit_at": (INSTANT, [visible_from(at) * 1_000 for _, at, *_ in rows]),
        "is_purged": (BOOL, [False] * len(rows)),
    }
    return pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})


def _changes(deal: Deal, org: str, desks: dict[str, str]) -> list[_Row]:
    rows: list[_Row] = [(deal, deal.updates[0][0], "created", None, None, "Text")]
    before = deal.updates[0][1]
    for at, update in deal.updates[1:]:
        after = before | update
        for key, (field, kind, spelt) in _TRACKED.items():
            if before[key] != after[key]:
                rows.append((deal, at, field, spelt(before[key], org), spelt(after[key], org), kind))
        if before["owner"] != after["owner"]:
            old, new = before["owner"], after["owner"]
            rows += [(deal, at, "Owner", desks[old], desks[new], "Text"), (deal, at, "Owner", old, new, "EntityId")]
        before = after
    return rows


_TRACKED: dict[str, tuple[str, str, Callable[[Any, str], str | None]]] = {
    "stage": ("StageName", "DynamicEnum", lambda value, org: STAGES[org][value]),
    "amount": ("Amount", "Currency", lambda value, org: None if value is None else str(cents(value))),
    "close_day": ("CloseDate", "DateOnly", lambda value, org: day_date(value).isoformat()),
}


def _name(activity: Activity) -> str:
    return f"{names.first_name(activity.person, 'en')} {names.last_name(activity.person, 'en')}"


def _description(activity: Activity, fields: Fields) -> str | None:
    if activity.person % 3:
        return None
    return f"Spoke to {_name(activity)},\n{names.address(activity.person)}, +99 555 {activity.person:07d}"


def _day(number: int | None) -> Any:
    return None if number is None else day_date(number)


def _instant(at: int | None) -> int | None:
    return None if at is None else at * 1_000

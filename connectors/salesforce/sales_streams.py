"""What is taken of sales' own work: what is sold, what is done for it, and who changed a deal.

The subjects and descriptions of tasks and events are free text about people, and are never asked for. Activities older
than a year are archived, which plain queries do not see; ours are all ``queryAll``.
"""

from __future__ import annotations

from connectors.salesforce.stream_specs import FieldSpec, SalesforceStream

_OPPORTUNITY = FieldSpec("opportunity_id", "OpportunityId", "id")
_CURRENCY = FieldSpec("currency_iso_code", "CurrencyIsoCode", "currency", is_optional=True)

OPPORTUNITY_FIELD_HISTORY = SalesforceStream(
    "opportunity_field_history",
    "OpportunityFieldHistory",
    (
        _OPPORTUNITY,
        FieldSpec("field", "Field", "history_field"),
        FieldSpec("old_value", "OldValue", "history_value"),
        FieldSpec("new_value", "NewValue", "history_value"),
    ),
    locale_paths=("Opportunity.{locale}",),
    cursor="CreatedDate",  # history rows are never changed, and have no SystemModstamp
    history_fields=(("StageName", "stage_name"), ("Amount", "amount"), ("CloseDate", "close_date"), ("Owner", "owner")),
    is_optional=True,  # exists where the org tracks its deals' fields
)

OPPORTUNITY_LINE_ITEM = SalesforceStream(
    "opportunity_line_item",
    "OpportunityLineItem",
    (
        _OPPORTUNITY,
        FieldSpec("product2_id", "Product2Id", "id"),
        FieldSpec("quantity", "Quantity", "money"),
        FieldSpec("unit_price", "UnitPrice", "money"),
        FieldSpec("total_price", "TotalPrice", "money"),
        _CURRENCY,
        FieldSpec("service_date", "ServiceDate", "date"),
    ),
    locale_paths=("Opportunity.{locale}",),
    tracks_removal=True,
    is_optional=True,  # exists where the org uses products
)

PRODUCT = SalesforceStream(
    "product2",
    "Product2",
    (
        FieldSpec("name", "Name"),
        FieldSpec("product_code", "ProductCode"),
        FieldSpec("family", "Family"),
        FieldSpec("is_active", "IsActive", "boolean"),
        FieldSpec("revenue_type", "Revenue_Type__c", is_optional=True),
    ),
    locale_paths=(),
    tracks_removal=True,
    is_optional=True,
)

_ABOUT = (
    FieldSpec("who_id", "WhoId", "id"),
    FieldSpec("what_id", "WhatId", "id"),
    FieldSpec("account_id", "AccountId", "id"),
    FieldSpec("owner_id", "OwnerId", "id"),
    FieldSpec("activity_date", "ActivityDate", "date"),
)

TASK = SalesforceStream(
    "task",
    "Task",
    (
        *_ABOUT,
        FieldSpec("status", "Status"),
        FieldSpec("is_closed", "IsClosed", "boolean"),
        FieldSpec("task_subtype", "TaskSubtype"),
        FieldSpec("completed_date_time", "CompletedDateTime", "instant", is_optional=True),
        FieldSpec("last_modified_date", "LastModifiedDate", "instant"),
    ),
    locale_paths=(),
    parent_columns=("who_id", "what_id"),
    tracks_removal=True,
    is_optional=True,  # visible to users who may access activities
)

EVENT = SalesforceStream(
    "event",
    "Event",
    (
        *_ABOUT,
        FieldSpec("start_date_time", "StartDateTime", "instant"),
        FieldSpec("event_subtype", "EventSubtype"),
        FieldSpec("last_modified_date", "LastModifiedDate", "instant"),
    ),
    locale_paths=(),
    parent_columns=("who_id", "what_id"),
    tracks_removal=True,
    is_optional=True,  # visible to users who may access activities
)

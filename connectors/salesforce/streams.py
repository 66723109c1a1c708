"""What is taken of an org, frozen. Nothing personal but the e-mail address and the client id, which are HMACed.

``{locale}``, ``{business_line}`` and ``{visitor}`` stand for the org's own custom fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from connectors.landing.dataset import Dataset

SOURCE = "salesforce"

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
        return not self.locale_paths

    @property
    def is_field_history(self) -> bool:
        """Whether it holds changes of fields, of which we take a few."""
        return any(field.kind == "history_field" for field in self.fields)

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


_LOCALE = FieldSpec("locale_value", "{locale}")
_BUSINESS_LINE = FieldSpec("business_line_value", "{business_line}")
_MASTER = FieldSpec("master_record_id", "MasterRecordId", "id")
_EMAIL = FieldSpec("email_key", "Email", "email")
_OWNER = FieldSpec("owner_id", "OwnerId", "id")
_AMOUNT = FieldSpec("amount", "Amount", "money")
_CURRENCY = FieldSpec("currency_iso_code", "CurrencyIsoCode", "currency", is_optional=True)
_CLOSE_DATE = FieldSpec("close_date", "CloseDate", "date")

LEAD = SalesforceStream(
    "lead",
    "Lead",
    (
        _MASTER,
        _EMAIL,
        FieldSpec("status", "Status"),
        FieldSpec("is_converted", "IsConverted", "boolean"),
        FieldSpec("converted_date", "ConvertedDate", "date"),
        FieldSpec("converted_contact_id", "ConvertedContactId", "id"),
        FieldSpec("converted_account_id", "ConvertedAccountId", "id"),
        FieldSpec("converted_opportunity_id", "ConvertedOpportunityId", "id"),
        FieldSpec("lead_source", "LeadSource"),
        _OWNER,
        FieldSpec("country", "Country", is_optional=True),
        _LOCALE,
        _BUSINESS_LINE,
        FieldSpec("visitor_key", "{visitor}", "visitor"),
    ),
    tracks_removal=True,
)

LEAD_HISTORY = SalesforceStream(
    "lead_history",
    "LeadHistory",
    (
        FieldSpec("lead_id", "LeadId", "id"),
        FieldSpec("field", "Field", "history_field"),
        FieldSpec("old_value", "OldValue"),
        FieldSpec("new_value", "NewValue"),
    ),
    locale_paths=("Lead.{locale}",),
    cursor="CreatedDate",  # history rows are never changed, and have no SystemModstamp
)

CONTACT = SalesforceStream(
    "contact",
    "Contact",
    (_MASTER, FieldSpec("account_id", "AccountId", "id"), _EMAIL, _OWNER, _LOCALE),
    tracks_removal=True,
)

ACCOUNT = SalesforceStream(
    "account", "Account", (_MASTER, FieldSpec("parent_id", "ParentId", "id"), _LOCALE), tracks_removal=True
)

OPPORTUNITY = SalesforceStream(
    "opportunity",
    "Opportunity",
    (
        FieldSpec("account_id", "AccountId", "id"),
        FieldSpec("stage_name", "StageName"),
        _AMOUNT,
        _CURRENCY,
        _CLOSE_DATE,
        FieldSpec("is_won", "IsWon", "boolean"),
        FieldSpec("is_closed", "IsClosed", "boolean"),
        FieldSpec("type", "Type"),
        FieldSpec("lead_source", "LeadSource"),
        _OWNER,
        FieldSpec("campaign_id", "CampaignId", "id"),
        _LOCALE,
        _BUSINESS_LINE,
    ),
    tracks_removal=True,
)

OPPORTUNITY_HISTORY = SalesforceStream(
    "opportunity_history",
    "OpportunityHistory",
    (
        FieldSpec("opportunity_id", "OpportunityId", "id"),
        FieldSpec("stage_name", "StageName"),
        _AMOUNT,
        _CLOSE_DATE,
        _CURRENCY,
    ),
    locale_paths=("Opportunity.{locale}",),
)

OPPORTUNITY_CONTACT_ROLE = SalesforceStream(
    "opportunity_contact_role",
    "OpportunityContactRole",
    (
        FieldSpec("opportunity_id", "OpportunityId", "id"),
        FieldSpec("contact_id", "ContactId", "id"),
        FieldSpec("is_primary", "IsPrimary", "boolean"),
    ),
    locale_paths=("Opportunity.{locale}",),
    tracks_removal=True,
)

CAMPAIGN = SalesforceStream(
    "campaign",
    "Campaign",
    (
        FieldSpec("name", "Name"),
        FieldSpec("type", "Type"),
        FieldSpec("status", "Status"),
        FieldSpec("start_date", "StartDate", "date"),
        FieldSpec("end_date", "EndDate", "date"),
        FieldSpec("campaign_code", "Campaign_Code__c", is_optional=True),
    ),
    locale_paths=(),
    tracks_removal=True,
)

CAMPAIGN_MEMBER = SalesforceStream(
    "campaign_member",
    "CampaignMember",
    (
        FieldSpec("campaign_id", "CampaignId", "id"),
        FieldSpec("lead_id", "LeadId", "id"),
        FieldSpec("contact_id", "ContactId", "id"),
        FieldSpec("has_responded", "HasResponded", "boolean"),
        FieldSpec("first_responded_date", "FirstRespondedDate", "date"),
        FieldSpec("status", "Status"),
    ),
    locale_paths=("Lead.{locale}", "Contact.{locale}"),
)

USER = SalesforceStream(
    "user",
    "User",
    (FieldSpec("is_active", "IsActive", "boolean"),),  # owners are told apart by Id; who they are is not ours to know
    locale_paths=(),
    is_optional=True,
    has_recycle_bin=False,
)

CURRENCY_TYPE = SalesforceStream(
    "currency_type",
    "CurrencyType",
    (
        FieldSpec("iso_code", "IsoCode"),
        FieldSpec("conversion_rate", "ConversionRate", "rate"),
        FieldSpec("decimal_places", "DecimalPlaces", "whole"),
        FieldSpec("is_active", "IsActive", "boolean"),
        FieldSpec("is_corporate", "IsCorporate", "boolean"),
    ),
    locale_paths=(),
    is_optional=True,  # multi-currency orgs only
    has_recycle_bin=False,
)

DATED_CONVERSION_RATE = SalesforceStream(
    "dated_conversion_rate",
    "DatedConversionRate",
    (
        FieldSpec("iso_code", "IsoCode"),
        FieldSpec("conversion_rate", "ConversionRate", "rate"),
        FieldSpec("start_date", "StartDate", "date"),
        FieldSpec("next_start_date", "NextStartDate", "date"),
    ),
    locale_paths=(),
    is_optional=True,  # orgs with advanced currency management only
    has_recycle_bin=False,
)

# The largest first, so that the last to finish is a small one.
STREAMS = (
    LEAD_HISTORY,
    LEAD,
    CAMPAIGN_MEMBER,
    OPPORTUNITY_HISTORY,
    OPPORTUNITY,
    CONTACT,
    ACCOUNT,
    OPPORTUNITY_CONTACT_ROLE,
    CAMPAIGN,
    USER,
    CURRENCY_TYPE,
    DATED_CONVERSION_RATE,
)

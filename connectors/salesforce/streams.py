"""What is taken of an org, frozen. Nothing personal but the e-mail address and the client id, which are HMACed.

``{locale}``, ``{business_line}`` and ``{visitor}`` stand for the org's own custom fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from connectors.landing.dataset import Dataset

SOURCE = "salesforce"

Kind = Literal["text", "instant", "date", "boolean", "money", "email", "visitor", "currency", "history_field"]

_INSTANT = pa.timestamp("us", "UTC")
_MONEY = pa.decimal128(18, 4)


def arrow_type(kind: Kind) -> pa.DataType:
    """The landed type of a kind of field."""
    return {"instant": _INSTANT, "date": pa.date32(), "boolean": pa.bool_(), "money": _MONEY}.get(kind, pa.string())


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
            FieldSpec("id", "Id"),
            FieldSpec("is_deleted", "IsDeleted", "boolean", is_optional=self.is_field_history),
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
_MASTER = FieldSpec("master_record_id", "MasterRecordId")
_EMAIL = FieldSpec("email_key", "Email", "email")
_OWNER = FieldSpec("owner_id", "OwnerId")
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
        FieldSpec("converted_contact_id", "ConvertedContactId"),
        FieldSpec("converted_account_id", "ConvertedAccountId"),
        FieldSpec("converted_opportunity_id", "ConvertedOpportunityId"),
        FieldSpec("lead_source", "LeadSource"),
        _OWNER,
        FieldSpec("country", "Country", is_optional=True),
        _LOCALE,
        _BUSINESS_LINE,
        FieldSpec("visitor_key", "{visitor}", "visitor"),
    ),
)

LEAD_HISTORY = SalesforceStream(
    "lead_history",
    "LeadHistory",
    (
        FieldSpec("lead_id", "LeadId"),
        FieldSpec("field", "Field", "history_field"),
        FieldSpec("old_value", "OldValue"),
        FieldSpec("new_value", "NewValue"),
    ),
    locale_paths=("Lead.{locale}",),
    cursor="CreatedDate",  # history rows are never changed, and have no SystemModstamp
)

CONTACT = SalesforceStream(
    "contact", "Contact", (_MASTER, FieldSpec("account_id", "AccountId"), _EMAIL, _OWNER, _LOCALE)
)

ACCOUNT = SalesforceStream("account", "Account", (_MASTER, FieldSpec("parent_id", "ParentId"), _LOCALE))

OPPORTUNITY = SalesforceStream(
    "opportunity",
    "Opportunity",
    (
        FieldSpec("account_id", "AccountId"),
        FieldSpec("stage_name", "StageName"),
        _AMOUNT,
        _CURRENCY,
        _CLOSE_DATE,
        FieldSpec("is_won", "IsWon", "boolean"),
        FieldSpec("is_closed", "IsClosed", "boolean"),
        FieldSpec("type", "Type"),
        FieldSpec("lead_source", "LeadSource"),
        _OWNER,
        FieldSpec("campaign_id", "CampaignId"),
        _LOCALE,
        _BUSINESS_LINE,
    ),
)

OPPORTUNITY_HISTORY = SalesforceStream(
    "opportunity_history",
    "OpportunityHistory",
    (
        FieldSpec("opportunity_id", "OpportunityId"),
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
        FieldSpec("opportunity_id", "OpportunityId"),
        FieldSpec("contact_id", "ContactId"),
        FieldSpec("is_primary", "IsPrimary", "boolean"),
    ),
    locale_paths=("Opportunity.{locale}",),
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
)

CAMPAIGN_MEMBER = SalesforceStream(
    "campaign_member",
    "CampaignMember",
    (
        FieldSpec("campaign_id", "CampaignId"),
        FieldSpec("lead_id", "LeadId"),
        FieldSpec("contact_id", "ContactId"),
        FieldSpec("has_responded", "HasResponded", "boolean"),
        FieldSpec("first_responded_date", "FirstRespondedDate", "date"),
        FieldSpec("status", "Status"),
    ),
    locale_paths=("Lead.{locale}", "Contact.{locale}"),
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
)

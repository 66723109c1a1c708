"""What is taken of an org, frozen. Nothing personal but the e-mail address and the client id, which are HMACed.

``{locale}``, ``{business_line}`` and ``{visitor}`` stand for the org's own custom fields, ``{mql_date}`` and
``{sql_date}`` for those in which it notes when a stage was entered, if it has such.
"""

from __future__ import annotations

from connectors.salesforce.sales_streams import (
    EVENT,
    OPPORTUNITY_FIELD_HISTORY,
    OPPORTUNITY_LINE_ITEM,
    PRODUCT,
    TASK,
)
from connectors.salesforce.stream_specs import FieldSpec, SalesforceStream

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
        FieldSpec("mql_at", "{mql_date}", "instant", is_optional=True),
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
    history_fields=(
        ("Status", "status"),
        ("{locale}", "locale"),
        ("created", "created"),
        ("leadConverted", "lead_converted"),
    ),
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
        FieldSpec("sql_at", "{sql_date}", "instant", is_optional=True),
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
    (  # owners are told apart by Id; who they are is not ours to know, their team is
        FieldSpec("is_active", "IsActive", "boolean"),
        FieldSpec("team", "Department", is_optional=True),
    ),
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
    TASK,
    CAMPAIGN_MEMBER,
    OPPORTUNITY_FIELD_HISTORY,
    OPPORTUNITY_HISTORY,
    OPPORTUNITY,
    OPPORTUNITY_LINE_ITEM,
    EVENT,
    CONTACT,
    ACCOUNT,
    OPPORTUNITY_CONTACT_ROLE,
    CAMPAIGN,
    PRODUCT,
    USER,
    CURRENCY_TYPE,
    DATED_CONVERSION_RATE,
)

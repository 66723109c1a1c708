"""How a simulated record looks in Salesforce: API field name, Arrow type, and the value a version of it shows."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sandbox.company import names
from sandbox.company.instants import day_date, visible_from
from sandbox.company.locales import BY_CODE, ORGS
from sandbox.company.records import Campaign, Contact, Fields, Lead, Record
from sandbox.company.vocabulary import BUSINESS_LINES, LEAD_STATUSES, PROBABILITIES, STAGES

INSTANT = pa.timestamp("ms", tz="UTC")
MONEY = pa.decimal128(18, 2)
STRING, BOOL, DATE = pa.string(), pa.bool_(), pa.date32()
Column = tuple[str, pa.DataType, Callable[[Any, Fields], Any]]


def cents(amount: int | None) -> Decimal | None:
    """Hundredths as the decimal Salesforce stores."""
    return None if amount is None else Decimal(amount).scaleb(-2)


def _day(number: int | None) -> Any:
    return None if number is None else day_date(number)


def _milli(at: int | None) -> int | None:
    return None if at is None else at * 1_000


def _locale_text(fields: Fields) -> str | None:
    code = fields["locale"]
    return BY_CODE[code].crm_value if code else None


def _language(record: Lead | Contact, fields: Fields) -> str:
    return BY_CODE[fields.get("words") or fields["locale"] or "uk"].language


def text_column(name: str, key: str) -> Column:
    """A field that shows one of the record's values as it is."""
    return name, STRING, lambda record, fields: fields[key]


def common_columns() -> list[Column]:
    """What every object has, stamps aside."""
    return [
        ("Id", STRING, lambda record, fields: record.id),
        ("IsDeleted", BOOL, lambda record, fields: fields["deleted"]),
        ("CreatedDate", INSTANT, lambda record, fields: record.created_at * 1_000),
    ]


def _person(org: str) -> list[Column]:
    return [
        ("FirstName", STRING, lambda person, fields: names.first_name(person.person, _language(person, fields))),
        ("LastName", STRING, lambda person, fields: names.last_name(person.person, _language(person, fields))),
        ("Email", STRING, lambda person, fields: fields["email"].text if fields["email"] else None),
        ("Phone", STRING, lambda person, fields: f"+99 555 {person.person:07d}"),
        ("Title", STRING, lambda person, fields: names.TITLES[person.person % len(names.TITLES)]),
        text_column("MasterRecordId", "merged_into"),
        text_column("OwnerId", "owner"),
        (ORGS[org].locale_field, STRING, lambda person, fields: _locale_text(fields)),
    ]


def _line(org: str) -> Column:
    words = BUSINESS_LINES[org]
    return ORGS[org].business_line_field, STRING, lambda record, fields: words[fields["business_line"]]


def lead_columns(org: str) -> list[Column]:
    """Lead, with the org's own names for locale and business line; one org has a field for the day of qualification."""
    dated: list[Column] = [("MQL_Date__c", INSTANT, lambda lead, fields: _milli(fields.get("mql_at")))]
    return [
        *common_columns(),
        *_person(org),
        ("Company", STRING, lambda lead, fields: names.company_name(lead.person)),
        ("Status", STRING, lambda lead, fields: LEAD_STATUSES[fields["words"]][fields["status"]]),
        ("IsConverted", BOOL, lambda lead, fields: fields["contact_id"] is not None),
        ("ConvertedDate", DATE, lambda lead, fields: _day(fields["converted_day"])),
        text_column("ConvertedContactId", "contact_id"),
        text_column("ConvertedAccountId", "account_id"),
        text_column("ConvertedOpportunityId", "deal_id"),
        text_column("LeadSource", "source"),
        ("Country", STRING, lambda lead, fields: BY_CODE[fields["words"]].country),
        _line(org),
        text_column("GA_Client_Id__c", "client_id"),
        *(dated if ORGS[org].is_multi_currency else []),
    ]


def contact_columns(org: str) -> list[Column]:
    """Contact."""
    return [*common_columns(), *_person(org), text_column("AccountId", "account_id")]


def account_columns(org: str) -> list[Column]:
    """Account."""
    return [
        *common_columns(),
        ("Name", STRING, lambda account, fields: names.company_name(fields["number"])),
        ("MasterRecordId", STRING, lambda account, fields: None),
        text_column("ParentId", "parent_id"),
        text_column("OwnerId", "owner"),
        (ORGS[org].locale_field, STRING, lambda account, fields: _locale_text(fields)),
    ]


def deal_columns(org: str) -> list[Column]:
    """Opportunity; the currency field exists in the multi-currency org only."""
    words = STAGES[org]
    currency = [text_column("CurrencyIsoCode", "currency")] if ORGS[org].is_multi_currency else []
    return [
        *common_columns(),
        ("Name", STRING, lambda deal, fields: f"Deal {deal.id[9:15]}"),
        text_column("AccountId", "account_id"),
        ("StageName", STRING, lambda deal, fields: words[fields["stage"]]),
        ("Amount", MONEY, lambda deal, fields: cents(fields["amount"])),
        *currency,
        ("CloseDate", DATE, lambda deal, fields: day_date(fields["close_day"])),
        ("IsWon", BOOL, lambda deal, fields: fields["stage"] == "won"),
        ("IsClosed", BOOL, lambda deal, fields: fields["stage"] in {"won", "lost"}),
        ("Probability", pa.float64(), lambda deal, fields: float(PROBABILITIES[fields["stage"]])),
        text_column("Type", "kind"),
        text_column("LeadSource", "source"),
        text_column("OwnerId", "owner"),
        text_column("CampaignId", "campaign_id"),
        (ORGS[org].locale_field, STRING, lambda deal, fields: _locale_text(fields)),
        _line(org),
    ]


def role_columns(org: str) -> list[Column]:
    """OpportunityContactRole."""
    return [
        *common_columns(),
        text_column("OpportunityId", "deal_id"),
        text_column("ContactId", "contact_id"),
        ("Role", STRING, lambda role, fields: "Decision Maker" if fields["is_primary"] else "Influencer"),
        ("IsPrimary", BOOL, lambda role, fields: fields["is_primary"]),
    ]


def campaign_columns(org: str) -> list[Column]:
    """Campaign: org-wide, its market only in its name."""

    def constant(name: str) -> Callable[[Campaign, Fields], Any]:
        return lambda one, fields: getattr(one, name)

    return [
        *common_columns(),
        ("Name", STRING, constant("name")),
        ("Type", STRING, constant("type")),
        text_column("Status", "status"),
        ("StartDate", DATE, constant("start")),
        ("EndDate", DATE, constant("end")),
        ("IsActive", BOOL, lambda campaign, fields: fields["status"] != "Completed"),
        text_column("OwnerId", "owner"),
        ("Campaign_Code__c", STRING, constant("name")),
    ]


def response_columns(org: str) -> list[Column]:
    """CampaignMember."""
    return [
        *common_columns(),
        text_column("CampaignId", "campaign_id"),
        text_column("LeadId", "lead_id"),
        text_column("ContactId", "contact_id"),
        ("HasResponded", BOOL, lambda response, fields: fields["has_responded"]),
        ("FirstRespondedDate", DATE, lambda response, fields: _day(fields["responded_day"])),
        ("Status", STRING, lambda response, fields: "Responded" if fields["has_responded"] else "Sent"),
    ]


RENDERED: dict[str, tuple[str, Callable[[str], list[Column]]]] = {
    "Lead": ("leads", lead_columns),
    "Contact": ("contacts", contact_columns),
    "Account": ("accounts", account_columns),
    "Opportunity": ("deals", deal_columns),
    "OpportunityContactRole": ("roles", role_columns),
    "Campaign": ("campaigns", campaign_columns),
    "CampaignMember": ("responses", response_columns),
}


def versions(record: Record) -> list[tuple[int, int, Fields]]:
    """Every state of a record that could ever be seen: (stamp, visible from, all fields).

    What becomes visible at the same tick is one version, the last.
    """
    states: dict[int, tuple[int, int, Fields]] = {}
    fields: Fields = {}
    for at, update in record.updates:
        fields = fields | update
        commit = visible_from(at)
        states[commit] = (at, commit, fields)
    return list(states.values())

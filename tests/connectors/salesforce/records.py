"""Records and describe results of a multi-currency org, for the fake."""

from __future__ import annotations

from typing import Any

from connectors.salesforce.streams import STREAMS

CUSTOM = {
    "locale": "Locale__c",
    "business_line": "Business_Line__c",
    "visitor": "GA_Client_Id__c",
    "mql_date": "MQL_Date__c",
    "sql_date": "Accepted__c",
}


def fields_of_org(*without: str) -> dict[str, list[str]]:
    """What describe lists for every object, without some fields."""
    found: dict[str, list[str]] = {}
    for stream in STREAMS:
        names = [field.path.format(**CUSTOM) for field in stream.all_fields]
        if stream.name == "lead_history":
            names.remove("IsDeleted")
        found[stream.object_name] = [name for name in dict.fromkeys(names) if name not in without]
    return found


def lead(number: int, locale: str | None = "NL", **changed: Any) -> dict[str, Any]:
    at = "2026-03-04T05:06:07.000+0000"
    return {
        "attributes": {"type": "Lead"},
        "Id": f"00Q{number:015}",
        "IsDeleted": False,
        "SystemModstamp": at,
        "CreatedDate": at,
        "MasterRecordId": None,
        "Email": f"Person{number}@loom.example",
        "Status": "Nieuw",
        "IsConverted": False,
        "ConvertedDate": None,
        "ConvertedContactId": None,
        "ConvertedAccountId": None,
        "ConvertedOpportunityId": None,
        "LeadSource": "Web",
        "OwnerId": "005000000000001AAA",
        "Country": "NL",
        "Locale__c": locale,
        "Business_Line__c": "Sensors",
        "GA_Client_Id__c": f"{number}.99",
        **changed,
    }


def history(number: int, field: str, old: str | None, new: str | None, locale: str | None = "NL") -> dict[str, Any]:
    return {
        "attributes": {"type": "LeadHistory"},
        "Id": f"017{number:015}",
        "CreatedDate": "2026-03-05T05:06:07.000+0000",
        "LeadId": f"00Q{number:015}",
        "Field": field,
        "OldValue": old,
        "NewValue": new,
        "Lead": {"attributes": {"type": "Lead"}, "Locale__c": locale},
    }


def member(number: int, lead_locale: str | None, contact_locale: str | None) -> dict[str, Any]:
    at = "2026-03-05T05:06:07.000+0000"
    return {
        "Id": f"00v{number:015}",
        "IsDeleted": False,
        "SystemModstamp": at,
        "CreatedDate": at,
        "CampaignId": "701000000000001AAA",
        "LeadId": "00Q000000000001AAA" if lead_locale else None,
        "ContactId": "003000000000001AAA" if contact_locale else None,
        "HasResponded": True,
        "FirstRespondedDate": "2026-03-01",
        "Status": "Responded",
        "Lead": {"Locale__c": lead_locale} if lead_locale else None,
        "Contact": {"Locale__c": contact_locale} if contact_locale else None,
    }


def campaign(number: int) -> dict[str, Any]:
    at = "2026-03-05T05:06:07.000+0000"
    return {
        "Id": f"701{number:015}",
        "IsDeleted": False,
        "SystemModstamp": at,
        "CreatedDate": at,
        "Name": "Spring webinar",
        "Type": "Webinar",
        "Status": "Planned",
        "StartDate": "2026-03-01",
        "EndDate": None,
        "Campaign_Code__c": "NL-1",
    }


def opportunity(number: int, amount: Any, currency: str | None = "EUR", locale: str = "NL") -> dict[str, Any]:
    at = "2026-03-05T05:06:07.000+0000"
    record = {
        "Id": f"006{number:015}",
        "IsDeleted": False,
        "SystemModstamp": at,
        "CreatedDate": at,
        "AccountId": None,
        "StageName": "Proposal",
        "Amount": amount,
        "CloseDate": "2026-09-30",
        "IsWon": False,
        "IsClosed": False,
        "Type": None,
        "LeadSource": None,
        "OwnerId": None,
        "CampaignId": None,
        "Locale__c": locale,
        "Business_Line__c": None,
    }
    return record if currency is None else {**record, "CurrencyIsoCode": currency}

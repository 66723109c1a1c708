"""The objects of an org and how they point at each other; what cannot be read off the columns' types."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.company.crm_sales import TRACKS_DEAL_FIELDS
from sandbox.company.locales import Org


@dataclass(frozen=True)
class ObjectSpec:
    """An object: its key prefix, and its lookups as field → (relationship name, object it points to).

    ``is_replicateable`` says whether getDeleted and getUpdated know it. ``polymorphic`` lookups point to any of several
    objects; through them a query sees but a ``Name``.
    """

    name: str
    prefix: str
    lookups: dict[str, tuple[str, str]] = field(default_factory=dict)
    is_replicateable: bool = True
    polymorphic: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def is_reference(self, name: str) -> bool:
        """Whether a field holds the id of another record."""
        return name in self.lookups or name in self.polymorphic


_OWNER = {"OwnerId": ("Owner", "User")}
_CREATOR = {"CreatedById": ("CreatedBy", "User"), "LastModifiedById": ("LastModifiedBy", "User")}
_DEAL = {"OpportunityId": ("Opportunity", "Opportunity")}
_ACTIVITY = {**_OWNER, **_CREATOR, "AccountId": ("Account", "Account")}
# Object Reference, Task: WhoId "represents a human such as a lead or a contact", WhatId "nonhuman objects".
_ABOUT: dict[str, tuple[str, tuple[str, ...]]] = {
    "WhoId": ("Who", ("Contact", "Lead")),
    "WhatId": ("What", ("Account", "Opportunity")),
}

_OBJECTS = (
    ObjectSpec(
        "Lead",
        "00Q",
        {
            **_OWNER,
            **_CREATOR,
            "MasterRecordId": ("MasterRecord", "Lead"),
            "ConvertedAccountId": ("ConvertedAccount", "Account"),
            "ConvertedContactId": ("ConvertedContact", "Contact"),
            "ConvertedOpportunityId": ("ConvertedOpportunity", "Opportunity"),
        },
    ),
    ObjectSpec("LeadHistory", "017", {**_CREATOR, "LeadId": ("Lead", "Lead")}, is_replicateable=False),
    ObjectSpec(
        "Contact",
        "003",
        {**_OWNER, **_CREATOR, "AccountId": ("Account", "Account"), "MasterRecordId": ("MasterRecord", "Contact")},
    ),
    ObjectSpec(
        "Account",
        "001",
        {**_OWNER, **_CREATOR, "ParentId": ("Parent", "Account"), "MasterRecordId": ("MasterRecord", "Account")},
    ),
    ObjectSpec(
        "Opportunity",
        "006",
        {**_OWNER, **_CREATOR, "AccountId": ("Account", "Account"), "CampaignId": ("Campaign", "Campaign")},
    ),
    ObjectSpec("OpportunityHistory", "008", {**_CREATOR, **_DEAL}, is_replicateable=False),
    ObjectSpec("OpportunityContactRole", "00K", {**_CREATOR, **_DEAL, "ContactId": ("Contact", "Contact")}),
    ObjectSpec("OpportunityLineItem", "00k", {**_CREATOR, **_DEAL, "Product2Id": ("Product2", "Product2")}),
    ObjectSpec("Product2", "01t", dict(_CREATOR)),
    ObjectSpec("Task", "00T", _ACTIVITY, polymorphic=_ABOUT),
    ObjectSpec("Event", "00U", _ACTIVITY, polymorphic=_ABOUT),
    ObjectSpec("Campaign", "701", {**_OWNER, **_CREATOR, "ParentId": ("Parent", "Campaign")}),
    ObjectSpec(
        "CampaignMember",
        "00v",
        {
            **_CREATOR,
            "CampaignId": ("Campaign", "Campaign"),
            "LeadId": ("Lead", "Lead"),
            "ContactId": ("Contact", "Contact"),
        },
    ),
    ObjectSpec("User", "005", {**_CREATOR, "ManagerId": ("Manager", "User")}),
)
# Object Reference: "CurrencyType … available only for multicurrency organizations"; DatedConversionRate needs
# advanced currency management on top.
_CURRENCY_OBJECTS = (
    ObjectSpec("CurrencyType", "01L", dict(_CREATOR)),
    ObjectSpec("DatedConversionRate", "04w", dict(_CREATOR)),
)
# Field history exists where somebody has switched it on.
_DEAL_FIELD_HISTORY = ObjectSpec("OpportunityFieldHistory", "017", {**_CREATOR, **_DEAL}, is_replicateable=False)


def objects_of(org: Org) -> dict[str, ObjectSpec]:
    """The objects of an org, by name."""
    specs = _OBJECTS + (_CURRENCY_OBJECTS if org.is_multi_currency else ())
    specs += (_DEAL_FIELD_HISTORY,) if org.name in TRACKS_DEAL_FIELDS else ()
    return {spec.name: spec for spec in specs}

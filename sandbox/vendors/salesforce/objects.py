"""The objects of an org and how they point at each other; what cannot be read off the columns' types."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.company.locales import Org


@dataclass(frozen=True)
class ObjectSpec:
    """An object: its key prefix, and its lookups as field → (relationship name, object it points to).

    ``is_replicateable`` says whether getDeleted and getUpdated know it.
    """

    name: str
    prefix: str
    lookups: dict[str, tuple[str, str]] = field(default_factory=dict)
    is_replicateable: bool = True


_OWNER = {"OwnerId": ("Owner", "User")}
_CREATOR = {"CreatedById": ("CreatedBy", "User"), "LastModifiedById": ("LastModifiedBy", "User")}

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
    ObjectSpec(
        "OpportunityHistory",
        "008",
        {**_CREATOR, "OpportunityId": ("Opportunity", "Opportunity")},
        is_replicateable=False,
    ),
    ObjectSpec(
        "OpportunityContactRole",
        "00K",
        {**_CREATOR, "OpportunityId": ("Opportunity", "Opportunity"), "ContactId": ("Contact", "Contact")},
    ),
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


def objects_of(org: Org) -> dict[str, ObjectSpec]:
    """The objects of an org, by name."""
    specs = _OBJECTS + (_CURRENCY_OBJECTS if org.is_multi_currency else ())
    return {spec.name: spec for spec in specs}

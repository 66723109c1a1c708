"""The CRM's tables read back into a world, knowing nothing but what the tables say and what the words mean.

A world read back at an instant has every visible record in its present state, as if it had always been so: enough to
see whether the vendors tell the same story as the people they were rendered from.
"""

import unicodedata
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sandbox.company.instants import day_number
from sandbox.company.locales import LOCALES, ORGS
from sandbox.company.records import Campaign, Contact, Deal, FieldRow, Lead, Mailbox, Response, Role, StageRow, World
from sandbox.company.store import Company
from sandbox.company.vocabulary import BUSINESS_LINES, LEAD_STATUSES, STAGES

Row = dict[str, Any]


def visible(company: Company, org: str, name: str, now: datetime) -> pa.Table:
    """The newest version of every record committed by `now`, purged ones left out."""
    table = company.crm_versions(org, name)
    table = table.filter(pc.less_equal(table["commit_at"], pa.scalar(now, table.schema.field("commit_at").type)))
    ids = table["Id"].to_pylist()
    last = [place for place, one in enumerate(ids) if place + 1 == len(ids) or ids[place + 1] != one]
    newest = table.take(pa.array(last, pa.int64()))
    return newest.filter(pc.invert(newest["is_purged"]))


class Reader:
    """Reads one org's visible tables into records of the simulation's own kind."""

    def __init__(self, company: Company, org: str, now: datetime, mailboxes: dict[str, int]) -> None:
        self._company, self._org, self._now, self._mailboxes = company, ORGS[org], now, mailboxes
        self._locales: dict[str | None, str | None] = {one.crm_value: one.code for one in LOCALES}
        self._lines = {text: line for line, text in BUSINESS_LINES[org].items()}

    def _rows(self, name: str) -> list[Row]:
        rows: list[Row] = visible(self._company, self._org.name, name, self._now).to_pylist()
        return rows

    def _mailbox(self, email: str | None) -> Mailbox | None:
        if email is None:
            return None
        key = unicodedata.normalize("NFKC", email.strip().casefold())
        return Mailbox(self._mailboxes.setdefault(key, len(self._mailboxes)), email)

    def _person(self, row: Row) -> dict[str, Any]:
        return {
            "email": self._mailbox(row["Email"]),
            "locale": self._locales.get(row[self._org.locale_field]),
            "merged_into": row["MasterRecordId"],
            "deleted": row["IsDeleted"],
        }

    def _words(self, status: str, locale: str | None) -> str:
        """The meaning of a status: in the words of a market, or of any where nobody says which."""
        books = [LEAD_STATUSES[locale]] if locale else list(LEAD_STATUSES.values())
        return next(meaning for book in books for meaning, text in book.items() if text == status)

    def leads(self) -> list[Lead]:
        """Leads with their history; a history row means what it means in the market the lead was in then."""
        history: dict[str, list[Row]] = {}
        for row in self._rows("LeadHistory"):
            history.setdefault(row["LeadId"], []).append(row)
        return [self._lead(row, history.get(row["Id"], [])) for row in self._rows("Lead")]

    def _lead(self, row: Row, history: list[Row]) -> Lead:
        history.sort(key=lambda one: (one["CreatedDate"], one["Id"]))
        moves = [one for one in history if one["Field"] == self._org.locale_field]
        rows = []
        for one in history:
            at = _seconds(one["CreatedDate"])
            if one["Field"] == self._org.locale_field:
                old, new = self._locales.get(one["OldValue"]), self._locales.get(one["NewValue"])
                rows.append(FieldRow(one["Id"], row["Id"], at, "locale", old, new, None, None, None))
            elif one["Field"] == "Status":
                here = self._place(row, moves, one["CreatedDate"])
                old, new = self._words(one["OldValue"], None), self._words(one["NewValue"], here)
                rows.append(FieldRow(one["Id"], row["Id"], at, "status", old, new, None, None, None))
        fields = self._person(row) | {
            "status": self._words(row["Status"], None),
            "business_line": self._lines[row[self._org.business_line_field]],
            "client_id": row["GA_Client_Id__c"],
            "contact_id": row["ConvertedContactId"],
            "deal_id": row["ConvertedOpportunityId"],
            "mql_at": _seconds(row["MQL_Date__c"]) if row.get("MQL_Date__c") else None,
        }
        return Lead(row["Id"], self._org.name, _seconds(row["CreatedDate"]), [(0, fields)], history=rows)

    def _place(self, row: Row, moves: list[Row], at: datetime) -> str | None:
        passed = [move["NewValue"] for move in moves if move["CreatedDate"] <= at]
        present = moves[0]["OldValue"] if moves else row[self._org.locale_field]
        return self._locales.get(passed[-1] if passed else present)

    def contacts(self) -> list[Contact]:
        """Contacts."""
        return [
            Contact(row["Id"], self._org.name, _seconds(row["CreatedDate"]), [(0, self._person(row))])
            for row in self._rows("Contact")
        ]

    def deals(self) -> list[Deal]:
        """Opportunities with their history."""
        stages = {text: stage for stage, text in STAGES[self._org.name].items()}
        history: dict[str, list[StageRow]] = {}
        for row in self._rows("OpportunityHistory"):
            at, stage = _seconds(row["CreatedDate"]), stages[row["StageName"]]
            history.setdefault(row["OpportunityId"], []).append(StageRow(row["Id"], at, stage, None, 0))
        found = []
        for row in self._rows("Opportunity"):
            fields = {
                "stage": stages[row["StageName"]],
                "amount": None if row["Amount"] is None else int(row["Amount"] * 100),
                "currency": row.get("CurrencyIsoCode", self._org.currency),
                "close_day": day_number(row["CloseDate"]),
                "locale": self._locales.get(row[self._org.locale_field]),
                "business_line": self._lines[row[self._org.business_line_field]],
                "account_id": row["AccountId"],
                "deleted": row["IsDeleted"],
            }
            created, rows = _seconds(row["CreatedDate"]), history.get(row["Id"], [])
            found.append(Deal(row["Id"], self._org.name, created, [(0, fields)], history=rows))
        return found

    def roles(self) -> list[Role]:
        """Contact roles."""
        names = {
            "deal_id": "OpportunityId",
            "contact_id": "ContactId",
            "is_primary": "IsPrimary",
            "deleted": "IsDeleted",
        }
        return [
            Role(row["Id"], self._org.name, _seconds(row["CreatedDate"]), [(0, {k: row[v] for k, v in names.items()})])
            for row in self._rows("OpportunityContactRole")
        ]

    def campaigns(self) -> list[Campaign]:
        """Campaigns."""
        return [
            Campaign(row["Id"], self._org.name, 0, [(0, {"deleted": row["IsDeleted"]})], row["Name"], row["Type"])
            for row in self._rows("Campaign")
        ]

    def responses(self) -> list[Response]:
        """Campaign members."""
        found = []
        for row in self._rows("CampaignMember"):
            day = row["FirstRespondedDate"]
            fields = {
                "campaign_id": row["CampaignId"],
                "lead_id": row["LeadId"],
                "contact_id": row["ContactId"],
                "has_responded": row["HasResponded"],
                "responded_day": None if day is None else day_number(day),
                "deleted": row["IsDeleted"],
            }
            found.append(Response(row["Id"], self._org.name, _seconds(row["CreatedDate"]), [(0, fields)]))
        return found


def _seconds(when: datetime) -> int:
    return int(when.timestamp())


def read_back(company: Company, now: datetime) -> World:
    """The world as the visible CRM tables of both orgs tell it."""
    world, mailboxes = World(), dict[str, int]()
    for org in ORGS:
        reader = Reader(company, org, now, mailboxes)
        world.leads += reader.leads()
        world.contacts += reader.contacts()
        world.deals += reader.deals()
        world.roles += reader.roles()
        world.campaigns += reader.campaigns()
        world.responses += reader.responses()
    return world

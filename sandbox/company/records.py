"""The simulated world: what each record was, from when on, and who stands behind it.

A record is its id, its creation and a list of updates `(at, {field: value})`, `at` being the instant its stamp shows;
`instants.visible_from(at)` says when it can be seen from outside. Values are meanings (`mql`, locale codes, mailbox
numbers), never a vendor's words: `crm` renders those, `truth` counts these.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sandbox.company.instants import visible_from

Fields = dict[str, Any]


class Mailbox(NamedTuple):
    """An e-mail address as somebody typed it: `number` says whose it is, `text` how it was spelt."""

    number: int
    text: str


class FieldRow(NamedTuple):
    """One row of LeadHistory. `old` and `new` are meanings, to be spelt in the words of `old_words`/`new_words`."""

    id: str
    lead_id: str
    at: int
    field: str
    old: str | None
    new: str | None
    old_words: str | None
    new_words: str | None
    purged_at: int | None


class StageRow(NamedTuple):
    """One row of OpportunityHistory: the deal as it was from `at` on."""

    id: str
    at: int
    stage: str
    amount: int | None
    close_day: int


@dataclass(slots=True)
class Record:
    """A record of one org. `created_at` is what CreatedDate says, the first update's `at` when it came to be."""

    id: str
    org: str
    created_at: int
    updates: list[tuple[int, Fields]]

    def as_of(self, now: int) -> Fields | None:
        """Its fields as they can be seen at `now`, or None when it cannot be seen (not there yet, or purged)."""
        fields: Fields = {}
        for at, update in self.updates:
            if visible_from(at) > now:
                break
            fields.update(update)
        return None if not fields or fields.get("purged") else fields

    def latest(self) -> Fields:
        """Its fields at the end of the simulation."""
        fields: Fields = {}
        for _, update in self.updates:
            fields.update(update)
        return fields

    @property
    def last_at(self) -> int:
        """When it was last updated."""
        return self.updates[-1][0]

    def update(self, at: int, **fields: Any) -> None:
        """Add an update; raises ValueError when it would come before the last one."""
        if at < self.updates[-1][0]:
            raise ValueError(f"{self.id}: an update at {at} comes before the last one at {self.updates[-1][0]}")
        self.updates.append((at, fields))


@dataclass(slots=True)
class Lead(Record):
    """Fields: email (Mailbox), locale, status, words (locale whose vocabulary the status is in), business_line,
    client_id, contact_id, account_id, deal_id, converted_day, merged_into, deleted, owner, source, purged; `mql_at`
    where the org notes when it qualified."""

    person: int = 0
    is_tracked: bool = True
    history: list[FieldRow] = field(default_factory=list)


@dataclass(slots=True)
class Contact(Record):
    """Fields: email (Mailbox), locale, account_id, merged_into, deleted, owner."""

    person: int = 0


@dataclass(slots=True)
class Account(Record):
    """Fields: name, locale, parent_id, deleted, owner."""


@dataclass(slots=True)
class Deal(Record):
    """Fields: stage, amount (minor units), currency, close_day, locale, business_line, account_id, deleted, owner,
    kind, source, campaign_id. `history` is empty where the org kept none."""

    history: list[StageRow] = field(default_factory=list)


@dataclass(slots=True)
class Role(Record):
    """Fields: deal_id, contact_id, is_primary, deleted."""


@dataclass(slots=True)
class Campaign(Record):
    """Fields: name, type, status, start, end, code, deleted. `locale` says whose it is."""

    name: str = ""
    type: str = ""
    locale: str = ""
    start: date = date(2025, 1, 1)
    end: date = date(2025, 1, 1)


@dataclass(slots=True)
class Response(Record):
    """A campaign member. Fields: campaign_id, lead_id, contact_id, has_responded, responded_day, deleted."""


@dataclass(slots=True)
class Product(Record):
    """What can be sold. Fields: name, code, family, revenue_type, is_active, deleted."""


@dataclass(slots=True)
class LineItem(Record):
    """A product of a deal. Fields: deal_id, product_id, quantity, unit_price (hundredths), currency, service_day,
    position, deleted, purged."""


@dataclass(slots=True)
class Activity(Record):
    """What somebody in sales did, or means to. Fields: who, what and account (ids of other records), owner, status,
    day (planned or done), done_at, deleted, purged. ``subtype`` is Call, Email or Task, and Event for a meeting;
    ``person`` is whom its text is about."""

    subtype: str = "Task"
    person: int = 0


@dataclass(slots=True)
class World:
    """Everything that is in the two CRM orgs, in the order in which it was simulated."""

    leads: list[Lead] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    lines: list[LineItem] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)

    @property
    def tasks(self) -> list[Activity]:
        """Activities that are no meetings."""
        return [activity for activity in self.activities if activity.subtype != "Event"]

    @property
    def meetings(self) -> list[Activity]:
        """Activities that are."""
        return [activity for activity in self.activities if activity.subtype == "Event"]

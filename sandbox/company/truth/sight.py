"""What of the simulated world can be seen at one instant, and which of it counts.

A record that is deleted and was not merged into another one is out, with everything that hangs on it. A merged loser
stays: it stands for the same person as its winner.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from sandbox.company.instants import utc_seconds, visible_from
from sandbox.company.records import (
    Campaign,
    Contact,
    Deal,
    FieldRow,
    Fields,
    Lead,
    Record,
    Response,
    Role,
    StageRow,
    World,
)

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Told(NamedTuple):
    """What a record was from an instant on, and who says so: its history, an observer, or nobody (a guess)."""

    at: int
    meaning: str
    source: str


@dataclass(slots=True)
class Seen(Generic[AnyRecord]):
    """A record that counts, with its fields as they are now; ``glimpses`` are (stamp, state) at every look at one that
    has no history."""

    record: AnyRecord
    now: Fields
    glimpses: list[tuple[int, str]] = field(default_factory=list, kw_only=True)

    @property
    def id(self) -> str:
        """The record's id."""
        return self.record.id

    @property
    def age_key(self) -> tuple[int, str]:
        """Sorts records from the oldest on."""
        return self.record.created_at, self.record.id


@dataclass(slots=True)
class SeenLead(Seen[Lead]):
    """A lead with the history rows that are there."""

    statuses: list[FieldRow] = field(default_factory=list)
    moves: list[FieldRow] = field(default_factory=list)

    def locale_at(self, at: int) -> str | None:
        """The market it was in at an instant: told by its history, or by its present one if it never moved."""
        value: str | None = self.moves[0].old if self.moves else self.now["locale"]
        for row in self.moves:
            if row.at > at:
                break
            value = row.new
        return value

    def status_events(self) -> list[Told]:
        """Its first status, and every change there is a row of; or, without any row, that somebody saw."""
        if not self.statuses:
            return seen_to_change(self)
        first = Told(self.record.created_at, str(self.statuses[0].old), "history")
        return [first, *(Told(row.at, str(row.new), "history") for row in self.statuses)]


@dataclass(slots=True)
class SeenDeal(Seen[Deal]):
    """A deal with the history rows that are there."""

    rows: list[StageRow] = field(default_factory=list)


@dataclass(slots=True)
class Sight:
    """Everything that counts at one instant, by id."""

    leads: dict[str, SeenLead]
    contacts: dict[str, Seen[Contact]]
    deals: dict[str, SeenDeal]
    roles: list[Seen[Role]]
    responses: list[tuple[Seen[Response], Campaign]]


def seen_to_change(record: Seen[Any]) -> list[Told]:
    """What a record without history was first seen as (since when, nobody knows: since it was created) and then."""
    (_, before), *later = record.glimpses
    found = [Told(record.record.created_at, before, "none")]
    for stamp, state in later:
        if state != before:
            found.append(Told(stamp, state, "observed"))
            before = state
    return found


def _glimpses(record: Record, looks: Iterable[int], key: str) -> list[tuple[int, str]]:
    """(Stamp, state) of the version that every look showed."""
    found = []
    for look_at in looks:
        state, stamp = None, 0
        for at, update in record.updates:
            if visible_from(at) > look_at:
                break
            state, stamp = update.get(key, state), at
        if state is not None:
            found.append((stamp, str(state)))
    return found


def _counting(records: Iterable[AnyRecord], now: int) -> Iterable[tuple[AnyRecord, Fields]]:
    for record in records:
        fields = record.as_of(now)
        if fields is not None and not (fields["deleted"] and not fields.get("merged_into")):
            yield record, fields


def _seen_lead(lead: Lead, fields: Fields, now: int, looks: list[int]) -> SeenLead:
    rows = [
        row for row in lead.history if visible_from(row.at) <= now and (row.purged_at is None or row.purged_at > now)
    ]
    rows.sort(key=lambda row: (row.at, row.id))
    statuses = [row for row in rows if row.field == "status"]
    moves = [row for row in rows if row.field == "locale"]
    return SeenLead(lead, fields, statuses, moves, glimpses=[] if statuses else _glimpses(lead, looks, "status"))


def _seen_deal(deal: Deal, fields: Fields, now: int, looks: list[int]) -> SeenDeal:
    rows = [row for row in deal.history if visible_from(row.at) <= now]
    rows.sort(key=lambda row: (row.at, row.id))
    return SeenDeal(deal, fields, rows, glimpses=[] if rows else _glimpses(deal, looks, "stage"))


def look(world: World, when: datetime, before: Iterable[datetime] = ()) -> Sight:
    """What counts of the world at an aware instant, for somebody who also looked ``before``; raises ValueError for a
    naive one."""
    now = utc_seconds(when)
    looks = [*sorted(earlier for one in before if (earlier := utc_seconds(one)) < now), now]
    leads = {one.id: _seen_lead(one, fields, now, looks) for one, fields in _counting(world.leads, now)}
    contacts = {one.id: Seen(one, fields) for one, fields in _counting(world.contacts, now)}
    deals = {one.id: _seen_deal(one, fields, now, looks) for one, fields in _counting(world.deals, now)}
    campaigns = {one.id: one for one, _ in _counting(world.campaigns, now)}
    roles = [
        Seen(one, fields)
        for one, fields in _counting(world.roles, now)
        if fields["contact_id"] in contacts and fields["deal_id"] in deals
    ]
    responses = [
        (Seen(one, fields), campaigns[fields["campaign_id"]])
        for one, fields in _counting(world.responses, now)
        if fields["campaign_id"] in campaigns
    ]
    return Sight(leads, contacts, deals, roles, responses)

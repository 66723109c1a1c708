"""The people of a deal with their parts in it, and the records that stand for somebody who has another name."""

from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from sandbox.company.instants import utc_seconds, visible_from
from sandbox.company.records import Contact, Lead
from sandbox.company.truth.identity import Prospect
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.sight import Seen


class Part(NamedTuple):
    """One person's part in a deal."""

    deal_id: str
    prospect: str
    role: str
    is_funnel_prospect: bool
    weight: Fraction


class Alias(NamedTuple):
    """A record of a person who is named after an older one: why, and since when (epoch seconds) it was seen so."""

    record_id: str
    prospect: str
    reason: str
    since: int


def parts(observation: Observation) -> list[Part]:
    """Everybody a deal is with: who was converted into it, and its contacts; equal parts, whatever their number."""
    sight = observation.sight
    owners = {name: one.key for one in observation.prospects for name in _records(one)}
    named: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for lead in sight.leads.values():
        named[str(lead.now["deal_id"])].append((owners[lead.id], "converted_lead"))
    for title, is_primary in (("primary_contact", True), ("contact", False)):
        for role in sight.roles:
            if role.now["is_primary"] == is_primary:
                named[role.now["deal_id"]].append((owners[role.now["contact_id"]], title))
    found: list[Part] = []
    for one in observation.prospects:
        for deal in one.deals:
            titles: dict[str, str] = {}
            for person, title in [*named[deal.id], (one.key, "stand_in")]:
                titles.setdefault(person, title)
            share = Fraction(1, len(titles))
            found += [Part(deal.id, person, title, person == one.key, share) for person, title in titles.items()]
    return found


def aliases(observation: Observation) -> list[Alias]:
    """Every lead and contact whose prospect has another record's name."""
    looks = [*sorted(map(utc_seconds, (*observation.company.looks, observation.now)))]
    looks = [one for one in looks if one <= utc_seconds(observation.now)]
    return [alias for one in observation.prospects for alias in _aliases(one, looks)]


def _records(prospect: Prospect) -> dict[str, Seen[Lead] | Seen[Contact]]:
    found: dict[str, Seen[Lead] | Seen[Contact]] = {one.id: one for one in prospect.leads}
    return found | {one.id: one for one in prospect.contacts}


def _aliases(prospect: Prospect, looks: list[int]) -> list[Alias]:
    records = _records(prospect)
    since = {name: _tied_since(one, looks) for name, one in records.items()}
    ties: dict[tuple[str, str], list[int]] = defaultdict(list)
    for name, one in records.items():
        for reason, other in (("merged", one.now["merged_into"]), ("converted", one.now.get("contact_id"))):
            if other in records:
                ties[name, reason].append(since[name])
                ties[other, reason].append(since[name])
    found = []
    for name in records.keys() - {prospect.key}:
        reason = next((why for why in ("merged", "converted") if (name, why) in ties), "same_email")
        tied = min(ties.get((name, reason), [since[name]]))
        found.append(Alias(name, prospect.key, reason, max(since[name], tied)))
    return found


def _tied_since(record: Seen[Lead] | Seen[Contact], looks: list[int]) -> int:
    """The stamp of the oldest version anybody looked at that was tied as the present one is."""
    present = _tied(record.now)
    for look_at in looks:
        fields: dict[str, object] = {}
        stamp = 0
        for at, update in record.record.updates:
            if visible_from(at) > look_at:
                break
            fields, stamp = fields | update, at
        if fields and _tied(fields) == present:
            return stamp
    raise LookupError(f"{record.id} cannot be seen")


def _tied(fields: dict[str, object]) -> tuple[object, ...]:
    email = fields["email"]
    return fields["merged_into"], fields.get("contact_id"), getattr(email, "number", None)

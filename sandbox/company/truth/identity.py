"""Who is who: people of flesh and blood, told apart by mailbox numbers, conversions and merges that can be seen."""

from collections import defaultdict
from dataclasses import dataclass, field

from sandbox.company.records import Campaign, Contact, Response
from sandbox.company.truth.sight import Seen, SeenDeal, SeenLead, Sight


@dataclass(slots=True)
class Prospect:
    """One person (or, where nobody is known, an account or a deal standing for one) with all that is theirs."""

    key: str
    leads: list[SeenLead] = field(default_factory=list)
    contacts: list[Seen[Contact]] = field(default_factory=list)
    deals: list[SeenDeal] = field(default_factory=list)
    responses: list[tuple[Seen[Response], Campaign]] = field(default_factory=list)


class _Circles:
    """Circles of acquaintances: whoever is told to be the same as somebody joins their circle."""

    def __init__(self) -> None:
        self._parents: dict[object, object] = {}

    def of(self, one: object) -> object:
        """The representative of somebody's circle."""
        trail = []
        while (parent := self._parents.get(one, one)) != one:
            trail.append(one)
            one = parent
        for passed in trail:
            self._parents[passed] = one
        return one

    def join(self, one: object, other: object) -> None:
        """They are the same."""
        self._parents[self.of(one)] = self.of(other)


def _circles(sight: Sight) -> _Circles:
    circles = _Circles()
    everybody: list[SeenLead | Seen[Contact]] = [*sight.leads.values(), *sight.contacts.values()]
    for one in everybody:
        if one.now["email"] is not None:
            circles.join(one.id, one.now["email"].number)
        for other in (one.now["merged_into"], one.now.get("contact_id")):
            if other in sight.leads or other in sight.contacts:
                circles.join(one.id, other)
    return circles


def _person_of_deal(sight: Sight) -> dict[str, str]:
    """Deal id → lead or contact id: the lead it came from, else the contact of its first role."""
    owners: dict[str, str] = {}
    for role in sorted(sight.roles, key=lambda one: (not one.now["is_primary"], *one.age_key)):
        owners.setdefault(role.now["deal_id"], role.now["contact_id"])
    for lead in sorted(sight.leads.values(), key=lambda one: one.age_key, reverse=True):
        if lead.now["deal_id"] is not None:
            owners[lead.now["deal_id"]] = lead.id
    return owners


def prospects(sight: Sight) -> list[Prospect]:
    """Every prospect there is at that instant, named by its oldest record or by what it stands for."""
    circles = _circles(sight)
    found: dict[object, Prospect] = defaultdict(lambda: Prospect(""))
    for lead in sight.leads.values():
        found[circles.of(lead.id)].leads.append(lead)
    for contact in sight.contacts.values():
        found[circles.of(contact.id)].contacts.append(contact)
    owners = _person_of_deal(sight)
    for deal in sight.deals.values():
        owner = owners.get(deal.id)
        standing_in = ("account", deal.now["account_id"]) if deal.now["account_id"] else ("deal", deal.id)
        found[circles.of(owner) if owner else standing_in].deals.append(deal)
    for response, campaign in sight.responses:
        person = response.now["lead_id"] or response.now["contact_id"]
        if person in sight.leads or person in sight.contacts:
            found[circles.of(person)].responses.append((response, campaign))
    for circle, prospect in found.items():
        records = [lead.age_key for lead in prospect.leads] + [contact.age_key for contact in prospect.contacts]
        prospect.key = min(records)[1] if records else f"{circle[0]}:{circle[1]}"  # type: ignore[index]
    return list(found.values())

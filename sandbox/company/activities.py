"""What sales does: calls, e-mails, to-dos and meetings, with leads once they are qualified, with contacts, for deals.

All of it is added to a world that is played to its end, from random streams of its own: it changes nothing else.
"""

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sandbox.company.instants import settle
from sandbox.company.line_items import throw_away
from sandbox.company.market import END, Market
from sandbox.company.records import Activity, Contact, Deal, Fields, Lead, World
from sandbox.company.whereabouts import Moves, Whereabouts

_SUBTYPES = ("Call", "Email", "Task", "Event")
_PLANNED = ("Not Started", "Not Started", "In Progress", "Waiting on someone else", "Deferred")
_NEVER_ANSWERED = 0.13
_MINUTES = 60
_MONTH_OF_WORKING = 40 * 86_400
_SETTLED_SECONDS = 3 * 86_400


@dataclass(frozen=True, slots=True)
class _Topic:
    """What an activity is about when it comes to be, and what becomes of that afterwards."""

    who: str | None
    what: str | None
    account: str | None
    person: int
    owner: str
    moves: Moves


def work(markets: list[Market], world: World, seed: int) -> None:
    """Everything sales does in the simulated time."""
    offices = {
        market.locale.code: replace(market, rng=Random(f"{seed}/{market.locale.code}/activities"))  # noqa: S311
        for market in markets
    }
    whereabouts = Whereabouts(world)
    for lead in world.leads:
        _follow_up(offices[lead.updates[0][1]["words"]], lead, whereabouts)
    people = {contact.id: contact for contact in world.contacts}
    roles: dict[str, tuple[int, str]] = {}
    for role in world.roles:
        roles.setdefault(role.updates[0][1]["deal_id"], (role.created_at, role.updates[0][1]["contact_id"]))
    for deal in world.deals:
        at, contact_id = roles.get(deal.id, (0, ""))
        _pursue(offices[deal.updates[0][1]["locale"]], deal, at, people.get(contact_id), whereabouts)
    for contact in world.contacts:
        _keep_warm(offices[contact.updates[0][1]["locale"]], contact, whereabouts)
    _make_mistakes(world, Random(f"{seed}/activities/mistakes"))  # noqa: S311 (a simulation, not a secret)


def _follow_up(market: Market, lead: Lead, whereabouts: Whereabouts) -> None:
    """After each qualification: the first contact minutes to weeks later or never, then some more attempts."""
    rng, fields = market.rng, Fields()
    moves = whereabouts.of_person(lead.id)
    for number, (at, update) in enumerate(lead.updates):
        fields = fields | update
        is_news = "status" in update and not fields["deleted"]
        if not is_news or fields["status"] not in {"mql", "working"}:
            continue
        following = lead.updates[number + 1][0] if number + 1 < len(lead.updates) else END
        end = min(following, at + _MONTH_OF_WORKING)
        topic = _Topic(lead.id, None, None, lead.person, fields["owner"], moves)
        if fields["status"] == "working":
            if rng.random() < 0.08:
                _happen(market, topic, market.later(at, market.pause(2)), end)
        elif rng.random() >= _NEVER_ANSWERED:
            moment = settle(at + _MINUTES * (3 + rng.lognormvariate(6.4, 1.6)))
            for _ in range(rng.choices((1, 2, 3, 4, 6), (26, 30, 24, 14, 6))[0]):
                _happen(market, topic, moment, end)
                moment = market.later(moment, market.pause(4))


def _pursue(market: Market, deal: Deal, role_at: int, contact: Contact | None, whereabouts: Whereabouts) -> None:
    """While a deal is open: calls and meetings with its contact, or with nobody in particular."""
    rng, fields = market.rng, deal.updates[0][1]
    at, end = deal.created_at, min(deal.last_at + 86_400, END)
    for _ in range(rng.choices((0, 1, 2, 3, 5), (8, 20, 34, 26, 12))[0]):
        at = market.later(at, market.pause(8))
        knows = contact is not None and role_at <= at and rng.random() < 0.85
        moves = list(whereabouts.of_deal(deal))
        if contact is not None and knows:
            moves += [(when, {"who": one["who"]}) for when, one in whereabouts.of_person(contact.id) if "who" in one]
        who, person = (contact.id, contact.person) if contact is not None and knows else (None, deal.created_at % 9_999)
        topic = _Topic(who, deal.id, fields["account_id"], person, fields["owner"], sorted(moves, key=lambda m: m[0]))
        _happen(market, topic, at, end)


def _keep_warm(market: Market, contact: Contact, whereabouts: Whereabouts) -> None:
    """A contact between deals; now and then a note to oneself, or one about the whole account."""
    rng, fields = market.rng, contact.updates[0][1]
    if rng.random() >= 0.12:
        return
    luck, at = rng.random(), market.later(contact.created_at, market.pause(30))
    topic = _Topic(contact.id, None, fields["account_id"], contact.person, fields["owner"], [])
    if luck < 0.8:
        topic = replace(topic, moves=whereabouts.of_person(contact.id))
    elif luck < 0.9:
        topic = replace(topic, who=None, what=fields["account_id"])
    else:
        topic = replace(topic, who=None, account=None)
    _happen(market, topic, at, END)


def _happen(market: Market, topic: _Topic, at: int, end: int) -> None:
    """One activity, noted when it was done or planned ahead, unless it would be after ``end``."""
    if at >= min(end, END):
        return
    rng = market.rng
    subtype = rng.choices(_SUBTYPES, (42, 30, 16, 12))[0]
    is_planned = rng.random() < (0.75 if subtype in {"Task", "Event"} else 0.2)
    due = market.later(at, market.pause(3)) if is_planned else at
    fields: dict[str, Any] = {
        "who": topic.who, "what": topic.what, "account": topic.account, "owner": topic.owner, "deleted": False,
        "day": market.calendar.day_of(due), "due_at": due, "done_at": None if is_planned else at,
        "status": rng.choice(_PLANNED) if is_planned else "Completed",
    }  # fmt: skip
    for when, move in topic.moves:
        if when <= at:
            fields |= move
    if fields.get("purged") or fields["deleted"]:
        return
    later = [(when, move) for when, move in topic.moves if when > at]
    done = settle(due + rng.randrange(600, 7_200))
    if is_planned and subtype != "Event" and rng.random() < 0.8 and done < END:
        later.append((done, {"status": "Completed", "done_at": done}))
    activity = Activity(market.mint("Event" if subtype == "Event" else "Task"), market.locale.org, at, [(at, fields)])
    activity.subtype, activity.person = subtype, topic.person
    for when, move in sorted(later, key=lambda one: one[0]):
        activity.update(when, **move)
        if move.get("purged"):
            break
    market.world.activities.append(activity)


def _make_mistakes(world: World, rng: Random) -> None:
    """Activities that are thrown away by hand, or turn out to have been noted with somebody else."""
    leads: dict[str, list[Lead]] = {}
    for lead in world.leads:
        if not lead.latest()["deleted"]:
            leads.setdefault(lead.org, []).append(lead)
    for activity in world.activities:
        luck, latest = rng.random(), activity.latest()
        if luck >= 0.016 or latest["deleted"]:
            continue
        at = settle(activity.last_at + rng.randrange(7_200, _SETTLED_SECONDS * 6))
        if luck < 0.010:
            throw_away(activity, rng, at)
        elif at < END and latest["who"] and not latest["what"]:
            other = rng.choice(leads[activity.org])
            if other.created_at < at:
                activity.update(at, who=other.id, account=None)

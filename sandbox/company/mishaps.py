"""What incidents do to the CRM: leads without a client id, leads nobody is in touch with, leads that are no good."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from sandbox.company.incidents import Incident, of
from sandbox.company.instants import day_number
from sandbox.company.leads import new_lead, own_mailbox, set_status
from sandbox.company.market import END, Market
from sandbox.company.records import World

_BAD_LEADS_FROM = 50_000_000
_TURNED_AWAY = 0.85


def befall(world: World, markets: Iterable[Market], incidents: Sequence[Incident], seed: int) -> None:
    """Change a world that is played to its end, as the incidents would have had it."""
    persons = iter(range(_BAD_LEADS_FROM, 2 * _BAD_LEADS_FROM))
    for market in markets:
        for one in of(incidents, market.locale, "consent_is_lost"):
            _lose_consent(world, market, one)
        for one in of(incidents, market.locale, "sales_stops_following_up"):
            _stop_following_up(world, market, one)
        for one in of(incidents, market.locale, "campaign_buys_bad_leads"):
            rng = Random(f"{seed}/{market.locale.code}/{one.first}/bad leads")  # noqa: S311 (a simulation)
            _buy_bad_leads(replace(market, rng=rng), one, persons)


def client_of(incident: Incident, person: int) -> str:
    """The client id of a bad lead, by which its visits are known."""
    return f"{person}.{day_number(incident.first) * 86_400}"


def _lose_consent(world: World, market: Market, incident: Incident) -> None:
    rng = Random(f"{market.locale.code}/{incident.first}/consent")  # noqa: S311 (a simulation, not a secret)
    for lead in world.leads:
        fields = lead.updates[0][1]
        is_mine = fields["words"] == market.locale.code and fields["client_id"] is not None
        if is_mine and incident.hits(market.calendar.day_of(lead.created_at)) and rng.random() < incident.strength:
            fields["client_id"] = None


def _stop_following_up(world: World, market: Market, incident: Incident) -> None:
    """What would have been done in these days with somebody of this market is not done at all."""
    mine = {lead.id for lead in world.leads if lead.updates[0][1]["words"] == market.locale.code}
    mine |= {contact.id for contact in world.contacts if contact.updates[0][1]["locale"] == market.locale.code}
    mine |= {deal.id for deal in world.deals if deal.updates[0][1]["locale"] == market.locale.code}

    def is_left_undone(at: int, update: dict[str, object]) -> bool:
        moments = (at, update.get("due_at"), update.get("done_at"))
        return any(isinstance(moment, int) and incident.hits(market.calendar.day_of(moment)) for moment in moments)

    world.activities[:] = [
        activity
        for activity in world.activities
        if not {activity.updates[0][1]["who"], activity.updates[0][1]["what"]} & mine
        or not any(is_left_undone(at, update) for at, update in activity.updates)
    ]


def _buy_bad_leads(market: Market, incident: Incident, persons: Iterable[int]) -> None:
    numbers = iter(persons)
    for day in range(day_number(incident.first), day_number(incident.last) + 1):
        for _ in range(max(1, round(market.rng.gauss(incident.strength, 1.5)))):
            person, at = next(numbers), market.calendar.visitor_moment(market.rng, day)
            if at >= END:
                return
            client = client_of(incident, person)
            lead = new_lead(market, person, at, email=own_mailbox(person), client_id=client)
            if market.rng.random() < _TURNED_AWAY:
                set_status(market, lead, market.later(at, market.rng.random() * 1.5), "disqualified")

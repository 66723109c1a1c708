"""The same person twice: a second (third, fourth) lead, in this market or another, merged early, late or never."""

from collections.abc import Sequence

from sandbox.company.journeys import nurture
from sandbox.company.leads import merge, new_lead
from sandbox.company.market import END, Market
from sandbox.company.names import respelt
from sandbox.company.records import Contact, Lead, Mailbox, Response
from sandbox.company.responses import early_responses, reparent


def _place(market: Market, at: int, everywhere: Sequence[Market]) -> Market:
    """Where the second lead turns up: mostly here, sometimes next door, rarely in the other org."""
    luck = market.rng.random()
    if luck < 0.8:
        return market
    wants_same_org = luck < 0.93
    choices = [
        other
        for other in everywhere
        if (other.locale.org == market.locale.org) == wants_same_org
        and other.locale.is_configured
        and other.calendar.midnight(other.calendar.day_of(at)) >= _live_at(other)
    ]
    return market.rng.choice(choices) if choices else market


def _live_at(market: Market) -> int:
    return int(market.campaigns[min(market.campaigns)][0].created_at) + 21 * 86_400


def second_lead(market: Market, first: Lead, responses: list[Response], everywhere: Sequence[Market]) -> None:
    """Give a person one to three more leads and see what becomes of them all."""
    rng, at = market.rng, market.later(first.last_at, market.pause(20))
    if at >= END:
        return
    place = _place(market, at, everywhere)
    luck = rng.random()
    if place is market and luck < 0.35:
        _merged_early(market, first, at, responses)
        return
    nurture(market, first, first.last_at, responses)
    second, its_responses = _again(place, first, at)
    nurture(place, second, at, its_responses, eagerness=0.7)
    if place.locale.org != market.locale.org or luck > 0.75:
        return
    merged_at = market.later(max(first.last_at, second.last_at), market.pause(20))
    loser, winner = (second, first) if rng.random() < 0.7 else (first, second)
    if merge(loser, merged_at, winner):
        _follow(market, responses if loser is first else its_responses, merged_at, winner)
    elif first.latest()["contact_id"] and second.latest()["contact_id"]:
        _merge_contacts(market, first, second)


def _again(market: Market, first: Lead, at: int) -> tuple[Lead, list[Response]]:
    """The person fills in another form; the address is theirs, the spelling is new, the browser mostly the same."""
    email = first.latest()["email"]
    spelt = Mailbox(email.number, respelt(email.text, market.rng.randrange(4)))
    client_id = first.latest()["client_id"] if market.rng.random() < 0.6 else None
    second = new_lead(market, first.person, at, email=spelt, client_id=client_id)
    return second, early_responses(market, second, at)


def _merged_early(market: Market, first: Lead, at: int, responses: list[Response]) -> None:
    """Somebody cleans up before anything has happened: a chain of up to three merges, then one lead goes on."""
    rng, kept, kept_responses = market.rng, first, responses
    for _ in range(rng.choices((1, 2, 3), (60, 25, 15))[0]):
        other, its_responses = _again(market, first, at)
        at = market.later(at, market.pause(3))
        loser, winner = (kept, other) if rng.random() < 0.5 else (other, kept)
        losing, winning = (kept_responses, its_responses) if loser is kept else (its_responses, kept_responses)
        if not merge(loser, at, winner):
            break
        _follow(market, losing, at, winner)
        kept, kept_responses = winner, winning
        at = market.later(at, market.pause(12))
        if at >= END:
            return
    nurture(market, kept, max(at, kept.last_at), kept_responses, eagerness=1.3)


def _follow(market: Market, responses: list[Response], at: int, winner: Lead) -> None:
    """A loser's campaign answers: most move to the winner, some vanish as duplicates, some stay where they were."""
    for response in responses:
        luck = market.rng.random()
        if luck < 0.6:
            reparent(response, at, lead_id=winner.id)
        elif luck < 0.75:
            reparent(response, at, deleted=True)


def _merge_contacts(market: Market, first: Lead, second: Lead) -> None:
    by_id: dict[str, Contact] = {contact.id: contact for contact in market.world.contacts[-200:]}
    loser = by_id.get(str(second.latest()["contact_id"]))
    winner = by_id.get(str(first.latest()["contact_id"]))
    if loser and winner and loser is not winner:
        at = market.later(max(loser.last_at, winner.last_at, second.last_at), market.pause(20))
        merge(loser, at, winner)

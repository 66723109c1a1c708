"""Answers to campaigns: who was invited, who responded, and when somebody got round to recording it."""

from sandbox.company.campaigns import pick_campaign
from sandbox.company.instants import settle
from sandbox.company.market import END, Market
from sandbox.company.records import Contact, Lead, Response

IDENTIFYING = ("Webinar", "Event", "Demo")
OTHER = ("Email", "Content")


def _types(market: Market, is_identifying: bool) -> tuple[str, ...]:
    if not is_identifying:
        return OTHER
    return (*IDENTIFYING, "Seminar") if market.locale.code == "jp" else IDENTIFYING


def _record(market: Market, at: int, day: int, types: tuple[str, ...], **who: str | None) -> Response | None:
    """One campaign member created at `at`; it responded on `day`, or was only invited (and may respond later)."""
    rng, campaign = market.rng, pick_campaign(market, day, types)
    if campaign is None or at >= END:
        return None
    if campaign.created_at > at:
        return None
    has_responded = rng.random() < 0.86
    fields = {
        "campaign_id": campaign.id, "lead_id": None, "contact_id": None, "deleted": False,
        "has_responded": has_responded, "responded_day": day if has_responded else None,
    } | who  # fmt: skip
    response = Response(market.mint("CampaignMember"), market.locale.org, at, [(at, fields)])
    later = market.later(at, market.pause(9))
    if not has_responded and rng.random() < 0.5 and later < END:
        response.update(later, has_responded=True, responded_day=market.calendar.day_of(later))
    elif rng.random() < 0.01 and later < END:
        response.update(later, deleted=True)
    market.world.responses.append(response)
    return response


def respond(market: Market, lead: Lead, at: int, is_identifying: bool) -> Response | None:
    """Let a lead respond around `at`: at once, recorded days later, or known from before the lead existed."""
    rng = market.rng
    day = market.calendar.day_of(at)
    recorded = at
    luck = rng.random()
    if luck < 0.2:
        recorded = market.later(at, rng.randrange(1, 11))
    elif luck < 0.27:
        day -= rng.randrange(1, 15)
    return _record(market, recorded, day, _types(market, is_identifying), lead_id=lead.id)


def early_responses(market: Market, lead: Lead, created: int) -> list[Response]:
    """What a new lead responds to in its first weeks; a webinar registration often is what created it."""
    rng, found = market.rng, []
    if rng.random() < market.chances.response:
        is_at_once = rng.random() < 0.3
        at = settle(created + 7_200) if is_at_once else market.later(created, market.pause(6, 0.9))
        found.append(respond(market, lead, at, is_identifying=True))
    if rng.random() < 0.32:
        found.append(respond(market, lead, market.later(created, market.pause(12, 0.9)), is_identifying=False))
    if rng.random() < 0.12:
        found.append(respond(market, lead, market.later(created, market.pause(40, 0.7)), is_identifying=True))
    return [response for response in found if response is not None]


def contact_response(market: Market, contact: Contact, at: int) -> Response | None:
    """Let somebody who is a contact respond to something."""
    types = _types(market, market.rng.random() < 0.5)
    return _record(market, at, market.calendar.day_of(at), types, contact_id=contact.id)


def reparent(response: Response, at: int, **fields: str | bool | None) -> None:
    """A merge or conversion points a member at somebody else or removes it, if it was there by then and still is."""
    if response.created_at < at and response.last_at <= at and not response.latest()["deleted"]:
        response.update(at, **fields)

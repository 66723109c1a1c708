"""A lead's way through the funnel: nurtured, qualified, recycled, disqualified, converted, sold to, sold to again."""

from sandbox.company.deals import add_role, open_deal
from sandbox.company.instants import settle
from sandbox.company.leads import move, new_account, new_contact, note, own_mailbox, set_status
from sandbox.company.market import END, Market
from sandbox.company.records import Contact, Deal, Lead, Response
from sandbox.company.responses import contact_response, reparent, respond

_MOST_CYCLES = 3


def nurture(market: Market, lead: Lead, at: int, responses: list[Response], eagerness: float = 1.0) -> None:
    """Play a lead from `at` on until nothing more happens to it."""
    rng, chances = market.rng, market.chances
    if rng.random() < 0.015:
        at = move(market, lead, market.later(at, market.pause(8)), _destination(market))
        if rng.random() < 0.2:
            at = move(market, lead, market.later(at, market.pause(6)), market.locale.code)
    for cycle in range(1, _MOST_CYCLES + 1):
        if rng.random() > (chances.mql * eagerness if cycle == 1 else 0.6):
            _leave_unqualified(market, lead, at)
            return
        reached = _qualify(market, lead, at)
        if reached is None:
            return
        at = reached
        if rng.random() < chances.sql:
            _sell(market, lead, at, responses)
            return
        recycled = _give_back(market, lead, at)
        if recycled is None:
            return
        at = recycled
        if rng.random() < 0.5:
            respond(market, lead, market.later(at, market.pause(15)), is_identifying=rng.random() < 0.5)


def _destination(market: Market) -> str | None:
    luck = market.rng.random()
    if luck < 0.04:
        return None
    return "dk" if luck < 0.08 and market.locale.org == "global" else market.rng.choice(market.siblings)


def _leave_unqualified(market: Market, lead: Lead, at: int) -> None:
    """Most leads are looked at and left; some are turned away, some put back without ever having been qualified."""
    luck, at = market.rng.random(), market.later(at, market.pause(7))
    if luck < 0.45:
        set_status(market, lead, at, "working")
    elif luck < 0.62:
        set_status(market, lead, at, "disqualified")
    elif luck < 0.65:
        set_status(market, lead, at, "recycled")
        if market.rng.random() < 0.3:
            set_status(market, lead, market.later(at, market.pause(30)), "mql")


def _qualify(market: Market, lead: Lead, at: int) -> int | None:
    """Take a lead to mql, through `working` or straight; one in sixteen is sold to without ever being an mql."""
    rng = market.rng
    if rng.random() < 0.6:
        at = market.later(at, market.pause(3))
        if not set_status(market, lead, at, "working"):
            return None
    if rng.random() < 0.06:
        return at
    at = market.later(at, market.pause(7))
    return at if set_status(market, lead, at, "mql") else None


def _give_back(market: Market, lead: Lead, at: int) -> int | None:
    """What sales does with an mql it does not want. Returns when it was recycled, None when that was its end."""
    rng = market.rng
    luck, at = rng.random(), market.later(at, market.pause(18))
    if luck < 0.08:
        # A regression: back to work, sometimes an mql again. Nothing that was entered changes by it.
        if set_status(market, lead, at, "working") and rng.random() < 0.4:
            set_status(market, lead, market.later(at, market.pause(10)), "mql")
        return None
    if luck < 0.30:
        set_status(market, lead, at, "disqualified")
        return None
    if luck < 0.75 and set_status(market, lead, at, "recycled"):
        return market.later(at, market.pause(35)) if rng.random() < 0.5 else None
    return None


def _sell(market: Market, lead: Lead, at: int, responses: list[Response]) -> None:
    at = market.later(at, market.pause(9))
    if at >= END:
        return
    if market.rng.random() < 0.05:
        _sell_beside_the_lead(market, lead, at)
    else:
        convert(market, lead, at, responses)


def _account_id(market: Market, at: int) -> str:
    if len(market.accounts) > 20 and market.rng.random() < 0.2:
        return market.rng.choice(market.accounts[:-10])
    return new_account(market, at).id


def _sell_beside_the_lead(market: Market, lead: Lead, at: int) -> None:
    """Somebody in sales opens a contact and a deal by hand; only the address ties them to the lead."""
    latest = lead.latest()
    account_id = new_account(market, at).id
    email = latest["email"] or own_mailbox(lead.person)
    contact = new_contact(market, lead.person, at, email, account_id)
    deal = open_deal(market, at, account_id, latest["business_line"], market.chances.sale, "New Business")
    add_role(market, deal, contact.id, at, is_primary=True)


def convert(market: Market, lead: Lead, at: int, responses: list[Response]) -> None:
    """Convert a lead into an account, a contact and (nearly always) an opportunity, in one transaction."""
    rng, before = market.rng, lead.latest()
    account_id = _account_id(market, at)
    contact = new_contact(market, lead.person, at, before["email"], account_id)
    deal = None
    if rng.random() < 0.93:
        line = before["business_line"] if rng.random() < 0.92 else rng.choice(("automation", "sensors", "services"))
        deal = open_deal(market, at, account_id, line, market.chances.sale, "New Business")
        if rng.random() < 0.9:
            add_role(market, deal, contact.id, at, is_primary=True)
    note(market, lead, at, "converted")
    set_status(
        market, lead, at, "converted", contact_id=contact.id, account_id=account_id,
        deal_id=deal.id if deal else None, converted_day=market.calendar.day_of(at),
    )  # fmt: skip
    for response in responses:
        if rng.random() < 0.5:
            reparent(response, at, contact_id=contact.id)
    _after_conversion(market, contact, deal, account_id, at)


def _after_conversion(market: Market, contact: Contact, deal: Deal | None, account_id: str, at: int) -> None:
    """More deals: beside the first one, instead of it, or years of being a returning customer."""
    rng = market.rng
    if rng.random() < 0.3:
        contact_response(market, contact, market.later(at, market.pause(30)))
    if deal is None or rng.random() < 0.06:
        later_deal(market, contact, account_id, market.later(at, market.pause(12)))
    for _ in range(_MOST_CYCLES):
        if deal is None or deal.latest()["stage"] != "won" or rng.random() > 0.28:
            return
        deal = later_deal(market, contact, account_id, market.later(deal.last_at, market.pause(75, 0.6)))


def later_deal(market: Market, contact: Contact, account_id: str | None, at: int) -> Deal | None:
    """A deal of somebody who already is a contact, tied to them by their role; None after the simulation's end."""
    if at >= END:
        return None
    line = market.rng.choice(("automation", "sensors", "services"))
    deal = open_deal(market, at, account_id, line, market.chances.sale + 0.12, "Existing Business")
    role_at = at if market.rng.random() < 0.8 else settle(at + 7_200)
    add_role(market, deal, contact.id, role_at, is_primary=market.rng.random() < 0.7)
    return deal

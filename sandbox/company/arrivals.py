"""Who turns up: visitors filling in forms, imported address books, contacts without a lead, deals out of the blue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sandbox.company.deals import open_deal
from sandbox.company.demand import Demand
from sandbox.company.duplicates import second_lead
from sandbox.company.instants import day_number, settle
from sandbox.company.journeys import later_deal, nurture
from sandbox.company.leads import business_line, new_account, new_contact, new_lead, own_mailbox, set_status
from sandbox.company.market import END, Market
from sandbox.company.names import address, respelt
from sandbox.company.records import Lead, Mailbox
from sandbox.company.responses import contact_response, early_responses

_PURGE_BEFORE = day_number(date(2026, 6, 1)) * 86_400
_BIN_DAYS = 16
_LEGACY_SHARE, _CONTACT_SHARE, _DIRECT_DEAL_SHARE = 0.025, 0.03, 0.006
_LEGACY_SINCE_DAYS = 560


@dataclass(slots=True)
class Census:
    """Numbers people and mailboxes, company-wide; remembers what the last visitor left for the next to share."""

    people: int = 0
    shared_mailbox: int = 0
    last_client_id: str | None = None

    def next(self) -> int:
        """The next person's number, which is also the number of their own mailbox."""
        self.people += 1
        return self.people


def populate(market: Market, demand: Demand, census: Census, everywhere: Sequence[Market]) -> None:
    """Everybody of one market, from the address book it was started with to the last day."""
    total = int(demand.leads.sum())
    for _ in range(int(total * _LEGACY_SHARE)):
        _imported_lead(market, census)
    for day, count in zip(demand.days.tolist(), demand.leads.tolist(), strict=True):
        for _ in range(count):
            _visitor(market, census, day, everywhere)
    first, last = int(demand.days[0]), int(demand.days[-1])
    for _ in range(int(total * _CONTACT_SHARE)):
        _contact_without_lead(market, census, market.rng.randrange(first, last))
    for number in range(max(2, int(total * _DIRECT_DEAL_SHARE))):
        _deal_out_of_the_blue(market, market.rng.randrange(first, last), has_account=number % 6 != 0)


def _mailbox(market: Market, census: Census, person: int) -> Mailbox | None:
    """Nobody's, an office's shared one, or the person's own, as they happened to type it."""
    luck = market.rng.random()
    if luck < 0.04:
        return None
    if luck < 0.05:
        if census.shared_mailbox == 0 or market.rng.random() < 0.5:
            census.shared_mailbox = person
        return Mailbox(census.shared_mailbox, address(census.shared_mailbox))
    mine = own_mailbox(person)
    return Mailbox(person, respelt(mine.text, person)) if luck < 0.08 else mine


def _client_id(market: Market, census: Census, at: int) -> str | None:
    """The analytics client id, with consent; now and then two colleagues use one computer."""
    if market.rng.random() < 0.4:
        return None
    if census.last_client_id is None or market.rng.random() >= 0.005:
        census.last_client_id = f"{market.rng.randrange(10**8, 2**31)}.{at - market.rng.randrange(20 * 86_400)}"
    return census.last_client_id


def _visitor(market: Market, census: Census, day: int, everywhere: Sequence[Market]) -> None:
    rng, person = market.rng, census.next()
    at = market.calendar.visitor_moment(rng, day)
    if at >= END:
        return
    email = _mailbox(market, census, person)
    lead = new_lead(market, person, at, email=email, client_id=_client_id(market, census, at))
    responses = early_responses(market, lead, at)
    if rng.random() < 0.014:
        _throw_away(market, lead)
        return
    if email is None and rng.random() < 0.4:
        told = market.later(at, market.pause(6))
        if told < END:
            lead.update(told, email=own_mailbox(person))
            at = told
    if email is not None and rng.random() < 0.06:
        second_lead(market, lead, responses, everywhere)
    else:
        nurture(market, lead, at, responses)


def _throw_away(market: Market, lead: Lead) -> None:
    """Spam and tests are deleted; some are restored, some leave the recycle bin for good."""
    at = market.later(lead.last_at, market.pause(5))
    if at >= END:
        return
    lead.update(at, deleted=True)
    luck, bin_emptied = market.rng.random(), settle(at + _BIN_DAYS * 86_400)
    if luck < 0.15 and at + 86_400 < END:
        lead.update(market.later(at, 0.0), deleted=False)
    elif luck < 0.5 and bin_emptied < _PURGE_BEFORE:
        lead.update(bin_emptied, purged=True)


def _imported_lead(market: Market, census: Census) -> None:
    """From the address book of before go-live: an old CreatedDate, a status, no history before the import."""
    rng, person = market.rng, census.next()
    live = day_number(market.locale.go_live)
    at = market.calendar.office_moment(rng, live - 12)
    age = rng.randrange(20, _LEGACY_SINCE_DAYS)
    created_at = market.calendar.visitor_moment(rng, live - 12 - age)
    status = rng.choices(("open", "working", "mql", "recycled", "disqualified"), (40, 20, 22, 12, 6))[0]
    lead = new_lead(market, person, at, email=own_mailbox(person), created_at=created_at, status=status)
    if rng.random() < 0.25:
        woken = market.later(at, market.pause(90, 1.0))
        if woken < END and set_status(market, lead, woken, "working"):
            nurture(market, lead, woken, early_responses(market, lead, woken))


def _contact_without_lead(market: Market, census: Census, day: int) -> None:
    """A business card typed in as a contact; some of them answer campaigns, some buy."""
    rng, person = market.rng, census.next()
    at = market.calendar.office_moment(rng, day)
    if at >= END:
        return
    account = new_account(market, at)
    email = own_mailbox(person) if rng.random() < 0.93 else None
    contact = new_contact(market, person, at, email, account.id)
    if rng.random() < 0.35:
        contact_response(market, contact, market.later(at, market.pause(20)))
    if rng.random() < 0.2:
        later_deal(market, contact, account.id, market.later(at, market.pause(30)))
    elif rng.random() < 0.05:
        gone = market.later(at, market.pause(30))
        if gone < END:
            contact.update(gone, deleted=True)


def _deal_out_of_the_blue(market: Market, day: int, *, has_account: bool) -> None:
    """A deal nobody is noted on: it belongs to its account, or to nobody at all; some accounts have several."""
    at = market.calendar.office_moment(market.rng, day)
    if at >= END:
        return
    account_id = new_account(market, at).id if has_account else None
    open_deal(market, at, account_id, business_line(market), market.chances.sale, "New Business")
    again = market.later(at, market.pause(60))
    if account_id and market.rng.random() < 0.3 and again < END:
        open_deal(market, again, account_id, business_line(market), market.chances.sale, "Existing Business")

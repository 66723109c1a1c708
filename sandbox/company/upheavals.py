"""Things that happen to settled records around the demo's today, so that every refresh has something to get right.

Each day from 2026-06-24 to 2026-07-24 a few records of each kind are changed, whatever the company's scale: leads
merged, moved, deleted, requalified, given another address; deals corrected, moved on, rebooked, deleted.
"""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any, TypeVar

from sandbox.company import deals, leads
from sandbox.company.instants import day_number
from sandbox.company.market import Market
from sandbox.company.names import address
from sandbox.company.records import Fields, Mailbox, Record

_FIRST, _LAST = day_number(date(2026, 6, 24)), day_number(date(2026, 7, 24))
_TIMES_A_DAY = 2
_SETTLED_SECONDS = 10 * 86_400
_MORNING, _EVENING = 7 * 3_600, 20 * 3_600

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Stirrer:
    """Hands out settled records in a shuffled order, each at most once."""

    def __init__(self, markets: list[Market], rng: Random) -> None:
        self.rng = rng
        self.markets = {market.locale.code: market for market in markets}
        world = markets[0].world
        self.leads, self.contacts = self._shuffled(world.leads), self._shuffled(world.contacts)
        self.deals, self.responses = self._shuffled(world.deals), self._shuffled(world.responses)
        # A record something else hangs on by a merge stays out of it: nobody deletes those.
        merged = [one.latest()["merged_into"] for one in (*world.leads, *world.contacts)]
        self.winners = {one for one in merged if one}

    def _shuffled(self, records: list[AnyRecord]) -> list[AnyRecord]:
        copy = list(records)
        self.rng.shuffle(copy)
        return copy

    def take(self, pool: list[AnyRecord], at: int, fits: Callable[[Fields], Any]) -> AnyRecord | None:
        """The next record that was settled by `at`, is not deleted and fits; the ones passed over stay in the pool."""
        for place in range(len(pool) - 1, -1, -1):
            record = pool[place]
            if record.last_at < at - _SETTLED_SECONDS and record.id not in self.winners:
                latest = record.latest()
                if not latest["deleted"] and fits(latest):
                    return pool.pop(place)
        return None

    def market(self, record: Record) -> Market:
        """The market a record is in now, or Denmark for one that is in none."""
        return self.markets[record.latest().get("locale") or "dk"]


def _merge_leads(stirrer: Stirrer, at: int) -> None:
    """Two leads of one market with different addresses turn out to be one person."""
    winner = stirrer.take(stirrer.leads, at, lambda lead: not lead["contact_id"] and lead["locale"])
    if winner is None:
        return
    locale = winner.latest()["locale"]
    loser = stirrer.take(stirrer.leads, at, lambda lead: not lead["contact_id"] and lead["locale"] == locale)
    if loser is not None:
        leads.merge(loser, at, winner)


def _merge_contacts(stirrer: Stirrer, at: int) -> None:
    winner = stirrer.take(stirrer.contacts, at, lambda contact: contact["locale"])
    if winner is None:
        return
    locale = winner.latest()["locale"]
    loser = stirrer.take(stirrer.contacts, at, lambda contact: contact["locale"] == locale)
    if loser is not None:
        leads.merge(loser, at, winner)


def _move_lead(stirrer: Stirrer, at: int) -> None:
    lead = stirrer.take(stirrer.leads, at, lambda one: one["locale"] and not one["contact_id"])
    if lead is not None:
        market = stirrer.market(lead)
        leads.move(market, lead, at, stirrer.rng.choice(market.siblings))


def _delete_lead(stirrer: Stirrer, at: int) -> None:
    lead = stirrer.take(stirrer.leads, at, lambda one: True)
    if lead is not None:
        lead.update(at, deleted=True)


def _restore_lead(stirrer: Stirrer, at: int) -> None:
    """Out of the recycle bin: a thrown-away lead is one again."""
    for place, lead in enumerate(stirrer.leads):
        latest = lead.latest()
        is_in_bin = latest["deleted"] and not latest["merged_into"] and not latest.get("purged")
        if is_in_bin and lead.last_at < at:
            stirrer.leads.pop(place).update(at, deleted=False)
            return


def _requalify(stirrer: Stirrer, at: int) -> None:
    lead = stirrer.take(stirrer.leads, at, lambda one: one["status"] == "recycled")
    if lead is not None:
        leads.set_status(stirrer.market(lead), lead, at, "mql")


def _disqualify(stirrer: Stirrer, at: int) -> None:
    lead = stirrer.take(stirrer.leads, at, lambda one: one["status"] == "mql")
    if lead is not None:
        leads.set_status(stirrer.market(lead), lead, at, "disqualified")


def _readdress(stirrer: Stirrer, at: int) -> None:
    """A lead turns out to be somebody the CRM already knows under another address."""
    known = stirrer.take(stirrer.leads, at, lambda one: one["email"])
    lead = stirrer.take(stirrer.leads, at, lambda one: not one["contact_id"])
    if known is not None and lead is not None:
        number = known.latest()["email"].number
        text = known.latest()["email"].text
        lead.update(at, email=Mailbox(number, text.strip()))


def _introduce(stirrer: Stirrer, at: int) -> None:
    """A lead without an address gets its own."""
    lead = stirrer.take(stirrer.leads, at, lambda one: one["email"] is None)
    if lead is not None:
        lead.update(at, email=Mailbox(lead.person, address(lead.person)))


def _reassign_line(stirrer: Stirrer, at: int) -> None:
    lead = stirrer.take(stirrer.leads, at, lambda one: one["business_line"] == "automation")
    if lead is not None:
        lead.update(at, business_line="sensors")


def _correct_amount(stirrer: Stirrer, at: int) -> None:
    deal = stirrer.take(stirrer.deals, at, lambda one: one["stage"] == "won")
    if deal is not None:
        amount = deal.latest()["amount"] + stirrer.rng.randrange(1, 500) * 100
        deals.change(stirrer.market(deal), deal, at, amount=amount)


def _correct_booking_date(stirrer: Stirrer, at: int) -> None:
    deal = stirrer.take(stirrer.deals, at, lambda one: one["stage"] == "won")
    if deal is not None:
        day = deal.latest()["close_day"] - stirrer.rng.randrange(1, 15)
        deals.change(stirrer.market(deal), deal, at, close_day=day)


def _win(stirrer: Stirrer, at: int) -> None:
    """A deal long lost or left is won after all, booked days before anybody says so."""
    deal = stirrer.take(stirrer.deals, at, lambda one: one["stage"] != "won" and one["amount"] is not None)
    if deal is not None:
        market = stirrer.market(deal)
        day = market.calendar.day_of(at) - stirrer.rng.randrange(0, 9)
        deals.change(market, deal, at, stage="won", close_day=day)


def _reopen(stirrer: Stirrer, at: int) -> None:
    """A won deal is negotiated once more: it stays the sale it was."""
    deal = stirrer.take(stirrer.deals, at, lambda one: one["stage"] == "won")
    if deal is not None:
        deals.change(stirrer.market(deal), deal, at, stage="negotiation")


def _rebook(stirrer: Stirrer, at: int) -> None:
    deal = stirrer.take(stirrer.deals, at, lambda one: one["stage"] in {"won", "lost"})
    if deal is not None:
        deal.update(at, locale=stirrer.rng.choice(stirrer.market(deal).siblings))


def _delete_deal(stirrer: Stirrer, at: int) -> None:
    deal = stirrer.take(stirrer.deals, at, lambda one: one["stage"] == "won")
    if deal is not None:
        deal.update(at, deleted=True)


def _delete_response(stirrer: Stirrer, at: int) -> None:
    response = stirrer.take(stirrer.responses, at, lambda one: one["has_responded"])
    if response is not None:
        response.update(at, deleted=True)


def _backdate_response(stirrer: Stirrer, at: int) -> None:
    """An attendance list from last month is typed in."""
    response = stirrer.take(stirrer.responses, at, lambda one: not one["has_responded"])
    if response is not None:
        day = max(at // 86_400 - stirrer.rng.randrange(3, 40), response.created_at // 86_400)
        response.update(at, has_responded=True, responded_day=day)


CHANGES: tuple[Callable[[Stirrer, int], None], ...] = (
    _merge_leads, _merge_contacts, _move_lead, _delete_lead, _restore_lead, _requalify, _disqualify, _readdress,
    _introduce, _reassign_line, _correct_amount, _correct_booking_date, _win, _reopen, _rebook,
    _delete_deal,    _delete_response, _backdate_response,
)  # fmt: skip


def stir(markets: list[Market], rng: Random) -> None:
    """Change settled records of every kind on every day of the month around the demo's today."""
    stirrer = Stirrer(markets, rng)
    for day in range(_FIRST, _LAST + 1):
        for change in CHANGES:
            for _ in range(_TIMES_A_DAY):
                change(stirrer, day * 86_400 + rng.randrange(_MORNING, _EVENING))

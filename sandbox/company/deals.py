"""Opportunities: how they open, move, jump, fall back, close, reopen, and are corrected afterwards."""

from random import Random

from sandbox.company import money
from sandbox.company.locales import ORGS
from sandbox.company.market import END, Market
from sandbox.company.records import Deal, Role, StageRow

_STAGES = ("open", "qualification", "proposal", "negotiation")
_STEP_DAYS = {"open": 6, "qualification": 9, "proposal": 13, "negotiation": 14, "won": 12, "lost": 16}
_UNTRACKED_SHARE = 0.02


def _path(rng: Random, sale_chance: float) -> list[str]:
    """The stages a deal goes through: some are jumped, some are gone back to, most end."""
    start = 0 if rng.random() < 0.5 else 1
    is_won = rng.random() < sale_chance
    path = [_STAGES[start]]
    last = 3 if is_won else rng.randrange(start, 4)
    for place in range(start + 1, last + 1):
        if rng.random() < 0.8:
            path.append(_STAGES[place])
        if rng.random() < 0.04:
            path += [_STAGES[place - 1], _STAGES[place]]
    if is_won:
        path.append("won")
        if rng.random() < 0.02:
            path += ["negotiation", rng.choice(("won", "lost"))]
    elif rng.random() < 0.85:
        path.append("lost")
    return path


def _log(market: Market, deal: Deal, at: int, is_tracked: bool) -> None:
    if is_tracked:
        now = deal.latest()
        row = StageRow(market.mint("OpportunityHistory"), at, now["stage"], now["amount"], now["close_day"])
        deal.history.append(row)


def change(market: Market, deal: Deal, at: int, **fields: object) -> bool:
    """Change a deal as a user would, history row and all; False when that would be after the simulation's end."""
    if at >= END:
        return False
    deal.update(at, **fields)
    _log(market, deal, at, bool(deal.history))
    return True


def _closing_day(market: Market, at: int) -> int:
    """The booking date: mostly the day it was won, now and then backdated, even into the month before."""
    day = market.calendar.day_of(at)
    return day - market.rng.randrange(1, 26) if market.rng.random() < 0.12 else day


def open_deal(
    market: Market, at: int, account_id: str | None, business_line: str | None, sale_chance: float, kind: str
) -> Deal:
    """Open a deal at `at` and play it to its end; it is in the world when this returns."""
    rng, org = market.rng, ORGS[market.locale.org]
    currency = money.booked_currency(rng, market.locale.currency, None if org.is_multi_currency else org.currency)
    day = market.calendar.day_of(at)
    path = _path(rng, sale_chance)
    amount = money.deal_amount(rng, currency, day) if rng.random() < 0.85 or "won" in path else None
    fields = {
        "stage": path[0], "amount": amount, "currency": currency, "close_day": day + 60 + rng.randrange(60),
        "locale": market.locale.code, "business_line": business_line, "account_id": account_id, "kind": kind,
        "owner": market.owner(), "deleted": False, "source": None, "campaign_id": None,
    }  # fmt: skip
    deal = Deal(market.mint("Opportunity"), market.locale.org, at, [(at, fields)])
    market.world.deals.append(deal)
    _log(market, deal, at, rng.random() >= _UNTRACKED_SHARE)
    for stage in path[1:]:
        at = market.later(at, market.pause(_STEP_DAYS[stage], 0.7))
        update: dict[str, object] = {"stage": stage}
        if stage in {"won", "lost"}:
            update["close_day"] = _closing_day(market, at)
        elif rng.random() < 0.15:
            update["amount"] = money.deal_amount(rng, currency, day)
        if not change(market, deal, at, **update):
            break
    _afterwards(market, deal)
    return deal


def _afterwards(market: Market, deal: Deal) -> None:
    """Corrections to a closed deal: amount, booking date, another market's books, deletion."""
    rng, latest = market.rng, deal.latest()
    if latest["stage"] != "won":
        at = market.later(deal.last_at, market.pause(20))
        if rng.random() < 0.008 and at < END:
            deal.update(at, deleted=True)
        return
    at = market.later(deal.last_at, market.pause(25, 1.0))
    luck = rng.random()
    if luck < 0.04:
        change(market, deal, at, amount=(latest["amount"] * 9 // 1_000) * 100)
    elif luck < 0.065:
        change(market, deal, at, close_day=latest["close_day"] - rng.randrange(1, 12))
    elif luck < 0.075 and at < END:
        deal.update(at, locale=rng.choice(market.siblings))
    elif luck < 0.085 and at < END:
        deal.update(at, deleted=True)


def add_role(market: Market, deal: Deal, contact_id: str, at: int, is_primary: bool) -> Role:
    """Note a contact's part in a deal."""
    fields = {"deal_id": deal.id, "contact_id": contact_id, "is_primary": is_primary, "deleted": False}
    role = Role(market.mint("OpportunityContactRole"), market.locale.org, at, [(at, fields)])
    market.world.roles.append(role)
    return role

"""What was sold and to whom: won deals, their lines, their kind, and what their customers have bought since."""

from collections import defaultdict
from datetime import UTC, date
from fractions import Fraction
from typing import NamedTuple

from sandbox.company.instants import utc_seconds
from sandbox.company.truth.credit import credited
from sandbox.company.truth.cycles import Entry
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.rates import BudgetRates, budget_units, units_per_euro

_KINDS = {"Existing Business": "expansion", "Renewal": "renewal"}
SPANS = {"12_months": 12, "24_months": 24}
VALUE_TYPES = ("first_order", "repeat", "recurring", "total", *SPANS)


class Sold(NamedTuple):
    """A won deal: exact amounts in its own currency; what its lines come to is None where it has none."""

    entry: Entry
    org: str
    customer: str
    number: int
    kind: str
    currency: str
    amount: Fraction
    lines: Fraction | None
    recurring: Fraction | None
    one_off: Fraction | None


class CustomerValue(NamedTuple):
    """What a cohort of customers has bought of one kind of value; amounts are exact."""

    cohort_month: date
    locale: str
    business_line: str
    channel: str
    value_type: str
    is_mature: bool
    customers: int
    buyers: int
    deals: int
    amount_local: Fraction
    currency: str
    amount_eur: Fraction
    amount_eur_constant: Fraction


def _lines(observation: Observation) -> dict[str, dict[str | None, Fraction]]:
    """Deal id -> kind of revenue of the product -> what the lines come to."""
    now, world = utc_seconds(observation.now), observation.company.world
    kinds = {one.id: (one.as_of(now) or {}).get("revenue_type") for one in world.products}
    found: dict[str, dict[str | None, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for line in world.lines:
        fields = line.as_of(now)
        if fields is not None and not fields["deleted"]:
            price = Fraction(fields["unit_price"] * fields["quantity"], 100)
            found[fields["deal_id"]][kinds[fields["product_id"]]] += price
    return found


def sold(observation: Observation) -> list[Sold]:
    """Every deal won in a claimed market, by customer and in the order in which these bought."""
    deals, lines = observation.sight.deals, _lines(observation)
    by_customer: dict[str, list[tuple[date, int, str, Entry]]] = defaultdict(list)
    for entry in observation.entries:
        if entry.stage == "sale" and entry.locale is not None:
            assert entry.opportunity_id is not None
            account = deals[entry.opportunity_id].now["account_id"]
            moment = (entry.entered_date, entry.entered_at, entry.opportunity_id, entry)
            by_customer[account or f"person {entry.prospect}"].append(moment)
    found = []
    for customer, moments in by_customer.items():
        for number, (*_, entry) in enumerate(sorted(moments, key=lambda one: one[:3]), start=1):
            assert entry.opportunity_id is not None
            deal = deals[entry.opportunity_id]
            kind = _KINDS.get(deal.now["kind"], "new" if number == 1 else "expansion")
            parts = lines.get(deal.id)
            found.append(
                Sold(
                    entry, deal.record.org, customer, number, kind, deal.now["currency"],
                    Fraction(deal.now["amount"], 100),
                    None if parts is None else sum(parts.values(), Fraction()),
                    None if parts is None else parts.get("Recurring", Fraction()),
                    None if parts is None else parts.get("One-off", Fraction()),
                )
            )  # fmt: skip
    return found


def converted(
    observation: Observation, one: Sold, amount: Fraction, local: str, budget_rates: BudgetRates
) -> tuple[Fraction, Fraction, Fraction]:
    """An amount of a deal in a market's currency, in euro, and in euro at budget rates; raises NoRate without one."""
    day, today = one.entry.entered_date, observation.now.astimezone(UTC).date()
    eur = amount / units_per_euro(one.currency, day, today)
    own = amount if one.currency == local else eur * units_per_euro(local, day, today)
    return own, eur, amount / budget_units(budget_rates, one.currency, day)


def _later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def _is_of(value_type: str, one: Sold, first: Sold) -> bool:
    if value_type in SPANS:
        return one.entry.entered_date < _later(first.entry.entered_date, SPANS[value_type])
    return {"first_order": one.number == 1, "repeat": one.number > 1, "recurring": bool(one.recurring), "total": True}[
        value_type
    ]


def customer_values(observation: Observation, budget_rates: BudgetRates) -> list[CustomerValue]:
    """What customers have bought, by when, where and by which channel they were won."""
    leads = {(one.prospect, one.cycle): one for one in observation.entries if one.stage == "first_identifier"}
    orders: dict[str, list[Sold]] = defaultdict(list)
    for one in sold(observation):
        orders[one.customer].append(one)
    cohorts: dict[tuple[date, str, str, str], list[list[Sold]]] = defaultdict(list)
    for bought in orders.values():
        first = bought[0].entry
        assert first.locale is not None
        place = observation.claimed[first.locale]
        if place.counts(first.entered_date):
            touches, _ = credited(observation, leads[first.prospect, first.cycle])
            key = (first.entered_date.replace(day=1), first.locale, first.business_line, touches[0].channel)
            cohorts[key].append([one for one in bought if one.entry.entered_date <= place.last])
    return [
        _valued(observation, key, members, value_type, budget_rates)
        for key, members in sorted(cohorts.items())
        for value_type in VALUE_TYPES
    ]


def _valued(
    observation: Observation,
    key: tuple[date, str, str, str],
    members: list[list[Sold]],
    value_type: str,
    budget_rates: BudgetRates,
) -> CustomerValue:
    place = observation.claimed[key[1]]
    matures = _later(key[0], SPANS.get(value_type, 0) + 1)
    is_mature = value_type not in SPANS or (matures - place.last).days <= 1
    chosen = [[one for one in bought if _is_of(value_type, one, bought[0])] for bought in members]
    sums = [Fraction(), Fraction(), Fraction()]
    for one in (one for bought in chosen for one in bought):
        amount = (one.recurring or Fraction()) if value_type == "recurring" else one.amount
        for position, part in enumerate(converted(observation, one, amount, place.locale.currency, budget_rates)):
            sums[position] += part
    buyers, deals = sum(1 for bought in chosen if bought), sum(len(bought) for bought in chosen)
    return CustomerValue(
        *key, value_type, is_mature, len(members), buyers, deals, sums[0], place.locale.currency, sums[1], sums[2]
    )

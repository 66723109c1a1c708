"""What sales were worth: as booked, and in the three amounts the funnel publishes, all of them exact."""

from collections import defaultdict
from datetime import UTC, date
from fractions import Fraction
from typing import NamedTuple

from sandbox.company.truth.cycles import Entry
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.rates import BudgetRates, budget_units, units_per_euro


class Worth(NamedTuple):
    """One won deal's amount, exactly: as booked, in the market's currency, in euros, in euros at budget rates."""

    currency: str
    amount: Fraction
    local: Fraction
    eur: Fraction
    eur_constant: Fraction


class SalesDay(NamedTuple):
    """Sales of one market, business line and booking date in one booked currency; amounts are exact sums."""

    locale: str
    business_line: str
    date: date
    currency: str
    sales: int
    amount: Fraction
    local_currency: str
    amount_local: Fraction
    amount_eur: Fraction
    amount_eur_constant: Fraction


def in_eur(observation: Observation, sale: Entry) -> tuple[str, Fraction, Fraction]:
    """(booked currency, amount, amount in EUR) of a sale at the rate of its booking date; raises NoRate without one."""
    assert sale.opportunity_id is not None
    deal = observation.sight.deals[sale.opportunity_id].now
    amount, today = Fraction(deal["amount"], 100), observation.now.astimezone(UTC).date()
    return deal["currency"], amount, amount / units_per_euro(deal["currency"], sale.entered_date, today)


def eur_by_locale(observation: Observation) -> dict[str, Fraction]:
    """Counted sales in EUR at the rates of their booking dates, by market; raises NoRate where there is none."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for one in observation.counted:
        if one.stage == "sale" and one.locale is not None:
            sums[one.locale] += in_eur(observation, one)[2]
    return sums


def worth(observation: Observation, sale: Entry, budget_rates: BudgetRates) -> Worth:
    """The worth of a counted sale, at the rates of its booking date; raises NoRate where there is none."""
    assert sale.locale is not None
    day, today = sale.entered_date, observation.now.astimezone(UTC).date()
    currency, amount, eur = in_eur(observation, sale)
    local_currency = observation.claimed[sale.locale].locale.currency
    local = amount if currency == local_currency else eur * units_per_euro(local_currency, day, today)
    return Worth(currency, amount, local, eur, amount / budget_units(budget_rates, currency, day))


def sales(observation: Observation, budget_rates: BudgetRates) -> list[SalesDay]:
    """Counted sales by market, business line, booking date and booked currency."""
    groups: dict[tuple[str, str, date, str], list[Worth]] = defaultdict(list)
    for one in observation.counted:
        if one.stage == "sale" and one.locale is not None:
            value = worth(observation, one, budget_rates)
            groups[one.locale, one.business_line, one.entered_date, value.currency].append(value)
    return [
        SalesDay(
            *key,
            len(values),
            sum((value.amount for value in values), Fraction()),
            observation.claimed[key[0]].locale.currency,
            sum((value.local for value in values), Fraction()),
            sum((value.eur for value in values), Fraction()),
            sum((value.eur_constant for value in values), Fraction()),
        )
        for key, values in sorted(groups.items())
    ]

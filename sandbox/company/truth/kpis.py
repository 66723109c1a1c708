"""The six head KPIs, day by day."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from sandbox.company.truth.observation import Observation
from sandbox.company.truth.places import STAGES
from sandbox.company.truth.rates import BudgetRates
from sandbox.company.truth.worth import sales

Key = tuple[str, str, date]

STEP_RATES = {
    "session_to_first_identifier_rate": ("first_identifiers", "sessions"),
    "first_to_second_identifier_rate": ("second_identifiers", "first_identifiers"),
    "second_identifier_to_mql_rate": ("mqls", "second_identifiers"),
    "mql_to_sql_rate": ("sqls", "mqls"),
    "sql_to_sale_rate": ("sales", "sqls"),
    "visitor_to_customer_rate": ("sales", "sessions"),
}
"""What each rate of the funnel is over what."""


class Day(NamedTuple):
    """The six KPIs of one market, business line and day, with the worth of its sales (exact sums)."""

    locale: str
    business_line: str
    date: date
    sessions: int
    first_identifiers: int
    second_identifiers: int
    mqls: int
    sqls: int
    sales: int
    amount_local: Fraction
    currency: str
    amount_eur: Fraction
    amount_eur_constant: Fraction


def daily_counts(observation: Observation) -> dict[Key, list[int]]:
    """(market, business line, day) → sessions and entries of the five stages, where there is anything."""
    counts: dict[Key, list[int]] = defaultdict(lambda: [0] * (1 + len(STAGES)))
    for one in observation.sessions:
        counts[one[:3]][0] += one.sessions
    for entry in observation.counted:
        assert entry.locale is not None
        counts[entry.locale, entry.business_line, entry.entered_date][1 + STAGES.index(entry.stage)] += 1
    return counts


def daily_kpis(observation: Observation, budget_rates: BudgetRates) -> list[Day]:
    """One row a market, business line and day with anything in it, sorted."""
    money: dict[Key, tuple[Fraction, Fraction, Fraction]] = {}
    for sold in sales(observation, budget_rates):
        before = money.get(sold[:3], (Fraction(), Fraction(), Fraction()))
        gained = (sold.amount_local, sold.amount_eur, sold.amount_eur_constant)
        money[sold[:3]] = (before[0] + gained[0], before[1] + gained[1], before[2] + gained[2])
    rows = []
    for key, (sessions, first, second, mqls, sqls, sales_) in sorted(daily_counts(observation).items()):
        local, eur, constant = money.get(key, (Fraction(), Fraction(), Fraction()))
        currency = observation.claimed[key[0]].locale.currency
        rows.append(Day(*key, sessions, first, second, mqls, sqls, sales_, local, currency, eur, constant))
    return rows

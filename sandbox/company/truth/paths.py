"""By which channels, and how slowly, each stage was come to."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from sandbox.company.truth.credit import before
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.rates import BudgetRates
from sandbox.company.truth.worth import worth

Amounts = tuple[Fraction, Fraction, Fraction]


class Journey(NamedTuple):
    """What came before one stage entry: its touches' channels, oldest first, and the seconds from the first of them."""

    locale: str
    business_line: str
    stage: str
    date: date
    channels: tuple[str, ...]
    seconds: int | None
    amounts: Amounts | None
    """Local, in euro and at budget rates, of a sale."""


def journeys(observation: Observation, budget_rates: BudgetRates) -> list[Journey]:
    """The journey to every counted stage entry."""
    paths = before(observation)
    found = []
    for entry in observation.counted:
        assert entry.locale is not None
        touches = paths[entry].touches
        amounts = None
        if entry.stage == "sale":
            value = worth(observation, entry, budget_rates)
            amounts = value.local, value.eur, value.eur_constant
        found.append(
            Journey(
                entry.locale,
                entry.business_line,
                entry.stage,
                entry.entered_date,
                tuple(touch.channel for touch in touches),
                entry.entered_at - touches[0].at if touches else None,
                amounts,
            )
        )
    return found

"""Attribution: how the credit for every stage entry is shared over what touched the prospect before it."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from sandbox.company.truth.observation import Observation
from sandbox.company.truth.rates import BudgetRates
from sandbox.company.truth.worth import worth

MODELS = ("first_touch", "last_touch", "linear")
UNATTRIBUTED = "unattributed"
LOOKBACK_SECONDS = 90 * 86_400
Touch = tuple[int, str, str]


class Credit(NamedTuple):
    """Credit of one channel and campaign; both are `unattributed` where nothing touched. Everything is exact."""

    locale: str
    business_line: str
    month: date
    stage: str
    model: str
    channel: str
    campaign: str
    credit: Fraction
    amount_local: Fraction
    amount_eur: Fraction
    amount_eur_constant: Fraction


def shares(model: str, touches: list[Touch]) -> list[tuple[str, str, Fraction]]:
    """(channel, campaign, weight) under a model; the weights sum to 1. Touches at one instant share equally."""
    if not touches:
        return [(UNATTRIBUTED, UNATTRIBUTED, Fraction(1))]
    instants = [touch[0] for touch in touches]
    chosen = touches
    if model == "first_touch":
        chosen = [touch for touch in touches if touch[0] == min(instants)]
    elif model == "last_touch":
        chosen = [touch for touch in touches if touch[0] == max(instants)]
    return [(channel, campaign, Fraction(1, len(chosen))) for _, channel, campaign in chosen]


def attribution(observation: Observation, budget_rates: BudgetRates) -> list[Credit]:
    """Credit for every counted stage entry, by month of entry, stage, model, channel and campaign."""
    sums: dict[tuple[str, str, date, str, str, str, str], list[Fraction]] = defaultdict(
        lambda: [Fraction(), Fraction(), Fraction(), Fraction()]
    )
    nothing = (Fraction(), Fraction(), Fraction())
    for entry in observation.counted:
        assert entry.locale is not None
        near = [
            touch
            for touch in observation.touches[entry.prospect]
            if entry.entered_at - LOOKBACK_SECONDS <= touch[0] <= entry.entered_at
        ]
        amounts = nothing
        if entry.stage == "sale":
            value = worth(observation, entry, budget_rates)
            amounts = (value.local, value.eur, value.eur_constant)
        month = entry.entered_date.replace(day=1)
        for model in MODELS:
            for channel, campaign, weight in shares(model, near):
                key = (entry.locale, entry.business_line, month, entry.stage, model, channel, campaign)
                total = sums[key]
                total[0] += weight
                if amounts is not nothing:
                    for place, amount in enumerate(amounts, start=1):
                        total[place] += amount * weight
    return [Credit(*key, *total) for key, total in sorted(sums.items())]

"""What became of the leads that each channel and campaign brought in."""

from collections import defaultdict
from datetime import date, timedelta
from typing import NamedTuple

from sandbox.company.truth.credit import credited
from sandbox.company.truth.cycles import Entry
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.places import local_midnight
from sandbox.company.truth.rates import BudgetRates
from sandbox.company.truth.spread import quantile
from sandbox.company.truth.trade import converted, sold

_DAY = 86_400
Key = tuple[str, str, date, str, str]


class Quality(NamedTuple):
    """Leads of a channel and campaign by one model, weighted by its credit, with what they came to and were worth."""

    locale: str
    business_line: str
    month: date
    model: str
    channel: str
    campaign: str
    leads: float
    mqls: float
    sqls: float
    sales: float
    disqualified: float
    amount_local: float
    amount_eur: float
    amount_eur_constant: float
    median_days_to_mql: float | None
    median_days_to_sale: float | None


def qualities(observation: Observation, budget_rates: BudgetRates) -> list[Quality]:
    """By market, business line, month in which the leads came, model, channel and campaign."""
    trips: dict[tuple[str, int], dict[str, Entry]] = defaultdict(dict)
    for entry in observation.entries:
        trips[entry.prospect, entry.cycle][entry.stage] = entry
    deals = {one.entry.opportunity_id: one for one in sold(observation)}
    sums: dict[tuple[Key, str], list[float]] = defaultdict(lambda: [0.0] * 8)
    speeds: dict[Key, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for lead in observation.counted:
        if lead.stage != "first_identifier":
            continue
        assert lead.locale is not None
        place, trip = observation.claimed[lead.locale], trips[lead.prospect, lead.cycle]
        over = local_midnight(place.last + timedelta(days=1), place.zone)
        reached = {stage: one for stage, one in trip.items() if one.entered_at < over}
        money = [0.0, 0.0, 0.0]
        if "sale" in reached and reached["sale"].opportunity_id in deals:
            deal = deals[reached["sale"].opportunity_id]
            local = place.locale.currency
            money = [float(one) for one in converted(observation, deal, deal.amount, local, budget_rates)]
        is_out = lead.exited_at is not None and lead.exited_at < over
        fate = [1.0, *(float(stage in reached) for stage in ("mql", "sql", "sale")), float(is_out), *money]
        touches, weights = credited(observation, lead)
        home = (lead.locale, lead.business_line, lead.entered_date.replace(day=1))
        for channel, campaign in {(touch.channel, touch.campaign) for touch in touches}:
            for times, stage in zip(speeds[*home, channel, campaign], ("mql", "sale"), strict=True):
                if stage in reached:
                    times.append((reached[stage].entered_at - lead.entered_at) / _DAY)
        for model, parts in weights.items():
            for (_, channel, campaign, _), weight in zip(touches, parts, strict=True):
                total = sums[(*home, channel, campaign), model]
                for position, one in enumerate(fate):
                    total[position] += one * weight
    return [
        Quality(
            *(locale, line, month, model, channel, campaign),
            *(leads, mqls, sqls, sales, out, local, eur, constant),
            *(quantile(times, 0.5) for times in speeds[locale, line, month, channel, campaign]),
        )
        for ((locale, line, month, channel, campaign), model), total in sorted(sums.items())
        for leads, mqls, sqls, sales, out, local, eur, constant in [total]
        if leads
    ]

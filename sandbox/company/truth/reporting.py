"""Money in the further currencies head office reports in, by period: sales by line, and what advertisements cost."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, timedelta
from fractions import Fraction
from typing import NamedTuple

from sandbox.company.restatement import visible_counts
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.rates import BudgetRates, budget_units, units_per_euro

_COST = "advertiserAdCost"
_METRICS = ("advertiserAdImpressions", "advertiserAdClicks", _COST)
Sum = tuple[Fraction, Fraction]
"""At the rates of the days, and at budget rates; exact."""


class Where(NamedTuple):
    """A figure's place; fiscal years are calendar years."""

    kpi: str
    locale: str
    business_line: str
    period_type: str
    period_start: date
    reporting_currency: str


def amounts(observation: Observation, budget: BudgetRates, currencies: Iterable[str]) -> dict[Where, Sum]:
    """Exact sums of all that is counted; raises NoRate where there is none. Of spend only all lines together: which
    line an advertisement is for is a matter of its campaign's code."""
    found: dict[Where, Sum] = defaultdict(lambda: (Fraction(), Fraction()))
    wanted = tuple(currencies)
    for kpi, locale, lines, day, currency, amount in _money(observation):
        for other in wanted:
            one = _converted(observation, budget, amount, currency, other, day)
            for market in (locale, "total"):
                for line in lines:
                    for kind, start in _periods(day):
                        where = Where(kpi, market, line, kind, start, other)
                        before = found[where]
                        found[where] = before[0] + one[0], before[1] + one[1]
    return dict(found)


def _money(observation: Observation) -> Iterator[tuple[str, str, tuple[str, ...], date, str, Fraction]]:
    for one in observation.counted:
        if one.stage == "sale" and one.locale is not None and one.opportunity_id is not None:
            deal = observation.sight.deals[one.opportunity_id].now
            lines = (one.business_line, "all")
            yield "sales_amount", one.locale, lines, one.entered_date, deal["currency"], Fraction(deal["amount"], 100)
    for code, place in observation.claimed.items():
        market = place.locale
        table = observation.company.ga4_ads(market.property_id)
        shown = visible_counts(table, _METRICS, market.time_zone, observation.now)
        costs: dict[date, int] = defaultdict(int)
        for day, cost in zip(shown["date"].to_pylist(), shown[_COST].to_pylist(), strict=True):
            if place.counts(day):
                costs[day] += cost
        for day, cost in costs.items():
            yield "traffic_spend", code, ("all",), day, market.currency, Fraction(cost, 10**6)


def _converted(
    observation: Observation, budget: BudgetRates, amount: Fraction, currency: str, other: str, day: date
) -> Sum:
    if currency == other:
        return amount, amount
    today = observation.now.astimezone(UTC).date()
    dated = amount / units_per_euro(currency, day, today) * units_per_euro(other, day, today)
    return dated, amount / budget_units(budget, currency, day) * budget_units(budget, other, day)


def _periods(day: date) -> Iterator[tuple[str, date]]:
    yield "day", day
    yield "week", day - timedelta(days=day.weekday())
    yield "month", day.replace(day=1)
    yield "quarter", date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    yield "fiscal_year", date(day.year, 1, 1)

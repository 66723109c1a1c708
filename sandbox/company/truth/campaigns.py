"""Where campaigns were seen, what they cost, and what they brought."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa

from sandbox.company.restatement import visible_counts, visible_sessions, visible_visits
from sandbox.company.truth import web
from sandbox.company.truth.events import answers
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.rates import BudgetRates, budget_units, units_per_euro
from sandbox.company.truth.tags import is_coded, meant, tag_of

_CHANNELS = {"cpc": "Paid Search", "paid-social": "Paid Social", "display": "Display"}
_AD_METRICS = ("advertiserAdImpressions", "advertiserAdClicks", "advertiserAdCost")
Money = tuple[Fraction, Fraction, Fraction]
"""In the market's currency, in euro, in euro at budget rates."""


class Where(NamedTuple):
    """A market's month, and what brought the visit or was paid for; the campaign in one spelling."""

    locale: str
    month: date
    channel: str
    source: str
    medium: str
    campaign: str


@dataclass(slots=True)
class Use:
    """What a campaign was seen in, and cost; `spend` is None where no account reports any."""

    coded: bool | None
    problem: str | None
    part: str | None
    first: date
    last: date
    sessions: int = 0
    impressions: int = 0
    clicks: int = 0
    spend: Money | None = None


class Campaigns:
    """All uses of all campaigns on the days that marts count."""

    def __init__(self, observation: Observation, budget: BudgetRates) -> None:
        self._seen = observation
        self._budget = budget

    @cached_property
    def uses(self) -> dict[Where, Use]:
        """By month and what brought it."""
        found: dict[Where, Use] = {}
        for code, place in self._seen.claimed.items():
            market, company = place.locale, self._seen.company
            shown = visible_sessions(company.ga4_sessions(market.property_id), market.time_zone, self._seen.now)
            names = ("sessionDefaultChannelGroup", "sessionSource", "sessionMedium", "sessionCampaignName", "sessions")
            for day, google, source, medium, campaign, count in _columns(shown, "date", *names):
                if place.counts(day):
                    channel = web.channel(google, source)
                    _use(found, code, day, channel, source, medium, campaign).sessions += count
            spent = visible_counts(company.ga4_ads(market.property_id), _AD_METRICS, market.time_zone, self._seen.now)
            for day, source, medium, campaign, *counts in _columns(spent, "date", *names[1:4], *_AD_METRICS):
                if place.counts(day):
                    use = _use(found, code, day, _CHANNELS[medium], source, medium, campaign)
                    use.impressions += counts[0]
                    use.clicks += counts[1]
                    cost = self._money(Fraction(counts[2], 10**6), market.currency, day)
                    use.spend = added(use.spend, cost)
        return found

    @cached_property
    def touches(self) -> dict[tuple[str, date, str], int]:
        """Contacts of known people with a campaign, by market, month and campaign."""
        found: dict[tuple[str, date, str], int] = defaultdict(int)
        known = set(self._seen.owners)
        for code, place in self._seen.claimed.items():
            table = self._seen.company.ga4_visits(place.locale.property_id)
            shown = visible_visits(table, place.locale.time_zone, self._seen.now)
            for day, client, campaign in _columns(shown, "date", "client_id", "sessionCampaignName"):
                if client in known and place.counts(day):
                    found[code, day.replace(day=1), meant(campaign)] += 1
        for prospect in self._seen.prospects:
            for one in answers(prospect, self._seen.claimed):
                if one.locale is not None and self._seen.claimed[one.locale].counts(one.day):
                    found[one.locale, one.day.replace(day=1), one.campaign.name] += 1
        return found

    def _money(self, amount: Fraction, currency: str, day: date) -> Money:
        today = self._seen.now.astimezone(UTC).date()
        return (
            amount,
            amount / units_per_euro(currency, day, today),
            amount / budget_units(self._budget, currency, day),
        )


def added(one: Money | None, other: Money | None) -> Money | None:
    """The sum of two amounts of which either may not be known."""
    if one is None or other is None:
        return one or other
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def total(amounts: Iterable[Money | None]) -> Money | None:
    """The sum of those that are known."""
    found: Money | None = None
    for amount in amounts:
        found = added(found, amount)
    return found


def _use(found: dict[Where, Use], locale: str, day: date, channel: str, source: str, medium: str, campaign: str) -> Use:
    tag = tag_of(campaign)
    where = Where(locale, day.replace(day=1), channel, source, medium, tag.meant)
    use = found.get(where)
    if use is None:
        use = found[where] = Use(is_coded(channel, campaign), tag.problem, tag.part, day, day)
    use.first, use.last = min(use.first, day), max(use.last, day)
    return use


def _columns(table: pa.Table, *names: str) -> Iterator[tuple]:
    return zip(*(table[name].to_pylist() for name in names), strict=True)

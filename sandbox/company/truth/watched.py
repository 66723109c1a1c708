"""The daily figures in which one would see that something is wrong."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from sandbox.company.advertising import COST
from sandbox.company.restatement import visible_counts
from sandbox.company.truth.credit import LOOKBACK_DAYS
from sandbox.company.truth.cycles import Entry
from sandbox.company.truth.kpis import daily_counts
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.places import STAGES, local_day
from sandbox.company.truth.tags import tag_of
from sandbox.company.truth.teamwork import AGREED, handovers

Key = tuple[str, str, str, str]
"""Kind, market, KPI, and what of it."""
Figures = dict[Key, dict[date, list[float]]]
"""By day: how much, and of how much."""

_KPIS = ("sessions", "first_identifiers", "second_identifiers", "mqls", "sqls", "sales")
_MILLIONTHS = 1_000_000


def is_coded(campaign: str) -> bool:
    """Whether an advertisement has the code it needs: all that is paid for does."""
    return tag_of(campaign).problem is None


def watched(observation: Observation, coded: Callable[[str], bool] = is_coded, bought_days: int = 10_000) -> Figures:
    """Every figure that is watched, from go-live to the last day that counts; nothing where nothing happened.

    Of campaigns only the leads of the last `bought_days`.
    """
    found: Figures = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))

    def add(key: Key, day: date, figure: float, base: float = 0.0) -> None:
        market = observation.claimed.get(key[1])
        if market is not None and market.counts(day) and (figure or base):
            sums = found[key][day]
            sums[0], sums[1] = sums[0] + figure, sums[1] + base

    for (locale, _, day), counts in daily_counts(observation).items():
        for kpi, count in zip(_KPIS, counts, strict=True):
            add(("kpi_deviation", locale, kpi, ""), day, count)
    _watch_the_web(observation, coded, add)
    for one in handovers(observation):
        locale = str(one.entry.locale)
        zone, due = observation.claimed[locale].zone, one.entry.entered_at + AGREED.get(locale, (24, 14))[0] * 3_600
        is_late = one.answered_at is None or one.answered_at > due
        add(("late_follow_up", locale, "lead_response_hours", ""), local_day(due, zone), is_late, 1)
        if one.hours is not None:
            day = local_day(one.entry.entered_at + round(one.hours * 3_600), zone)
            add(("missing_follow_up", locale, "lead_response_hours", ""), day, 1)
    for lead in (lead for one in observation.prospects for lead in one.leads):
        locale = lead.now["locale"]
        if locale in observation.claimed and lead.now["merged_into"] is None:
            day = local_day(lead.record.created_at, observation.claimed[locale].zone)
            add(("tracking_coverage", locale, "tracking_coverage", ""), day, lead.now["client_id"] is not None, 1)
    for entry, campaign in _bought(observation, bought_days):
        key = ("lead_quality", str(entry.locale), "mqls", campaign)
        add(key, entry.entered_date, 0, 1)
        if entry.exited_at is not None:
            add(key, local_day(entry.exited_at, observation.claimed[key[1]].zone), 1)
    return found


def _watch_the_web(observation: Observation, coded: Callable[[str], bool], add: Callable[..., None]) -> None:
    company, now = observation.company, observation.now
    for code, place in observation.claimed.items():
        number, zone = place.locale.property_id, place.locale.time_zone
        events = company.ga4_key_events(number)
        events = events.filter(pc.equal(events["isKeyEvent"], "true"))
        for day, name, keys in _rows(visible_counts(events, ("eventCount", "keyEvents"), zone, now),
                                     "date", "eventName", "keyEvents"):  # fmt: skip
            add(("kpi_deviation", code, "key_events", name), day, keys)
        metrics = (COST, "advertiserAdClicks", "advertiserAdImpressions")
        ads = visible_counts(company.ga4_ads(number), metrics, zone, now)
        for day, name, cost, clicks in _rows(ads, "date", "sessionCampaignName", *metrics[:2]):
            spent = cost / _MILLIONTHS
            add(("kpi_deviation", code, "clicks", ""), day, clicks)
            add(("kpi_deviation", code, "traffic_spend", ""), day, spent)
            uncoded = 0 if coded(name) else spent
            add(("uncoded_spend", code, "campaign_coding_compliance", ""), day, uncoded, spent)


def _bought(observation: Observation, days: int) -> Iterator[tuple[Entry, str]]:
    """Every lead with the campaigns that were the last to touch its prospect before it came in."""
    for entry in observation.entries:
        market = observation.claimed.get(entry.locale or "")
        if entry.stage != STAGES[0] or market is None or (market.last - entry.entered_date).days > days:
            continue
        since = entry.entered_at - LOOKBACK_DAYS.get(entry.business_line, 90) * 86_400
        touches = [one for one in observation.touches[entry.prospect] if since <= one.at <= entry.entered_at]
        last = max((one.at for one in touches), default=None)
        for campaign in {one.campaign for one in touches if one.at == last}:
            if not (campaign.startswith("(") and campaign.endswith(")")):
                yield entry, campaign


def _rows(table: pa.Table, *names: str) -> Iterator[tuple]:
    return zip(*(table[name].to_pylist() for name in names), strict=True)

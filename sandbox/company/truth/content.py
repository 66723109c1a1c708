"""What the pages of a market bring: how they are read, how many visits begin there, and what these earned."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import pyarrow as pa

from sandbox.company.restatement import visible_counts, visible_sessions
from sandbox.company.truth import web
from sandbox.company.truth.credit import LOOKBACK_DAYS
from sandbox.company.truth.observation import Observation

STAGES = ("first_identifier", "second_identifier", "mql", "sql", "sale")
_METRICS = ("screenPageViews", "userEngagementDuration", "keyEvents")
_NO_HOST = ""

Key = tuple[str, str, date, str]
"""Market, business line of the page, first day of the month, path."""


class Page(NamedTuple):
    """A page's month. `earned` are the linear model's parts of entries, in the order of the stages."""

    counts: tuple[int, ...]
    """Views, seconds of engagement, key events, and visits that began there."""
    earned: tuple[Fraction, ...]


def pages(observation: Observation) -> dict[Key, Page]:
    """Every page that was viewed, that a visit began on, or that earned something."""
    sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for code, place in observation.claimed.items():
        company, market, now = observation.company, place.locale, observation.now
        viewed = visible_counts(company.ga4_content(market.property_id), _METRICS, market.time_zone, now)
        for day, host, path, *counts in _columns(viewed, "date", "hostName", "pagePath", *_METRICS):
            if place.counts(day):
                total = sums[code, web.web_business_line(host, path), day.replace(day=1), path]
                for number, count in enumerate(counts):
                    total[number] += count
        begun = visible_sessions(company.ga4_sessions(market.property_id), market.time_zone, now)
        for day, host, path, count in _columns(begun, "date", "hostName", "landingPage", "sessions"):
            if place.counts(day):
                sums[code, web.web_business_line(host, path), day.replace(day=1), path][3] += count
    earned = _earned(observation)
    nothing = (Fraction(0),) * len(STAGES)
    return {key: Page(tuple(sums[key]), earned.get(key, nothing)) for key in [*sums, *(earned.keys() - sums.keys())]}


def _earned(observation: Observation) -> dict[Key, tuple[Fraction, ...]]:
    found: dict[Key, list[Fraction]] = defaultdict(lambda: [Fraction(0)] * len(STAGES))
    for entry in observation.counted:
        assert entry.locale is not None
        since = entry.entered_at - LOOKBACK_DAYS.get(entry.business_line, 90) * 86_400
        near = [touch for touch in observation.touches[entry.prospect] if since <= touch.at <= entry.entered_at]
        for touch in near:
            if not touch.channel.startswith("Campaign: "):  # an answer to a campaign is to no page
                line = web.web_business_line(_NO_HOST, touch.content)
                key = entry.locale, line, entry.entered_date.replace(day=1), touch.content
                found[key][STAGES.index(entry.stage)] += Fraction(1, len(near))
    return {key: tuple(parts) for key, parts in found.items()}


def _columns(table: pa.Table, *names: str) -> Iterator[tuple]:
    return zip(*(table[name].to_pylist() for name in names), strict=True)

"""What the pages of a market bring: how they are read, how many visits begin there, and what these earned."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import pyarrow as pa

from sandbox.company.restatement import visible_counts, visible_sessions, visible_visits
from sandbox.company.truth import web
from sandbox.company.truth.events import answers
from sandbox.company.truth.observation import Observation

STAGES = ("first_identifier", "second_identifier", "mql", "sql", "sale")
_METRICS = ("screenPageViews", "userEngagementDuration", "keyEvents")
_LOOKBACK_SECONDS = 90 * 86_400
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
    landings = _landings(observation)
    found: dict[Key, list[Fraction]] = defaultdict(lambda: [Fraction(0)] * len(STAGES))
    for entry in observation.counted:
        assert entry.locale is not None
        until = entry.entered_at
        near = [page for at, page in landings[entry.prospect] if until - _LOOKBACK_SECONDS <= at <= until]
        for page in near:
            if page is not None:
                line = web.web_business_line(_NO_HOST, page)
                key = entry.locale, line, entry.entered_date.replace(day=1), page
                found[key][STAGES.index(entry.stage)] += Fraction(1, len(near))
    return {key: tuple(parts) for key, parts in found.items()}


def _landings(observation: Observation) -> dict[str, list[tuple[int, str | None]]]:
    """Prospect → (instant, page) of their visits, and of their answers to campaigns, which are to no page."""
    found: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
    for place in observation.claimed.values():
        market = place.locale
        table = visible_visits(observation.company.ga4_visits(market.property_id), market.time_zone, observation.now)
        for day, minute, client, page in _columns(table, "date", "dateHourMinute", "client_id", "landingPage"):
            if client in observation.owners and place.counts(day):
                found[observation.owners[client]].append((web.instant(minute, place.zone), page))
    for one in observation.prospects:
        found[one.key] += [(answer.at, None) for answer in answers(one, observation.claimed)]
    return found


def _columns(table: pa.Table, *names: str) -> Iterator[tuple]:
    return zip(*(table[name].to_pylist() for name in names), strict=True)

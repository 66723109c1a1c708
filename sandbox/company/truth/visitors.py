"""Users of whole periods: each counted once, on the first day on which they came."""

from collections import defaultdict
from datetime import date

from sandbox.company.locales import Locale
from sandbox.company.restatement import visible_counts
from sandbox.company.truth.history import periods_of
from sandbox.company.truth.observation import Observation

Users = dict[tuple[str, str, date], tuple[int, int]]
"""(Market or `total`, kind of period, first day) -> (users, those who had never been there)."""


def users(observation: Observation) -> Users:
    """Of the days, weeks, months and quarters that are over everywhere they are counted and were lived from their first
    day on; of all markets together as the company's roll-up property counts them."""
    places = observation.claimed
    found: Users = {}
    for code, place in places.items():
        found |= _of(observation, code, place.locale, place.first, place.last)
    first, last = max(place.first for place in places.values()), min(place.last for place in places.values())
    return found | _of(observation, "total", observation.company.rollup, first, last)


def _of(observation: Observation, scope: str, property_: Locale, first: date, last: date) -> Users:
    final = observation.company.ga4_users(property_.property_id)
    table = visible_counts(final, ("totalUsers", "activeUsers"), property_.time_zone, observation.now)
    sums: dict[tuple[str, str, date], list[int]] = defaultdict(lambda: [0, 0])
    for day, gap, count in zip(*(table[name].to_pylist() for name in ("date", "gap", "totalUsers")), strict=True):
        for kind, begin, end in (("day", day, day), *periods_of(day)):
            if kind != "fiscal_year" and begin >= first and end <= last:
                before = day.toordinal() - begin.toordinal()
                sums[scope, kind, begin][0] += count if gap == 0 or gap > before else 0
                sums[scope, kind, begin][1] += count if gap == 0 else 0
    return {key: (total, new) for key, (total, new) in sums.items()}

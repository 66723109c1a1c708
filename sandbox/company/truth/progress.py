"""Of those who entered a stage in a month, how many got further, ever and within 30, 90 and 180 days."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import combinations
from typing import NamedTuple

from sandbox.company.truth.cycles import Entry
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.places import STAGES, local_midnight

HORIZONS = (30, 90, 180)
_DAY_SECONDS = 86_400


class Cohort(NamedTuple):
    """One cohort: entries of `from_stage` in a month, market and business line, and what became of them.

    Mature for N days when the month's last day lies at least N days before the last day its market's marts count.
    """

    cohort_month: date
    locale: str
    business_line: str
    from_stage: str
    to_stage: str
    entered: int
    reached: int
    reached_within_30_days: int
    reached_within_90_days: int
    reached_within_180_days: int
    is_mature_30: bool
    is_mature_90: bool
    is_mature_180: bool


def month_end(month: date) -> date:
    """The last day of the month that starts on this day."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def cohorts(observation: Observation) -> list[Cohort]:
    """All cohorts, for every pair of stages.

    A later stage is reached if it was entered before the last day the cohort's market counts was over, in any market
    and whatever day it is booked on.
    """
    trips: dict[tuple[str, int], dict[str, Entry]] = defaultdict(dict)
    for entry in observation.entries:
        trips[entry.prospect, entry.cycle][entry.stage] = entry
    counts: dict[tuple[date, str, str, str, str], list[int]] = defaultdict(lambda: [0] * (2 + len(HORIZONS)))
    for start in observation.counted:
        assert start.locale is not None
        trip = trips[start.prospect, start.cycle]
        place = observation.claimed[start.locale]
        over = local_midnight(place.last + timedelta(days=1), place.zone)
        for from_stage, to_stage in combinations(STAGES, 2):
            if from_stage != start.stage:
                continue
            month = start.entered_date.replace(day=1)
            tally = counts[month, start.locale, start.business_line, from_stage, to_stage]
            tally[0] += 1
            end = trip.get(to_stage)
            if end is not None and end.entered_at < over:
                took = end.entered_at - start.entered_at
                tally[1] += 1
                for position, days in enumerate(HORIZONS, start=2):
                    tally[position] += took <= days * _DAY_SECONDS
    rows = []
    for key, tally in sorted(counts.items()):
        age = (observation.claimed[key[1]].last - month_end(key[0])).days
        entered, reached, within_30, within_90, within_180 = tally
        mature_30, mature_90, mature_180 = (age >= days for days in HORIZONS)
        rows.append(Cohort(*key, entered, reached, within_30, within_90, within_180, mature_30, mature_90, mature_180))
    return rows

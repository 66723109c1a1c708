"""How long prospects take from stage to stage, and how many come to one in a period beside the one before it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise, product
from typing import NamedTuple

from sandbox.company.truth.cycles import Entry
from sandbox.company.truth.kpis import daily_counts
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.places import STAGES
from sandbox.company.truth.spread import quantile

_STEPS = (*pairwise(STAGES), (STAGES[0], STAGES[-1]))
_FUNNEL = ("session", *STAGES)


class Velocity(NamedTuple):
    """Days from one stage to another of those who came to the other in a month; None where nothing is measured."""

    locale: str
    business_line: str
    month: date
    from_stage: str
    to_stage: str
    entries: int
    measured: int
    imputed: int
    impossible: int
    median_days: float | None
    p90_days: float | None


def velocities(observation: Observation) -> list[Velocity]:
    """By market, business line and month of the later stage, markets and business lines also taken together."""
    trips: dict[tuple[str, int], dict[str, Entry]] = defaultdict(dict)
    for entry in observation.entries:
        trips[entry.prospect, entry.cycle][entry.stage] = entry
    groups: dict[tuple[str, str, date, str, str], list[tuple[str, float]]] = defaultdict(list)
    for end in observation.counted:
        assert end.locale is not None
        for from_stage, to_stage in _STEPS:
            if to_stage == end.stage:
                verdict = _judge(observation, trips[end.prospect, end.cycle][from_stage], end)
                for locale, line in product((end.locale, "total"), (end.business_line, "all")):
                    groups[locale, line, end.entered_date.replace(day=1), from_stage, to_stage].append(verdict)
    return [_velocity(key, verdicts) for key, verdicts in sorted(groups.items())]


def _judge(observation: Observation, start: Entry, end: Entry) -> tuple[str, float]:
    """Whether an interval is one, and how long it is in days."""
    if start.is_imputed or end.is_imputed:
        return "imputed", 0.0
    opened = observation.sight.deals[end.opportunity_id].record.created_at if end.opportunity_id else end.entered_at
    if end.entered_at < opened or end.entered_date < start.entered_date:
        return "impossible", 0.0
    return "measured", (end.entered_at - start.entered_at) / 86_400


def _velocity(key: tuple[str, str, date, str, str], verdicts: list[tuple[str, float]]) -> Velocity:
    days = [length for verdict, length in verdicts if verdict == "measured"]
    imputed, impossible = (sum(verdict == kind for verdict, _ in verdicts) for kind in ("imputed", "impossible"))
    halfway, mostly = quantile(days, 0.5), quantile(days, 0.9)
    return Velocity(*key, len(verdicts), len(days), imputed, impossible, halfway, mostly)


def _periods(day: date) -> Iterator[tuple[str, date]]:
    """The periods a day is in, by kind and first day; the company's fiscal year is the calendar's."""
    yield "day", day
    yield "week", day - timedelta(days=day.weekday())
    yield "month", day.replace(day=1)
    yield "quarter", day.replace(month=day.month - (day.month - 1) % 3, day=1)
    yield "fiscal_year", day.replace(month=1, day=1)


def steps(observation: Observation) -> dict[tuple[str, str, str, date, str, str], tuple[int, int]]:
    """(market, business line, kind of period, first day, from stage, to stage) -> (came to it, were there before).

    Only where there is anything; markets and business lines also taken together.
    """
    totals: dict[tuple[str, str, str, date], list[int]] = defaultdict(lambda: [0] * len(_FUNNEL))
    for (locale, line, day), counts in daily_counts(observation).items():
        for one, other, period in product((locale, "total"), (line, "all"), _periods(day)):
            sums = totals[one, other, *period]
            for place, count in enumerate(counts):
                sums[place] += count
    found = {}
    for key, sums in totals.items():
        for before, after in (*pairwise(range(len(_FUNNEL))), (0, len(_FUNNEL) - 1)):
            if sums[after] or sums[before]:
                found[*key, _FUNNEL[before], _FUNNEL[after]] = (sums[after], sums[before])
    return found

"""Markets beside each other: who was there for the whole of two periods, and how well each did by its own numbers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import NamedTuple

from sandbox.company.truth.kpis import STEP_RATES, Day
from sandbox.company.truth.places import Place

FUNNEL = ("sessions", "first_identifiers", "second_identifiers", "mqls", "sqls", "sales")
_MONTHS = {"month": 1, "quarter": 3, "fiscal_year": 12}
_BEFORE = {
    "previous_period": {"month": 1, "quarter": 3},
    "previous_year": {"month": 12, "quarter": 12, "fiscal_year": 12},
}

Sums = dict[str, Fraction]
Scope = tuple[str, str, str, date]
"""Market, business line, kind of period, its first day."""


class Standing(NamedTuple):
    """How a market did in a KPI among those it can be compared with; the last two are what the best's rate is worth."""

    value: Fraction
    rank: int
    group: int
    median: Fraction
    best: Fraction
    before: Fraction
    extra_sales: Fraction | None
    extra_worth: Fraction | None


def standings(
    days: Iterable[Day], claimed: dict[str, Place], lines: Iterable[str], least: int
) -> dict[tuple[str, ...], Standing]:
    """(Market, line, kind of period, first day, KPI, compared with) → its standing, for all who can be compared."""
    sums = _sums(days)
    found: dict[tuple[str, ...], Standing] = {}
    for comparison, spans in _BEFORE.items():
        for kind, months in spans.items():
            for start in _starts(kind, claimed):
                before = _month(start, -months)
                there = [code for code, place in claimed.items() if _was_there(place, before, start, kind)]
                for line in (*lines, "all"):
                    pairs = [(code, sums[code, line, kind, start], sums[code, line, kind, before]) for code in there]
                    for kpi in (*FUNNEL, "sales_amount", *STEP_RATES):
                        key = (line, kind, start.isoformat(), kpi, comparison)
                        for code, standing in _ranked(kpi, pairs, least):
                            found[code, *key] = standing
    return found


def _sums(days: Iterable[Day]) -> dict[Scope, Sums]:
    sums: dict[Scope, Sums] = defaultdict(lambda: defaultdict(Fraction))
    for day in days:
        for line in (day.business_line, "all"):
            for kind in _MONTHS:
                period = sums[day.locale, line, kind, _first(kind, day.date)]
                for kpi in FUNNEL:
                    period[kpi] += getattr(day, kpi)
                period["sales_amount"] += day.amount_eur_constant
    return sums


def _ranked(kpi: str, pairs: list[tuple[str, Sums, Sums]], least: int) -> Iterator[tuple[str, Standing]]:
    values = []
    for code, now, before in pairs:
        if kpi in STEP_RATES:
            over, under = STEP_RATES[kpi]
            if now[under] >= least and before[under] >= least:
                values.append((code, now[over] / now[under], before[over] / before[under], now))
        else:
            values.append((code, now[kpi], before[kpi], now))
    for code, value, earlier, now in values:
        best = max(one[1] for one in values)
        rank = 1 + sum(one[1] > value for one in values)
        growth = best / value - 1 if kpi in STEP_RATES and value else None
        extra = [None if growth is None else now[sold] * growth for sold in ("sales", "sales_amount")]
        yield code, Standing(value, rank, len(values), median(one[1] for one in values), best, earlier, *extra)


def _was_there(place: Place, before: date, start: date, kind: str) -> bool:
    return place.first <= before and _month(start, _MONTHS[kind]) - timedelta(days=1) <= place.last


def _starts(kind: str, claimed: dict[str, Place]) -> Iterator[date]:
    first = min(place.first for place in claimed.values())
    last = max(place.last for place in claimed.values())
    start = _first(kind, first)
    while start <= last:
        yield start
        start = _month(start, _MONTHS[kind])


def _first(kind: str, day: date) -> date:
    return day.replace(month=day.month - (day.month - 1) % _MONTHS[kind], day=1)


def _month(day: date, later: int) -> date:
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)

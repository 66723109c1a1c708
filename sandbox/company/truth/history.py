"""What was true of periods that had ended when it was looked, and why it looked otherwise later."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple, TypeVar

from sandbox.company.truth.kpis import Day, daily_kpis
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.places import BUSINESS_LINES, UNMAPPED, Place
from sandbox.company.truth.rates import BudgetRates
from sandbox.company.truth.worth import sales

_Key = TypeVar("_Key")

_LENGTHS = {"month": 1, "quarter": 3, "fiscal_year": 12}

Reasons = dict[tuple[str, str, date, str], set[str]]
"""(Market, business line, day, measure) → why it is another figure."""


class Period(NamedTuple):
    """One market (or `total`), business line (or `all`) and ended period; sums are exact, and of no days at all 0."""

    locale: str
    business_line: str
    period_type: str
    period_start: date
    counts: tuple[int, ...]
    amount_local: Fraction
    currency: str
    amount_eur: Fraction
    amount_eur_constant: Fraction


def periods_of(day: date) -> Iterator[tuple[str, date, date]]:
    """(Kind, first day, last day) of the ISO week, month, quarter and fiscal year a day is in."""
    monday = day - timedelta(days=day.weekday())
    yield "week", monday, monday + timedelta(days=6)
    for kind, months in _LENGTHS.items():
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        following = date(first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1, 1)
        yield kind, first, following - timedelta(days=1)


def closed_periods(observation: Observation, budget_rates: BudgetRates) -> list[Period]:
    """Every ended period of every market and of all together, which has ended when it has for the last of them."""
    nobody_later = min(place.last for place in observation.claimed.values())
    sums: dict[tuple[str, str, str, date], list[Fraction]] = defaultdict(lambda: [Fraction()] * 9)
    for place in observation.claimed.values():
        for period in _ended(place, place.last):
            for line in (*BUSINESS_LINES, UNMAPPED, "all"):
                sums[place.locale.code, line, *period[:2]] = [Fraction()] * 9
        for period in _ended(place, nobody_later):
            for line in (*BUSINESS_LINES, UNMAPPED, "all"):
                sums["total", line, *period[:2]] = [Fraction()] * 9
    for day in daily_kpis(observation, budget_rates):
        _count(sums, day)
    currencies = {code: place.locale.currency for code, place in observation.claimed.items()}
    return [
        Period(*key, tuple(int(one) for one in row[:6]), row[6], currencies.get(key[0], ""), row[7], row[8])
        for key, row in sums.items()
    ]


def _ended(place: Place, last: date) -> set[tuple[str, date, date]]:
    days = (place.first + timedelta(days=number) for number in range((place.last - place.first).days + 1))
    return {period for day in days for period in periods_of(day) if period[2] <= last}


def _count(sums: dict[tuple[str, str, str, date], list[Fraction]], day: Day) -> None:
    gained = (*map(Fraction, day[3:9]), day.amount_local, day.amount_eur, day.amount_eur_constant)
    for kind, first, _ in periods_of(day.date):
        for locale in (day.locale, "total"):
            for line in (day.business_line, "all"):
                key = (locale, line, kind, first)
                if key in sums:
                    sums[key] = [before + more for before, more in zip(sums[key], gained, strict=True)]


def reasons(earlier: Observation, later: Observation, budget_rates: BudgetRates) -> Reasons:
    """Why figures of days that had ended are others at a later look by somebody whose rules are the same.

    Google's days ripen (`restatement`); prospects turn out to be one (`merge`); of others something came to be known
    after the day, or was taken back (`late_data`).
    """
    found: Reasons = defaultdict(set)
    for key in _differing(_sessions(earlier), _sessions(later)):
        found[(*key, "sessions")].add("restatement")
    same = _united(earlier, later)
    before, now = _present(earlier), _present(later)
    for place in before.keys() | now.keys():
        moved = (now[place] - before[place]) + (before[place] - now[place])
        if sum(now[place].values()) != sum(before[place].values()):
            found[place] |= {"merge" if prospect in same else "late_data" for prospect in moved}
    for key in _differing(_worth(earlier, budget_rates), _worth(later, budget_rates)):
        sold = (*key, "sales")
        moved = (now[sold] - before[sold]) + (before[sold] - now[sold])
        found[(*key, "sales_amount")] |= {"merge" if one in same else "late_data" for one in moved} or {"late_data"}
    return {key: why for key, why in found.items() if key[2] <= earlier.claimed[key[0]].last}


def _sessions(observation: Observation) -> dict[tuple[str, str, date], int]:
    counts: dict[tuple[str, str, date], int] = defaultdict(int)
    for one in observation.sessions:
        counts[one[:3]] += one.sessions
    return counts


def _worth(observation: Observation, budget_rates: BudgetRates) -> dict[tuple[str, str, date], frozenset[object]]:
    found: dict[tuple[str, str, date], set[object]] = defaultdict(set)
    for sold in sales(observation, budget_rates):
        found[sold[:3]].add(sold[3:])
    return {key: frozenset(rows) for key, rows in found.items()}


def _differing(before: Mapping[_Key, object], now: Mapping[_Key, object]) -> list[_Key]:
    return [key for key in before.keys() | now.keys() if before.get(key) != now.get(key)]


def _present(observation: Observation) -> dict[tuple[str, str, date, str], Counter[str]]:
    """Who is counted where: (market, business line, day, measure) → prospects."""
    found: dict[tuple[str, str, date, str], Counter[str]] = defaultdict(Counter)
    for entry in observation.counted:
        assert entry.locale is not None
        measure = f"{entry.stage}s"
        found[entry.locale, entry.business_line, entry.entered_date, measure][entry.prospect] += 1
    return found


def _united(earlier: Observation, later: Observation) -> set[str]:
    """Prospects that were two then and are one now, under all names that they have had."""
    counted = {entry.prospect for entry in earlier.counted}
    found = set()
    for one in later.prospects:
        records = {lead.id for lead in one.leads} | {contact.id for contact in one.contacts}
        others = records & counted - {one.key}
        if others:
            found |= others | {one.key}
    return found

"""What was promised beside what became of it: targets in absolute terms, the actual, and what was due by now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import holidays

from sandbox.company.truth.kpis import STEP_RATES, Day, daily_kpis
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.places import Place
from sandbox.company.truth.rates import BudgetRates, budget_units
from sandbox.company.truth.worth import sales

_HOLIDAY = 8
_ENOUGH_DAYS, _ENOUGH_HOLIDAYS, _YEAR = 28, 3, 364


class Promise(NamedTuple):
    """A target as it was given: `value` is None of a change against last year that is not fixed."""

    kpi: str
    locale: str
    business_line: str
    first: date
    last: date
    value: Fraction | None
    growth: Fraction | None
    currency: str | None


class Standing(NamedTuple):
    """A target now. Money is in the target's currency; None where there is nothing to say (yet)."""

    target: Fraction | None
    previous_year: Fraction | None
    actual: Fraction | None
    fx_effect: Fraction | None
    expected: float | None
    likely: float | None


def standings(
    observation: Observation, budget_rates: BudgetRates, promises: Mapping[str, Promise]
) -> dict[str, Standing]:
    """Every promise, by its name, and how it stands."""
    ledger = _Ledger(observation, budget_rates)
    return {name: ledger.standing(promise) for name, promise in promises.items()}


class _Ledger:
    """The daily figures, and what the days of each market are worth."""

    def __init__(self, observation: Observation, budget_rates: BudgetRates) -> None:
        self.places = observation.claimed
        self.days: dict[tuple[str, str], list[Day]] = defaultdict(list)
        for day in daily_kpis(observation, budget_rates):
            for scope in ((day.locale, day.business_line), (day.locale, "all")):
                self.days[scope].append(day)
        self.weights: dict[tuple[str, str], dict[int, float] | None] = {}
        self.deals = sales(observation, budget_rates)
        self.budget_rates = budget_rates

    def standing(self, promise: Promise) -> Standing:
        """One promise."""
        until = self._until(promise.locale)
        year_before = promise.first.replace(year=promise.first.year - 1), _day_before_a_year_ago(promise.last)
        measure = _measure(promise)
        has_past = year_before[1] <= until and any(place.first <= year_before[1] for place in self._members(promise))
        in_euro = promise.currency == "EUR"
        before = self._last_year_in_euro if in_euro else self._value
        previous = before(promise, measure, *year_before) if has_past else None
        target = promise.value
        if target is None and previous is not None and promise.growth is not None:
            target = previous * (1 + promise.growth)
        begun = promise.first <= max(place.last for place in self._members(promise))
        actual = self._value(promise, measure, promise.first, promise.last) if begun else None
        is_over = promise.last <= until
        at_dates = self._value(promise, "amount_eur", promise.first, promise.last) if begun and in_euro else None
        fx_effect = at_dates - actual if at_dates is not None and actual is not None else None
        share = 1.0 if is_over or (begun and promise.kpi in STEP_RATES) else self._share(promise, measure, until)
        expected = None if target is None else float(target) * (share if promise.first <= until else 0.0)
        return Standing(
            target, previous, actual, fx_effect, expected, None if is_over else self._likely(promise, until)
        )

    def _until(self, locale: str) -> date:
        """The last day known of a market, and of all of them."""
        return min(place.last for code, place in self.places.items() if locale in (code, "total"))

    def _members(self, promise: Promise) -> list[Place]:
        return [place for code, place in self.places.items() if promise.locale in (code, "total")]

    def _sum(self, promise: Promise, measure: str, first: date, last: date) -> Fraction:
        scopes = ((place.locale.code, promise.business_line) for place in self._members(promise))
        days = (day for scope in scopes for day in self.days[scope] if first <= day.date <= last)
        return sum((Fraction(getattr(day, measure)) for day in days), Fraction())

    def _value(self, promise: Promise, measure: str, first: date, last: date) -> Fraction | None:
        if promise.kpi not in STEP_RATES:
            return self._sum(promise, measure, first, last)
        above, below = (self._sum(promise, part, first, last) for part in STEP_RATES[promise.kpi])
        return above / below if below else None

    def _last_year_in_euro(self, promise: Promise, _: str, first: date, last: date) -> Fraction:
        """What was sold in a period, at the budget rates of the year after."""
        members = {place.locale.code for place in self._members(promise)}
        return sum(
            (
                sold.amount / budget_units(self.budget_rates, sold.currency, promise.first)
                for sold in self.deals
                if sold.locale in members and promise.business_line in (sold.business_line, "all")
                if first <= sold.date <= last
            ),
            Fraction(),
        )

    def _share(self, promise: Promise, measure: str, until: date) -> float:
        """How much of a period its days up to now are worth."""
        whole = self._worth(promise, measure, promise.first, promise.last)
        return self._worth(promise, measure, promise.first, until) / whole if whole else 0.0

    def _likely(self, promise: Promise, until: date) -> float | None:
        """What the last 52 weeks make of the whole period."""
        first = until - timedelta(days=_YEAR - 1)
        if promise.kpi in STEP_RATES:
            value = self._value(promise, "", first, until)
            return None if value is None else float(value)
        measure = _measure(promise)
        worth = self._worth(promise, measure, first, until)
        to_come = self._worth(promise, measure, promise.first, promise.last)
        return float(self._sum(promise, measure, first, until)) / worth * to_come if worth and to_come else None

    def _worth(self, promise: Promise, measure: str, first: date, last: date) -> float:
        members = [(place, self._weights(place, measure)) for place in self._members(promise)]
        known = any(weights is not None for _, weights in members)
        total = 0.0
        for place, weights in members:
            for day in _span(max(first, place.first), last):
                if weights is not None:
                    total += weights[_kind(place, day)]
                elif not known:
                    total += _kind(place, day) <= 5
        return total

    def _weights(self, place: Place, measure: str) -> dict[int, float] | None:
        """Kind of day → what such days brought on average; None of a market of which too little is known."""
        key = place.locale.code, measure
        if key not in self.weights:
            self.weights[key] = self._averages(place, measure)
        return self.weights[key]

    def _averages(self, place: Place, measure: str) -> dict[int, float] | None:
        days = list(_span(max(place.first, place.last - timedelta(days=_YEAR - 1)), place.last))
        brought: dict[date, Fraction] = defaultdict(Fraction)
        for figures in self.days[place.locale.code, "all"]:
            brought[figures.date] += Fraction(getattr(figures, measure))
        if len(days) < _ENOUGH_DAYS or not sum(brought[day] for day in days):
            return None
        kinds: dict[int, list[Fraction]] = defaultdict(list)
        for day in days:
            kinds[_kind(place, day)].append(brought[day])
        means = {kind: float(sum(values, Fraction()) / len(values)) for kind, values in kinds.items()}
        if len(kinds[_HOLIDAY]) < _ENOUGH_HOLIDAYS:
            weekend = kinds[6] + kinds[7]
            means[_HOLIDAY] = float(sum(weekend, Fraction()) / len(weekend))
        return means


def _measure(promise: Promise) -> str:
    if promise.kpi in STEP_RATES:
        return STEP_RATES[promise.kpi][0]
    if promise.currency is None:
        return promise.kpi
    return "amount_eur_constant" if promise.currency == "EUR" else "amount_local"


def _kind(place: Place, day: date) -> int:
    """1 to 7 for weekdays, 8 for a holiday that is none of the weekend, which is Saturday and Sunday everywhere."""
    return _HOLIDAY if day.isoweekday() <= 5 and day in _holidays(place.locale.country, day.year) else day.isoweekday()


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def _span(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _day_before_a_year_ago(last: date) -> date:
    """The last day of the period that began a year earlier; periods end with a month."""
    following = last + timedelta(days=1)
    return following.replace(year=following.year - 1) - timedelta(days=1)

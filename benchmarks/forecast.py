"""How good the forecasts of targets are: on the sandbox company, from many days of its past, beside what then came.

The same function that makes the marts' forecasts is asked on every thirteenth day for the rest of each month, quarter
and nine months; days are weighed as `int_days_expected` does. Two bars: it beats the seasonal-naive forecast (the last
week repeated) on average, and its interval of 80 % holds 75-85 % of what came. On the sandbox's company, and another.
"""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.measure import write
from dagster_project.config import Config, load_config
from dagster_project.lib.calendars import holidays_of, weekend_of
from sandbox.company import truth
from sandbox.company.store import Company, load_company

sys.path.append(str(Path(__file__).parents[1] / "dbt_project" / "python"))

from forecasts import Days, forecast

ROOT = Path(__file__).parents[1]
KPIS: dict[str, tuple[str, str | None]] = {
    "sessions": ("sessions", None),
    "first_identifiers": ("first_identifiers", None),
    "second_identifiers": ("second_identifiers", None),
    "mqls": ("mqls", None),
    "sqls": ("sqls", None),
    "sales": ("sales", None),
    "sales_amount": ("amount_eur_constant", None),
    "session_to_first_identifier_rate": ("first_identifiers", "sessions"),
    "mql_to_sql_rate": ("sqls", "mqls"),
    "visitor_to_customer_rate": ("sales", "sessions"),
}
MEASURES = (*truth.Day._fields[3:9], "amount_eur_constant")
LAST = date(2026, 9, 30)
FIRST_ORIGIN, STEP_DAYS, ORIGINS = date(2025, 9, 1), 13, 31
FEWEST_DAYS_OF_PAST, FEWEST_DAYS_LEFT = 84, 7
Figures = np.ndarray[Any, np.dtype[np.float64]]


class Tried(NamedTuple):
    """One forecast of what was left, beside what came, and beside the last week repeated."""

    kind: str
    kpi: str
    scope: str
    method: str
    forecast: float
    lower: float
    upper: float
    naive: float
    came: float


class Past:
    """The daily figures of every country, and what kind of day each was."""

    def __init__(self, company: Company, config: Config) -> None:
        budget = {(rate.fiscal_year, rate.currency): Fraction(rate.rate) for rate in config.budget_rates}
        self.starts = {locale.locale: locale.go_live for locale in config.locales.values()}
        self.kinds = {locale.locale: self._kinds_of_days(locale) for locale in config.locales.values()}
        self.figures: dict[tuple[str, str], Figures] = defaultdict(lambda: np.zeros(0))
        for code, kinds in self.kinds.items():
            for measure in MEASURES:
                self.figures[code, measure] = np.zeros(len(kinds))
        for day in truth.daily_kpis(company, truth.at_six((LAST + timedelta(1)).isoformat()), budget):
            place = (day.date - self.starts[day.locale]).days
            for measure in MEASURES:
                self.figures[day.locale, measure][place] += float(getattr(day, measure))

    @staticmethod
    def _kinds_of_days(locale: Any) -> Figures:
        """1 to 7 for weekdays, 8 for holidays that are none of the weekend; negative for days of the weekend."""
        known = {day for day, _ in holidays_of(locale.country, locale.language, 2025, LAST.year)}
        first, last = weekend_of(locale.country)
        days = [locale.go_live + timedelta(number) for number in range((LAST - locale.go_live).days + 1)]
        weekend = [first <= day.isoweekday() <= last for day in days]
        kinds = [8 if day in known else day.isoweekday() for day in days]
        return np.array(
            [-day.isoweekday() if off else kind for day, kind, off in zip(days, kinds, weekend, strict=True)]
        )

    def series(self, scope: str, measure: str, today: date) -> tuple[date, Figures, Figures]:
        """(first day, figures, what each day is expected to be worth as of `today`) of a country or the total."""
        codes = list(self.starts) if scope == "total" else [scope]
        first = min(self.starts[code] for code in codes)
        whole = np.zeros((2, (LAST - first).days + 1))
        for code in codes:
            figures = self.figures[code, measure]
            expected = self._expected(code, measure, (today - self.starts[code]).days + 1)
            whole[:, whole.shape[1] - len(figures) :] += [figures, expected]
        return first, whole[0], whole[1]

    def _expected(self, code: str, measure: str, known: int) -> Figures:
        """The mean of each kind of day in the last 52 weeks; holidays like weekends until there were three."""
        kinds, figures = self.kinds[code], self.figures[code, measure]
        expected = np.zeros(len(kinds))
        last = slice(max(0, known - 364), max(0, known))
        if known < 28 or not figures[last].sum() > 0:
            return expected
        weekend = figures[last][kinds[last] < 0].mean()
        for kind in np.unique(kinds):
            seen = figures[last][kinds[last] == kind]
            expected[kinds == kind] = weekend if not len(seen) or (kind == 8 and len(seen) < 3) else seen.mean()
        return expected


def periods() -> Iterator[tuple[str, date, date]]:
    """(kind, first day, last day) of the periods that end within the company's days."""
    for year, (kind, length) in product((2025, 2026), (("month", 1), ("quarter", 3), ("nine_months", 9))):
        for first in range(1, 13, length):
            if first + length <= 13 and date(year, first, 1) >= date(2025, 9, 1):
                end = date(year + (first + length > 12), (first + length - 1) % 12 + 1, 1) - timedelta(1)
                if end <= LAST:
                    yield kind, date(year, first, 1), end


def trials(past: Past, scopes: Sequence[str], kpis: Sequence[str], origins: Sequence[date]) -> Iterator[Tried]:
    """Every forecast there is of these scopes and KPIs on these days."""
    for today, scope, kpi in product(origins, scopes, kpis):
        numerator, denominator = KPIS[kpi]
        first, figures, expected = past.series(scope, numerator, today)
        _, below, below_expected = past.series(scope, denominator, today) if denominator else (0, figures, expected)
        known = (today - first).days + 1
        for kind, start, end in periods():
            if start > today or (end - today).days < FEWEST_DAYS_LEFT or known < FEWEST_DAYS_OF_PAST:
                continue
            until, begun = (end - first).days + 1, max((start - first).days, 0)
            ahead = np.arange(until) >= known
            hidden = np.where(ahead, np.nan, 1.0)
            found = forecast(
                Days(
                    numerator=figures[:until] * hidden,
                    denominator=below[:until] * hidden if denominator else np.full(until, np.nan),
                    expected_numerator=expected[:until],
                    expected_denominator=below_expected[:until],
                    is_in_period=(np.arange(until) >= begun).astype(float),
                    is_ahead=ahead.astype(float),
                    is_provisional=np.zeros(until),
                )
            )
            if found is None:
                continue
            week = np.arange(known, until) - 7 * ((np.arange(known, until) - known) // 7 + 1)
            naive, came = figures[begun:known].sum() + figures[week].sum(), figures[begun:until].sum()
            if denominator:
                naive /= max(below[begun:known].sum() + below[week].sum(), 1.0)
                came /= max(below[begun:until].sum(), 1.0)
            yield Tried(kind, kpi, scope, found.method, found.value, found.lower, found.upper, naive, came)


def figures_of(tried: Sequence[Tried]) -> dict[str, object]:
    """Errors beside those of the last week repeated, and how often the interval held, in all and by period and KPI."""
    groups: dict[str, list[Tried]] = defaultdict(list)
    for one in tried:
        for name in ("all", one.kind, one.kpi):
            groups[name].append(one)
    return {name: _summary(ones) for name, ones in groups.items()}


def _summary(tried: Sequence[Tried]) -> dict[str, float]:
    """Relative errors are averaged by KPI and scope, so that a large country weighs no more than a small one."""
    ours, naive = defaultdict(list), defaultdict(list)
    for one in tried:
        ours[one.kind, one.kpi, one.scope].append(abs(one.forecast - one.came))
        naive[one.kind, one.kpi, one.scope].append(abs(one.naive - one.came))
    ratios = [sum(errors) / max(sum(naive[key]), 1e-12) for key, errors in ours.items()]
    return {
        "forecasts": len(tried),
        "error_beside_naive": round(float(np.mean(ratios)), 3),
        "held_by_interval": round(float(np.mean([one.lower <= one.came <= one.upper for one in tried])), 3),
        "seasonal_naive_taken": round(float(np.mean([one.method == "seasonal_naive" for one in tried])), 3),
    }


def measure() -> Path:
    """Measure the whole company and another one, and write `results/forecast.json`."""
    bars = {"error_beside_naive": "below 1", "held_by_interval": "0.75 to 0.85"}
    return write(
        "forecast",
        {
            "bars": bars,
            "company": _measured(seed=7, scale=1.0, every=1),
            # Other people in other numbers: what the constants of the model were chosen on must not be all there is.
            "another_company_half_as_large": _measured(seed=4711, scale=0.5, every=3),
        },
    )


def _measured(*, seed: int, scale: float, every: int) -> dict[str, object]:
    config = load_config(ROOT / "config")
    with tempfile.TemporaryDirectory() as folder:
        past = Past(load_company(Path(folder), seed=seed, scale=scale), config)
    origins = [FIRST_ORIGIN + timedelta(STEP_DAYS * number) for number in range(every // 2, ORIGINS, every)]
    return figures_of(list(trials(past, [*config.locales, "total"], list(KPIS), origins)))

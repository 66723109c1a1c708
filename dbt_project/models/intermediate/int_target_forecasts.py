"""What targets whose period is not over will come to: a forecast to the period's end, with an interval of 80 %.

The level of a KPI is that of its weeks, each measured by what its weekdays and holidays are worth, smoothed
exponentially (statsmodels); what is left of the period is expected at that level, moved as much as the same weeks of
last year departed from theirs, as far as that was not chance. Every forecast is tried on its own past: from each
earlier week on, over as many weeks as are left now, its error is compared with that of the week before repeated, and
the better one is taken. The interval is as wide as four fifths of those errors were.
"""

import math
import warnings
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

Series = np.ndarray[Any, np.dtype[np.float64]]

SCHEMA = pa.schema(
    [
        ("target_id", pa.string()),
        ("forecast_method", pa.string()),
        ("forecast_value", pa.float64()),
        ("forecast_lower", pa.float64()),
        ("forecast_upper", pa.float64()),
        ("forecast_error_rate", pa.float64()),
    ]
)
NEEDED_WEEKS, NEEDED_TRIALS = 8, 3
NORMAL_80 = 1.2815515655446004
"""Standard deviations on either side of a normal distribution's middle that hold 80 % of it."""
USUAL_SEASON = 0.1
"""How far seasons usually move a level: what departs by much more than chance would is taken for season."""
LARGEST_SEASON = 0.3
LASTING_SHARE = 0.3
"""How much of what the smoothing takes for a change of level lasts, as past errors at long range show."""
TRUST_IN_THEORY = 6
"""How many independent trials the theoretical width of the interval counts for, beside those there were."""


class Days(NamedTuple):
    """The days of a target's scope, oldest first. `numerator` is NaN, and so is the denominator, of days ahead; the
    denominator is NaN throughout for what is no ratio."""

    numerator: Series
    denominator: Series
    expected_numerator: Series
    expected_denominator: Series
    is_in_period: Series
    is_ahead: Series
    is_provisional: Series


class Forecast(NamedTuple):
    """What a period will come to, and how far such forecasts have been off, as a share of what came."""

    method: str
    value: float
    lower: float
    upper: float
    error_rate: float


def model(dbt: Any, session: Any) -> pa.Table:
    """The table of forecasts; targets without enough past have none. `session` is DuckDB's connection."""
    dbt.config(materialized="table")
    columns = dbt.ref("int_target_days").order("target_id, date").fetchnumpy()
    targets = np.asarray(columns.pop("target_id"), dtype=str)
    days = {name: np.ma.filled(np.ma.asarray(columns[name], dtype=float), np.nan) for name in Days._fields}
    starts = np.flatnonzero(np.r_[True, targets[1:] != targets[:-1]]) if len(targets) else np.array([], dtype=int)
    rows = []
    for start, end in zip(starts, [*starts[1:], len(targets)], strict=True):
        found = forecast(Days(**{name: values[start:end] for name, values in days.items()}))
        if found is not None:
            rows.append(dict(zip(SCHEMA.names, (str(targets[start]), *found), strict=True)))
    return pa.Table.from_pylist(rows, SCHEMA)


def forecast(days: Days) -> Forecast | None:
    """The forecast of a target, or None where there is too little past to make one and to try it."""
    past = _past(days)
    done = (days.is_ahead == 0) & (days.is_in_period == 1)
    rest = np.flatnonzero((days.is_ahead == 1) & (days.is_in_period == 1) & (days.expected_numerator > 0))
    weeks_left = max(1, math.ceil(np.sum(days.is_ahead) / 7))
    so_far = float(np.nansum(days.numerator[done]))
    over = _level(days.numerator[past], days.expected_numerator[past], weeks_left)
    if over is None:
        return None
    numerators = over.ahead(days.expected_numerator[rest])
    repeated = _week_repeated(days.numerator, past, rest)
    if np.isnan(days.denominator).all():
        found = _best(_trials_of_sums(over, numerators), numerators, repeated)
        return found and found._replace(**{part: so_far + getattr(found, part) for part in ("value", "lower", "upper")})
    under = _level(days.denominator[past], days.expected_denominator[past], weeks_left)
    if under is None:
        return None
    denominators = under.ahead(days.expected_denominator[rest])
    repeated_rate = repeated / max(_week_repeated(days.denominator, past, rest), 1e-12)
    trials = _trials_of_ratios(over, under, numerators, denominators)
    found = _best(trials, numerators / max(denominators, 1e-12), repeated_rate)
    below = float(np.nansum(days.denominator[done]))
    whole = below + denominators
    return found and found._replace(
        **{part: (so_far + getattr(found, part) * denominators) / whole for part in ("value", "lower", "upper")}
    )


def _past(days: Days) -> Series:
    """The places of the days known for good, after the last gap: before it, money was of another currency."""
    known = (days.is_ahead == 0) & (days.is_provisional == 0)
    gaps = np.flatnonzero(known & np.isnan(days.numerator))
    return np.flatnonzero(known & (np.arange(len(known)) > (gaps[-1] if len(gaps) else -1)))


@dataclass(frozen=True)
class Level:
    """What the weeks of a measure say of those to come; `noise` is the variance of a week as a multiple of its size.

    `forecasts`, `outcomes` and `repeated` (the week before, over and over) are of the trials: after each earlier week,
    over `distance` weeks. `week` is what a week is worth.
    """

    now: float
    season: float
    smoothing: float
    noise: float
    week: float
    weeks_left: int
    distance: int
    forecasts: Series
    outcomes: Series
    repeated: Series

    def ahead(self, expected: Series) -> float:
        """What days to come will bring, by what they are worth."""
        return float(self.now * self.season * np.sum(expected))

    def widening(self, expected: float) -> float:
        """How many times the variance of what is ahead is that of noise alone, because the level moves meanwhile."""
        step, weeks = LASTING_SHARE * self.smoothing, max(expected / self.now / self.week, 1.0)
        within = np.mean((1 + step * np.arange(math.ceil(weeks))) ** 2)
        return float(within + step**2 * max(self.weeks_left - weeks, 0) * weeks)


def _level(values: Series, expected: Series, weeks_left: int) -> Level | None:
    """The level of a daily measure beside what its days are worth, or None without enough past."""
    weeks = len(values) // 7
    if weeks < NEEDED_WEEKS or not values.sum() > 0:
        return None
    sums, worth = (days[len(days) - 7 * weeks :].reshape(weeks, 7).sum(axis=1) for days in (values, expected))
    if not (worth > 0).all():
        return None
    smoothing, levels = _smoothed(sums / worth)
    settled = min(6, weeks // 3)
    due = levels[:-1] * worth[1:]
    noise = np.sum((sums[1:] - due)[settled:] ** 2) / max(np.sum(due[settled:]), 1e-12)
    distance = min(weeks_left, max(1, weeks // 3))
    starts = np.arange(max(4, settled), weeks - distance + 1)
    summed, weighed = np.r_[0, np.cumsum(sums)], np.r_[0, np.cumsum(worth)]
    level = Level(
        now=float(levels[-1]),
        season=1.0,
        smoothing=smoothing,
        noise=float(noise),
        week=float(np.mean(worth)),
        weeks_left=weeks_left,
        distance=distance,
        forecasts=levels[starts - 1] * (weighed[starts + distance] - weighed[starts]),
        outcomes=summed[starts + distance] - summed[starts],
        repeated=sums[starts - 1] * distance,
    )
    a_year_ago = weeks - 52
    if level.now <= 0 or a_year_ago < 13 or levels[a_year_ago - 1] <= 0:
        return level
    until = a_year_ago + min(weeks_left, 52)
    due_then = levels[a_year_ago - 1] * (weighed[until] - weighed[a_year_ago])
    return replace(level, season=_season(level, due_then, summed[until] - summed[a_year_ago]))


def _smoothed(weeks: Series) -> tuple[float, Series]:
    """The smoothing that would have foretold the next week best, and the level after each week."""
    from statsmodels.tsa.holtwinters import (
        ExponentialSmoothing,  # two seconds: only where there is a target to forecast
    )

    model = ExponentialSmoothing(
        weeks,
        initialization_method="known",
        initial_level=float(np.mean(weeks[:4])),
        bounds={"smoothing_level": (0.05, 0.8)},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it did not converge: the trials will tell
        fitted = model.fit(use_brute=False, method="Powell")  # no threads, unlike the default
    return float(fitted.params["smoothing_level"]), np.maximum(np.asarray(fitted.level), 0.0)


def _season(level: Level, due: float, came: float) -> float:
    """The factor by which the same weeks of last year departed from their level, less what chance makes of it."""
    if came <= 0 or due <= 0:
        return 1.0
    chance = level.noise / due * level.widening(due)
    share = USUAL_SEASON**2 / (USUAL_SEASON**2 + chance)
    return math.exp(share * min(max(math.log(came / due), -LARGEST_SEASON), LARGEST_SEASON))


def _week_repeated(values: Series, past: Series, rest: Series) -> float:
    """What days to come would bring if each were as its weekday in the last week."""
    week = values[past[-7:]]
    return float(np.sum(week[(rest - past[-1] - 1) % 7]))


class Trials(NamedTuple):
    """Forecasts of the past beside what came, and how far off chance alone would have them, relative to themselves."""

    forecasts: Series
    outcomes: Series
    repeated: Series
    by_chance: Series
    distance: int
    by_chance_now: float
    widening: float


def _trials_of_sums(level: Level, ahead: float) -> Trials:
    by_chance = np.sqrt(level.noise / np.maximum(level.forecasts, 1e-12))
    by_chance_now, widening = math.sqrt(level.noise / max(ahead, 1e-12)), level.widening(ahead)
    past = level.forecasts, level.outcomes, level.repeated
    return Trials(*past, by_chance, level.distance, by_chance_now, widening)


def _trials_of_ratios(over: Level, under: Level, numerators: float, denominators: float) -> Trials:
    top, bottom = _trials_of_sums(over, numerators), _trials_of_sums(under, denominators)
    return Trials(
        *(above / np.maximum(below, 1e-12) for above, below in zip(top[:3], bottom[:3], strict=True)),
        np.hypot(top.by_chance, bottom.by_chance),
        top.distance,
        math.hypot(top.by_chance_now, bottom.by_chance_now),
        top.widening,
    )


def _best(trials: Trials, smoothed: float, repeated: float) -> Forecast | None:
    """The forecast of what is ahead by the better of the two methods, with the interval its past errors give it."""
    tried = (trials.forecasts > 0) & np.isfinite(trials.outcomes)
    forecasts, outcomes, weeks_repeated, by_chance = (values[tried] for values in trials[:4])
    if len(forecasts) < NEEDED_TRIALS or not outcomes.sum() > 0:
        return None
    off, off_if_repeated = np.abs(outcomes - forecasts), np.abs(outcomes - weeks_repeated)
    if off_if_repeated.mean() <= off.mean():
        sizes = np.maximum(weeks_repeated, np.mean(outcomes) / 10)
        spread = float(np.quantile(off_if_repeated / sizes, 0.8)) / NORMAL_80
        method, value, error = "seasonal_naive", repeated, off_if_repeated
    else:
        independent = len(forecasts) / trials.distance
        seen = (np.quantile(off / forecasts / by_chance, 0.8) / NORMAL_80) ** 2
        times = (seen * independent + trials.widening * TRUST_IN_THEORY) / (independent + TRUST_IN_THEORY)
        spread = trials.by_chance_now * math.sqrt(times)
        method, value, error = "exponential_smoothing", smoothed, off
    factor = math.exp(NORMAL_80 * math.sqrt(math.log1p(spread**2)))
    return Forecast(method, value, value / factor, value * factor, float(error.mean() / outcomes.mean()))

"""Forecasts tried on their own past, and the interval that their errors there make likely."""

import math
from typing import NamedTuple

import numpy as np

from forecasts.level import Level, Series

NEEDED_TRIALS = 3
NORMAL_80 = 1.2815515655446004
"""Standard deviations on either side of a normal distribution's middle that hold 80 % of it."""
TRUST_IN_THEORY = 6
"""How many independent trials the theoretical width of the interval counts for, beside those there were."""


class Forecast(NamedTuple):
    """What a period will come to, and how far such forecasts have been off, as a share of what came."""

    method: str
    value: float
    lower: float
    upper: float
    error_rate: float


class Trials(NamedTuple):
    """Forecasts of the past beside what came, and how far off chance alone would have them, relative to themselves."""

    forecasts: Series
    outcomes: Series
    repeated: Series
    by_chance: Series
    distance: int
    by_chance_now: float
    widening: float


def trials_of_sums(level: Level, ahead: float) -> Trials:
    """The trials of a measure that is summed, of which `ahead` is expected."""
    by_chance = np.sqrt(level.noise / np.maximum(level.forecasts, 1e-12))
    by_chance_now, widening = math.sqrt(level.noise / max(ahead, 1e-12)), level.widening(ahead)
    past = level.forecasts, level.outcomes, level.repeated
    return Trials(*past, by_chance, level.distance, by_chance_now, widening)


def trials_of_ratios(over: Level, under: Level, numerators: float, denominators: float) -> Trials:
    """The trials of a ratio of two measures."""
    top, bottom = trials_of_sums(over, numerators), trials_of_sums(under, denominators)
    forecasts, outcomes, repeated = (
        above / np.maximum(below, 1e-12) for above, below in zip(top[:3], bottom[:3], strict=True)
    )
    by_chance, by_chance_now = (
        np.hypot(top.by_chance, bottom.by_chance),
        math.hypot(top.by_chance_now, bottom.by_chance_now),
    )
    return Trials(forecasts, outcomes, repeated, by_chance, top.distance, by_chance_now, top.widening)


def best(trials: Trials, smoothed: float, repeated: float) -> Forecast | None:
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

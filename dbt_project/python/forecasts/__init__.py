"""What targets whose period is not over will come to: a forecast to the period's end, with an interval of 80 %.

The level of a KPI is that of its weeks, each measured by what its weekdays and holidays are worth, smoothed
exponentially; what is left of the period is expected at that level, moved as much as the same weeks of
last year departed from theirs, as far as that was not chance. Every forecast is tried on its own past: from each
earlier week on, over as many weeks as are left now, its error is compared with that of the week before repeated, and
the better one is taken. The interval is as wide as four fifths of those errors were.
"""

import math
from typing import NamedTuple

import numpy as np

from forecasts.level import Places, Series, level_of
from forecasts.trials import Forecast, best, trials_of_ratios, trials_of_sums


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


def forecast(days: Days) -> Forecast | None:
    """The forecast of a target, or None where there is too little past to make one and to try it."""
    past = _past(days)
    done = (days.is_ahead == 0) & (days.is_in_period == 1)
    rest = np.flatnonzero((days.is_ahead == 1) & (days.is_in_period == 1) & (days.expected_numerator > 0))
    weeks_left = max(1, math.ceil(np.sum(days.is_ahead) / 7))
    so_far = float(np.nansum(days.numerator[done]))
    over = level_of(days.numerator[past], days.expected_numerator[past], weeks_left)
    if over is None:
        return None
    numerators = over.ahead(days.expected_numerator[rest])
    repeated = _week_repeated(days.numerator, past, rest)
    if np.isnan(days.denominator).all():
        found = best(trials_of_sums(over, numerators), numerators, repeated)
        return found and found._replace(**{part: so_far + getattr(found, part) for part in ("value", "lower", "upper")})
    under = level_of(days.denominator[past], days.expected_denominator[past], weeks_left)
    if under is None:
        return None
    denominators = under.ahead(days.expected_denominator[rest])
    repeated_rate = repeated / max(_week_repeated(days.denominator, past, rest), 1e-12)
    trials = trials_of_ratios(over, under, numerators, denominators)
    found = best(trials, numerators / max(denominators, 1e-12), repeated_rate)
    below = float(np.nansum(days.denominator[done]))
    whole = below + denominators
    return found and found._replace(
        **{part: (so_far + getattr(found, part) * denominators) / whole for part in ("value", "lower", "upper")}
    )


def _past(days: Days) -> Places:
    """The places of the days known for good, after the last gap: before it, money was of another currency."""
    known = (days.is_ahead == 0) & (days.is_provisional == 0)
    gaps = np.flatnonzero(known & np.isnan(days.numerator))
    return np.flatnonzero(known & (np.arange(len(known)) > (gaps[-1] if len(gaps) else -1)))


def _week_repeated(values: Series, past: Places, rest: Places) -> float:
    """What days to come would bring if each were as its weekday in the last week."""
    week = values[past[-7:]]
    return float(np.sum(week[(rest - past[-1] - 1) % 7]))

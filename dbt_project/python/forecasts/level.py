"""The level of a measure: what its weeks, weighed by what their days are worth, say of those to come."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

Series = np.ndarray[Any, np.dtype[np.float64]]
Places = np.ndarray[Any, np.dtype[np.intp]]

NEEDED_WEEKS = 8
SMOOTHINGS = np.linspace(0.05, 0.8, 751)
"""What is tried of simple exponential smoothing (Brown, 1956): how much of a week's surprise the level follows."""
USUAL_SEASON = 0.1
"""How far seasons usually move a level: what departs by much more than chance would is taken for season."""
LARGEST_SEASON = 0.3
LASTING_SHARE = 0.3
"""How much of what the smoothing takes for a change of level lasts, as past errors at long range show."""


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


def level_of(values: Series, expected: Series, weeks_left: int) -> Level | None:
    """The level of a daily measure beside what its days are worth, or None without enough past."""
    weeks = len(values) // 7
    if weeks < NEEDED_WEEKS or not values.sum() > 0:
        return None
    sums, worth = (days[len(days) - 7 * weeks :].reshape(weeks, 7).sum(axis=1) for days in (values, expected))
    if not (worth > 0).all():
        return None
    smoothing, levels = smoothed(sums / worth)
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


def smoothed(weeks: Series) -> tuple[float, Series]:
    """The smoothing that would have foretold the next week best, of those tried, and the level after each week."""
    levels = np.empty((len(weeks) + 1, len(SMOOTHINGS)))
    levels[0] = np.mean(weeks[:4])
    for week, value in enumerate(weeks):
        levels[week + 1] = levels[week] + SMOOTHINGS * (value - levels[week])
    best = np.argmin(np.sum((weeks[:, None] - levels[:-1]) ** 2, axis=0))
    return float(SMOOTHINGS[best]), np.maximum(levels[1:, best], 0.0)


def _season(level: Level, due: float, came: float) -> float:
    """The factor by which the same weeks of last year departed from their level, less what chance makes of it."""
    if came <= 0 or due <= 0:
        return 1.0
    chance = level.noise / due * level.widening(due)
    share = USUAL_SEASON**2 / (USUAL_SEASON**2 + chance)
    return math.exp(share * min(max(math.log(came / due), -LARGEST_SEASON), LARGEST_SEASON))

"""What every figure is expected to be on a day, from the days before it."""

from typing import Any

import numpy as np

from signals.chance import Array
from signals.rules import POOLED
from signals.series import Series

HISTORY_DAYS, HALF_LIFE_DAYS, YEAR_DAYS = 56, 10, 364
PRIOR_COUNT = 20.0
"""So many events' worth of other countries' weekdays are believed before a figure's own."""
PRIOR_VARIANCE = 10.0
"""So many events' worth of chance are believed before what a figure itself has scattered."""
MANY_A_DAY, MEDIAN_OF_SQUARES = 20, 0.455
SHARED_MOVEMENT = (0.65, 1.5)
"""How much a movement that all countries share can explain; what is beyond is broken everywhere."""
UNFINISHED = 0.85
"""What Google may show of a day that it has not finished."""


class Expectation:
    """The level of the last eight weeks, recent ones first, times what is special about a day. Days in `masked` (of
    episodes) and holidays say nothing about the level.

    `low` and `high` are the expectations below and above which nothing explains a figure: a movement that the other
    countries share, last year's season, a holiday, or a web day that Google has not finished.
    """

    def __init__(self, series: Series) -> None:
        self.series = series
        shape = series.value.shape
        self.masked = np.zeros(shape, dtype=bool)
        self.expected, self.low, self.high = np.zeros((3, *shape))
        self.scatter = np.ones(shape[0])
        self.has_season = np.array([rule.has_season for rule in series.rules])
        is_share = np.array([rule.is_share for rule in series.rules])
        self.trials = np.where(is_share[:, None], series.base, np.inf)
        self._is_pooled = np.array([key[0] == POOLED for key in series.keys])
        self._limit = np.array([np.nan if rule.limit is None else rule.limit for rule in series.rules])
        self._pool = _places([key[:2] if key[0] == POOLED else key for key in series.keys])
        self._alike = _places([(key[0], *key[2:]) if key[0] != POOLED else key[0] for key in series.keys])

    def look_at(self, day: int, in_episode: Array) -> None:
        """Expect the figures of a day (by its place); `in_episode` says which rows are in one."""
        series, before = self.series, slice(max(0, day - HISTORY_DAYS), day)
        says_something = series.live[:, before] & ~self.masked[:, before] & ~series.holiday[:, before]
        value = series.value[:, before] * says_something
        parts = self._weekdays(value, says_something.astype(float), series.weekday[before])
        exposure = np.where(self.has_season[:, None], parts[:, series.weekday[before]], series.base[:, before])
        today = np.where(self.has_season, parts[:, series.weekday[day]], series.base[:, day])
        recent = 0.5 ** ((day - 1 - np.arange(before.start, day)) / HALF_LIFE_DAYS)
        level = _divided(_sum(value @ recent, self._pool), _sum((exposure * says_something) @ recent, self._pool))
        expected = np.where(np.isnan(self._limit), level * today, self._limit * series.base[:, day])
        self.expected[:, day] = expected
        moves = np.stack([self._shared_movement(day, in_episode), self._season(day), np.ones(len(expected))])
        quiet = np.where(series.holiday[:, day] & self.has_season, _divided(parts.min(axis=1), today, 1.0), 1.0)
        unfinished = np.where(series.unfinished[:, day], UNFINISHED, 1.0)
        self.low[:, day] = expected * moves.min(axis=0) * np.minimum(quiet, 1) * unfinished
        self.high[:, day] = expected * moves.max(axis=0)
        self.scatter = self._scatter(before, says_something)

    def _weekdays(self, value: Array, days: Array, weekday: Array) -> Array:
        """Each weekday's part of a count, 1 on average; where there is little to go by, that of all countries."""
        of_week = np.eye(7)[weekday]
        sums, times = value @ of_week, days @ of_week
        usual = times * _divided(value.sum(axis=1), days.sum(axis=1))[:, None]
        alike = _divided(_sum(sums, self._alike), _sum(usual, self._alike), 1.0)
        return _divided(sums + PRIOR_COUNT * alike, usual + PRIOR_COUNT, 1.0)

    def _shared_movement(self, day: int, in_episode: Array) -> Array:
        """How the same figure moves today in all other countries that are in no episode, if there are three."""
        counts = self.series.live[:, day] & self.has_season & ~in_episode
        value, expected = self.series.value[:, day] * counts, self.expected[:, day] * counts
        others = _sum(counts.astype(float), self._alike) - counts
        there = _sum(value, self._alike) - value
        usual = _sum(expected, self._alike) - expected
        movement = np.clip((there + PRIOR_COUNT) / (usual + PRIOR_COUNT), *SHARED_MOVEMENT)
        return np.where(self.has_season & (others >= 3), movement, 1.0)

    def _season(self, day: int) -> Array:
        """How this week of last year was to the four before it, where there was enough to tell."""
        then = day - YEAR_DAYS
        if then < 31:
            return np.ones(len(self.scatter))
        value = self.series.value
        week, month = value[:, then - 3 : then + 4].sum(axis=1), value[:, then - 31 : then - 3].sum(axis=1)
        is_known = self.has_season & self.series.ripe[:, then - 31] & (week >= 100)
        return np.where(is_known, np.clip(_divided(4 * week, month, 1.0), 0.5, 2.0), 1.0)

    def _scatter(self, before: slice, says_something: Array) -> Array:
        """How many times the variance of chance a figure has had, at least once: by its median deviation where there
        are many events a day, else by its mean one, to which a day adds what nine times chance would at most."""
        expected = self.expected[:, before]
        says_something = says_something & (expected > 0)
        chance = np.maximum(expected * np.clip(1 - _divided(expected, self.trials[:, before]), 0.05, 1), 1e-9)
        times = (self.series.value[:, before] - expected) ** 2 / chance
        median = _median(times, says_something) / MEDIAN_OF_SQUARES
        sums = np.where(says_something, np.minimum(times, 9) * chance, 0).sum(axis=1)
        events = np.where(says_something, chance, 0).sum(axis=1)
        mean = (sums + PRIOR_VARIANCE) / (events + PRIOR_VARIANCE)
        is_large = events >= MANY_A_DAY * np.maximum(says_something.sum(axis=1), 1)
        return np.where(self._is_pooled, 1.0, np.maximum(1.0, np.where(is_large, median, mean)))


def _places(names: list[Any]) -> Array:
    known = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return np.array([known[name] for name in names], dtype=np.int64)


def _sum(values: Array, places: Array) -> Array:
    """Each row's sum over the rows that have its place."""
    sums = np.zeros((int(places.max()) + 1, *values.shape[1:]))
    np.add.at(sums, places, values)
    mine: Array = sums[places]
    return mine


def _median(values: Array, counts: Array) -> Array:
    """Each row's median of the values that count; 0 where none does."""
    ordered = np.sort(np.where(counts, values, np.inf), axis=1)
    number = counts.sum(axis=1)
    below, above = (np.clip(place, 0, values.shape[1] - 1) for place in ((number - 1) // 2, number // 2))
    rows = np.arange(len(values))
    return np.where(number > 0, (ordered[rows, below] + ordered[rows, above]) / 2, 0.0)


def _divided(above: Array, below: Array, nothing: float = 0.0) -> Array:
    return np.where(below > 0, above / np.where(below > 0, below, 1), nothing)

"""Day by day: which figures are unusual, and when that began and ended."""

from collections.abc import Iterator
from math import erfc, sqrt
from typing import Any, NamedTuple

import numpy as np

from signals.chance import Array, score_of_at_most
from signals.expectation import Expectation
from signals.rules import OTHERS
from signals.series import KEYS, Series

DAYS = 120
WARM_UP_DAYS = 28
"""Looked at before the first day that is judged, to learn how much a figure scatters."""
SPANS = (1, 2, 7)
"""A large change shows on a day; where there are few events it takes some."""
ENOUGH_EVENTS, CALM_SCORE, CALM_DAYS = 10, 2.0, 2
SETTLED_AFTER_DAYS = 28
ESTIMATE_DAYS = 20
"""About so many days' worth of chance is in an expectation itself."""

COLUMNS = {
    **dict.fromkeys((*KEYS, "signal_direction", "signal_status"), "text"),
    **dict.fromkeys(("since_date", "first_seen_date", "last_seen_date", "recovered_date"), "date"),
    **dict.fromkeys(("actual_figure", "expected_figure", "figure_base", "chance"), "number"),
}


class Seen(NamedTuple):
    """The figures of some days up to one, summed, with the scores (0: usual) of finding so little or so much."""

    begin: int
    value: Array
    expected: Array
    score: Array
    unusual: Array


class Watch:
    """The episode that each figure is in, if any: its direction, and days by their places."""

    def __init__(self, series: Series) -> None:
        rows = len(series.keys)
        self.series, self.rules, self.expectation = series, series.rules, Expectation(series)
        self.direction, self.since, self.found, self.seen, self.calm = np.zeros((5, rows), dtype=np.int64)
        self.score = np.zeros(rows)
        self.past = np.zeros(series.value.shape, dtype=bool)
        self._least = np.array([rule.score for rule in series.rules])
        self._difference = np.array([rule.difference for rule in series.rules])
        self._events = np.array([rule.events for rule in series.rules])
        is_one = np.array([key[3] != OTHERS for key in series.keys])
        self._may = {way: is_one & np.array([way in rule.directions for rule in series.rules]) for way in (-1, 1)}

    def look_at(self, day: int) -> None:
        """Expect a day's figures, without judging them."""
        self.expectation.look_at(day, self.direction != 0)

    def judge(self, day: int) -> Iterator[dict[str, Any]]:
        """Begin or prolong the episodes of what is unusual on a day; give those that are over."""
        seen = [self._see(max(0, day - span + 1), day) for span in SPANS]
        for span in seen:
            for row in _rows(span.unusual):
                direction = int(np.sign(span.unusual[row]))
                if self.direction[row] in (0, direction) and self._is_off(row, slice(day, day + 1), direction)[0]:
                    self._note(row, span, day, direction)
        for row in _rows(self.direction):
            self.expectation.masked[row, self.since[row] : day + 1] = True
            self._calm_down(row, seen, day)
            if self.calm[row] >= CALM_DAYS:
                yield self.end(row, "recovered", day - CALM_DAYS + 1)
            elif self._is_the_new_level(row, day):
                yield self.end(row, "settled", day)

    def _see(self, begin: int, day: int) -> Seen:
        """The days of no past episode; an expectation is an estimate, so the longer the span the more it may be off."""
        days, expectation = slice(begin, day + 1), self.expectation
        counts = self.series.live[:, days] & ~self.past[:, days]
        value, expected, low, high, trials = (
            np.where(counts, figure[:, days], 0).sum(axis=1)
            for figure in (
                self.series.value, expectation.expected, expectation.low, expectation.high, expectation.trials
            )
        )  # fmt: skip
        scatter = expectation.scatter * (1 + (day + 1 - begin) / ESTIMATE_DAYS)
        few = score_of_at_most(value / scatter, trials / scatter, low / scatter)
        many = score_of_at_most(value / scatter - 1, trials / scatter, high / scatter)
        is_looked_at = self.series.live[:, day] & self.series.ripe[:, day] & (expected > 0)
        is_low = self._may[-1] & (few < -self._least) & (value < low * (1 - self._difference))
        is_high = self._may[1] & (many > self._least) & (value > high * (1 + self._difference))
        is_high &= value >= self._events
        unusual = np.where(is_looked_at & is_low, few, np.where(is_looked_at & is_high, many, 0.0))
        return Seen(begin, value, expected, np.where(value > expected, many, few), unusual)

    def _is_off(self, row: int, days: slice, direction: int) -> Array:
        """Which days of no past episode are clearly off in a direction."""
        expected = self.expectation.expected[row, days]
        off = direction * (self.series.value[row, days] - expected)
        is_off: Array = (off > expected * self._difference[row] / 2) & ~self.past[row, days]
        return is_off

    def _note(self, row: int, span: Seen, day: int, direction: int) -> None:
        """An episode is as old as the first day of the span that is off in its direction."""
        if not self.direction[row]:
            is_off = self._is_off(row, slice(span.begin, day + 1), direction)
            self.direction[row], self.found[row], self.score[row] = direction, day, 0.0
            self.since[row] = span.begin + int(np.argmax(is_off))
        self.seen[row] = day
        self.score[row] = max(self.score[row], abs(span.unusual[row]))

    def _calm_down(self, row: int, seen: list[Seen], day: int) -> None:
        """Count the days in a row on which the fewest days that say enough are about as expected."""
        span = next((span for span in seen if span.expected[row] >= ENOUGH_EVENTS), seen[-1])
        off = self.direction[row] * (span.value[row] - span.expected[row])
        is_calm = (
            self.direction[row] * span.score[row] < CALM_SCORE
            or off < span.expected[row] * self._difference[row] / 2
        )  # fmt: skip
        if self.seen[row] == day:
            self.calm[row] = 0
        elif span.expected[row] >= 0.5:
            self.calm[row] = self.calm[row] + 1 if is_calm else 0

    def _is_the_new_level(self, row: int, day: int) -> bool:
        """Whether a KPI has been elsewhere for so long that this is what is usual now; nothing at all never is."""
        days = slice(max(0, day - 13), day + 1)
        is_something = self.series.value[row, days].sum() > 0.1 * self.expectation.expected[row, days].sum()
        is_level = self.series.keys[row][0] == "kpi_deviation" and is_something
        return bool(is_level and day - self.since[row] >= SETTLED_AFTER_DAYS)

    def end(self, row: int, status: str, day: int | None) -> dict[str, Any]:
        """The episode of a row, which is over since `day` unless it is open."""
        days = slice(self.since[row], self.seen[row] + 1)
        series, rule = self.series, self.rules[row]
        episode = dict(zip(KEYS, series.keys[row], strict=True)) | {
            "signal_direction": "above" if self.direction[row] > 0 else "below",
            "signal_status": status,
            "since_date": self._date(self.since[row]),
            "first_seen_date": self._date(self.found[row]),
            "last_seen_date": self._date(self.seen[row]),
            "recovered_date": None if day is None else self._date(day),
            "actual_figure": float(series.value[row, days].sum()),
            "expected_figure": float(self.expectation.expected[row, days].sum()),
            "figure_base": None if rule.has_season else float(series.base[row, days].sum()),
            "chance": erfc(float(self.score[row]) / sqrt(2)) / 2,
        }
        if day is not None:
            self.past[row, days] = True
            self.expectation.masked[row, self.since[row] :] = False
            self.expectation.masked[row, days] = status == "recovered"
            self.direction[row] = self.calm[row] = 0
        return episode

    def _date(self, place: int) -> Any:
        return np.datetime64(self.series.first + int(place), "D").astype(object)


def _rows(values: Array) -> list[int]:
    """The places where there is anything."""
    places: list[int] = np.flatnonzero(values).tolist()
    return places


def episodes(
    figures: dict[str, Array], reach: list[Any], holidays: list[Any], days: int = DAYS
) -> Iterator[dict[str, Any]]:
    """The episodes of the last so many days, each with `COLUMNS`; arguments are those of `Series`."""
    reach = [row for row in reach if row[2] is not None]
    if not len(figures["date"]) or not reach:
        return
    watch = Watch(Series(figures, reach, holidays))
    first = max(1, watch.series.size - days)
    for day in range(max(1, first - WARM_UP_DAYS), watch.series.size):
        watch.look_at(day)
        if day >= first:
            yield from watch.judge(day)
    for row in _rows(watch.direction):
        yield watch.end(row, "open", None)

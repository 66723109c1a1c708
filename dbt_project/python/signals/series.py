"""Every figure as a row of days."""

from collections import Counter
from typing import Any

import numpy as np

from signals.chance import Array
from signals.rules import CAMPAIGNS_A_COUNTRY, OTHERS, POOLED, RULES, WEB_KPIS

KEYS = ("signal_kind", "locale", "kpi", "subject")

LAUNCH_DAYS = 49
"""A country that has just gone live has no usual level yet."""
LEAD_DAYS = 28
"""A lead that is turned away is mostly turned away within these."""


class Series:
    """Figures by row (one a key) and day (from `first`, in days since 1970): `value`, of shares out of `base`.

    `live` are the days that count, `ripe` those on which there is something to compare with, `holiday` and `unfinished`
    those on which a figure may be low; `weekday` is 0 on Mondays.
    """

    def __init__(self, figures: dict[str, Array], reach: list[Any], holidays: list[Any]) -> None:
        """`figures` are columns, `KEYS` and `date`, `figure`, `figure_base`; `reach` is (locale, go-live, as-of, first
        provisional day or None) and `holidays` (locale, day)."""
        days = figures["date"].astype("datetime64[D]").astype(np.int64)
        names = _named(list(zip(*(figures[key].tolist() for key in KEYS), strict=True)), days, figures["figure"])
        self.keys = sorted(set(names))
        place = {name: row for row, name in enumerate(self.keys)}
        rows = np.array([place[name] for name in names], dtype=np.int64)
        self.rules = [RULES[key[0]] for key in self.keys]
        bounds = np.array([[_number(day) for day in dates] for _, *dates in reach], dtype=np.int64)
        self.end = int(bounds[:, 1].max())
        self.first = int(min(days.min(), self.end))
        self.size = self.end - self.first + 1
        self._set_calendar({locale: row for row, (locale, *_) in enumerate(reach)}, bounds, holidays)
        self.value, self.base = np.zeros((2, len(self.keys), self.size))
        inside = days <= self.end
        at = (rows[inside], days[inside] - self.first)
        np.add.at(self.value, at, figures["figure"][inside])
        np.add.at(self.base, at, figures["figure_base"][inside])
        for row, key in enumerate(self.keys):
            if key[0] == POOLED:
                self._expect_late_answers(row)

    def _set_calendar(self, place: dict[str, int], bounds: Array, holidays: list[Any]) -> None:
        calendar = self.first + np.arange(self.size)
        mine = np.array([place[key[1]] for key in self.keys])
        go_live, last, young = (bounds[mine, column][:, None] for column in range(3))
        has_limit = np.array([rule.limit is not None for rule in self.rules])[:, None]
        is_web = np.array([key[2] in WEB_KPIS for key in self.keys])[:, None]
        self.live = (calendar >= go_live) & (calendar <= last)
        self.ripe = has_limit | (calendar >= go_live + LAUNCH_DAYS)
        self.unfinished = is_web & (calendar >= young) & (young > 0)
        off = np.zeros((len(place), self.size), dtype=bool)
        for locale, day in holidays:
            number = _number(day) - self.first
            if locale in place and 0 <= number < self.size:
                off[place[locale], number] = True
        self.holiday = off[mine]
        self.weekday = (calendar + 3) % 7

    def _expect_late_answers(self, row: int) -> None:
        """How many leads of a campaign could be turned away on a day: one in 28 of those of four weeks, or all that
        came in on this very day."""
        month = np.convolve(self.base[row], np.ones(LEAD_DAYS))[: self.size] / LEAD_DAYS
        self.base[row] = np.maximum(self.base[row], month)


def _named(names: list[tuple[str, ...]], days: Array, figures: Array) -> list[tuple[str, ...]]:
    """The row each figure belongs to: its own, or for small campaigns that of all others of the country."""
    weeks: Counter[tuple[tuple[str, ...], int]] = Counter()
    for name, day, figure in zip(names, days.tolist(), figures.tolist(), strict=True):
        if name[0] == POOLED:
            weeks[name, day // 7] += figure
    busiest: dict[tuple[str, ...], float] = {}
    for (name, _), figure in weeks.items():
        busiest[name] = max(busiest.get(name, 0), figure)
    rank: Counter[str] = Counter()
    own = set()
    for name in sorted(busiest, key=lambda name: (-busiest[name], name)):
        rank[name[1]] += 1
        if rank[name[1]] <= CAMPAIGNS_A_COUNTRY and busiest[name] >= RULES[POOLED].events:
            own.add(name)
    return [name if name[0] != POOLED or name in own else (*name[:3], OTHERS) for name in names]


def _number(day: Any) -> int:
    return -1 if day is None else int(np.datetime64(day, "D").astype(np.int64))

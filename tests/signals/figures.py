"""Daily figures by hand: so many a day, with weekdays and a little chance, changed where a test says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
from signals import KEYS, episodes

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
WEEKDAYS = (1.2, 1.2, 1.1, 1.1, 1.0, 0.6, 0.6)
Change = Callable[[date, float], float]


class Company:
    """Series of figures from the first day to the last."""

    def __init__(self, last: date = LAST) -> None:
        self.last, self.rows = last, []  # type: tuple[date, list[tuple[Any, ...]]]
        self.reach: dict[str, tuple[Any, ...]] = {}
        self.holidays: list[tuple[str, date]] = []
        self._rng = np.random.default_rng(7)

    def watch(
        self,
        kind: str,
        locale: str,
        kpi: str,
        a_day: float,
        change: Change | None = None,
        *,
        out_of: float = 0,
        subject: str = "",
    ) -> Company:
        """Add a figure of `a_day`, on average; a share has `out_of` events a day."""
        self.reach.setdefault(locale, (locale, FIRST, self.last, None))
        for number in range((self.last - FIRST).days + 1):
            day = FIRST + timedelta(days=number)
            base = float(self._rng.poisson(out_of * WEEKDAYS[day.weekday()]))
            usual = base * a_day / out_of if out_of else a_day * WEEKDAYS[day.weekday()]
            expected = change(day, usual) if change else usual
            figure = (
                self._rng.binomial(int(base), min(expected / base, 1))
                if base
                else 0
                if out_of
                else self._rng.poisson(expected)
            )
            if figure or base:
                self.rows.append((kind, locale, kpi, subject, day, float(figure), base))
        return self

    def sessions(self, locale: str, change: Change | None = None, a_day: float = 3_000) -> Company:
        return self.watch("kpi_deviation", locale, "sessions", a_day, change)

    def unfinished_from(self, locale: str, day: date) -> Company:
        self.reach[locale] = (*self.reach[locale][:3], day)
        return self

    def found(self, days: int = 60) -> list[dict[str, Any]]:
        names = (*KEYS, "date", "figure", "figure_base")
        columns = {
            name: np.array(values, dtype=object)
            for name, values in zip(names, zip(*self.rows, strict=True), strict=True)
        }
        columns["date"] = columns["date"].astype("datetime64[D]")
        columns |= {name: columns[name].astype(float) for name in names[-2:]}
        return list(episodes(columns, list(self.reach.values()), self.holidays, days))


def from_day(first: date, times: float, last: date = LAST) -> Change:
    """As usual, but for some days that have so many times as much."""
    return lambda day, usual: usual * times if first <= day <= last else usual

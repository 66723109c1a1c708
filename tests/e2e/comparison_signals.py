"""What is watched, and what mart_signals says of it, beside the company's own truth."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.lib.marts import marts_file
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.watched import Figures, Key, watched
from tests.e2e.differences import Difference, differences

BOUGHT_DAYS = 220
_WATCHED = """
    SELECT signal_kind, locale, kpi, subject, date, figure, figure_base
    FROM intermediate.int_signal_figures JOIN marts.mart_locales USING (locale)
    WHERE date >= go_live_date"""
# A signal keeps the beginning it was published with; its figures are of the days on which it is found now.
_FOUND = """
    SELECT signal_kind, locale, kpi, subject, last_seen_date, since_date, actual_figure, figure_base
    FROM intermediate.int_signals_found"""
_SIGNALS = """
    SELECT signal_kind, locale, kpi, subject, last_seen_date, actual_figure, figure_base
    FROM mart_signals"""

Rows = Callable[[str], list[tuple[Any, ...]]]


def signal_differences(observation: Observation, rows: Rows, warehouse: Path) -> dict[str, list[Difference]]:
    """Every watched figure of every day; and each signal's figures, which are sums of them."""
    figures = watched(observation, bought_days=BOUGHT_DAYS)
    with duckdb.connect(warehouse, read_only=True) as connection:
        connection.execute(f"ATTACH '{marts_file(warehouse)}' AS marts (READ_ONLY)")
        found = {row[:5]: row[5:] for row in connection.execute(_WATCHED).fetchall()}
        episodes = connection.execute(_FOUND).fetchall()
    expected = {(*key, day): tuple(sums) for key, days in figures.items() for day, sums in days.items()}
    sums = {row[:5]: _sums(figures, row[:4], row[5], row[4]) for row in episodes}
    signals = {row[:5]: row[5:] for row in rows(_SIGNALS)}
    return {
        "int_signal_figures": differences(expected, found, _same),
        "mart_signals": differences(sums, signals, _same_signal),
    }


def _sums(figures: Figures, key: Key, since: date, until: date) -> tuple[float, float]:
    inside = [sums for day, sums in figures.get(key, {}).items() if since <= day <= until]
    return sum(figure for figure, _ in inside), sum(base for _, base in inside)


def _same(left: tuple[float, float], right: tuple[float, float]) -> bool:
    return all(abs(here - there) < 1e-3 for here, there in zip(left, right, strict=True))


def _same_signal(left: tuple[float, float], right: tuple[Any, Any]) -> bool:
    """A campaign's base is what it may expect, which is no sum of its leads."""
    return abs(left[0] - float(right[0])) < 0.01 and (right[1] is None or left[1] == 0 or right[1] > 0)

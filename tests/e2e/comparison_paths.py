"""Path reports beside the journeys of the company's people."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from sandbox.company.truth import Journey
from tests.e2e.differences import Difference, Key, differences

NAMED = 50
SPANS = (0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 30, 45, 60, 75, 90, 120, 180, 365)
ONE_UNIT = 1


def frequent_paths(journeys: Sequence[Journey], database: Path) -> list[Difference]:
    """Every path with a name has its entries and money; the others are one row, and none of them is more frequent."""
    columns = "locale, stage, period_start, path, stage_entries, amount_local, amount_eur, amount_eur_constant"
    found: dict[Key, tuple[Any, ...]] = {
        row[:4]: tuple(value or 0 for value in row[4:]) for row in _rows(database, f"SELECT {columns} FROM mart_paths")
    }
    expected: dict[Key, tuple[Any, ...]] = {}
    for scope, taken in _taken(journeys).items():
        told = {path for path in taken if (*scope, path) in found}
        expected |= {(*scope, path): tuple(taken[path]) for path in told}
        rest = [taken[path] for path in taken.keys() - told]
        if rest:
            expected[*scope, "(other)"] = tuple(map(sum, zip(*rest, strict=True)))
            named = [taken[path][0] for path in told - {"(none)"}]
            expected[*scope, "the most frequent"] = (NAMED, True)
            found[*scope, "the most frequent"] = (len(named), min(named) >= max(row[0] for row in rest))
    return differences(expected, found, _nearly)


def _taken(journeys: Sequence[Journey]) -> dict[Key, dict[str, list[Fraction]]]:
    """Entries, and money in three amounts, by (locale, stage, first day of the year) and path."""
    taken: dict[Key, dict[str, list[Fraction]]] = defaultdict(dict)
    for one in journeys:
        scope = one.locale, one.stage, date(one.date.year, 1, 1)
        total = taken[scope].setdefault(" > ".join(one.channels) or "(none)", [Fraction(0)] * 4)
        for place, value in enumerate((Fraction(1), *(one.amounts or ()))):
            total[place] += value
    return taken


def path_lengths(journeys: Sequence[Journey], database: Path) -> list[Difference]:
    """How many entries there are of every number of touches and every span of days."""
    expected: Counter[Key] = Counter()
    for one in journeys:
        where = one.locale, one.business_line, one.stage, one.date.replace(day=1)
        expected[*where, "touches", min(len(one.channels), 20)] += 1
        if one.seconds is not None:
            expected[*where, "days", max(days for days in SPANS if days * 86_400 <= one.seconds)] += 1
    columns = "locale, business_line, stage, month, path_measure, at_least, stage_entries"
    found = {row[:6]: row[6] for row in _rows(database, f"SELECT {columns} FROM mart_path_lengths")}
    return differences(expected, found)


def _nearly(expected: tuple[Any, ...], found: tuple[Any, ...]) -> bool:
    return expected[0] == found[0] and all(
        abs(Fraction(right) - left) <= ONE_UNIT for left, right in zip(expected[1:], found[1:], strict=True)
    )


def _rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(database, read_only=True) as connection:
        return connection.execute(sql).fetchall()

"""Are incidents found, and soon, and is it quiet where nothing is wrong? On companies of many seeds, day by day.

Incidents are looked for as each morning's build would: with the days that had ended by then, the youngest as unfinished
as Google shows them. Who seeds the incidents (`sandbox.company.incidents`) and who finds them (`signals`, of the dbt
project) share nothing but the names of the figures.
"""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import holidays
import numpy as np

from benchmarks.measure import write
from sandbox.company.incidents import plan
from sandbox.company.locales import LAST_DAY, LOCALES
from sandbox.company.store import Company, generate
from sandbox.company.truth import Observation
from sandbox.company.truth.incidents import effects
from sandbox.company.truth.watched import Figures, watched

sys.path.append(str(Path(__file__).parents[1] / "dbt_project" / "python"))

from signals import KEYS, episodes
from signals.rules import WEB_KPIS

SEEDS = tuple(range(101, 105))
WITHIN_DAYS = 2
FOUND_BAR, FALSE_BAR = 0.95, 1.0
NOW = datetime.combine(LAST_DAY + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=12)
UNFINISHED = {0: 0.9, 1: 0.98}
"""What Google shows of the last ended day, and of the one before it."""

Columns = dict[str, Any]


def measure(seeds: tuple[int, ...] = SEEDS, scale: float = 1.0) -> Path:
    """Measure and write `results/signals.json`."""
    delays: dict[str, list[int | None]] = defaultdict(list)
    false: Counter[str] = Counter()
    months, started = 0.0, time.perf_counter()
    for seed in seeds:
        for kind, delay in delays_of(generate(seed, scale, plan(seed))):
            delays[kind].append(delay)
        found, quiet_months = false_signals(generate(seed, scale))
        false.update(found)
        months += quiet_months
    every = [delay for some in delays.values() for delay in some]
    a_month = false.total() / months
    return write(
        "signals",
        {
            "seeds": len(seeds),
            "scale": scale,
            "incidents": len(every),
            "found_within_two_days": _share(every),
            "found_bar": FOUND_BAR,
            "days_until_found": {str(day): count for day, count in sorted(Counter(map(str, every)).items())},
            "by_kind": {kind: {"incidents": len(some), "found": _share(some)} for kind, some in sorted(delays.items())},
            "quiet_locale_months": round(months, 1),
            "false_signals": dict(sorted(false.items())),
            "false_a_locale_and_month": round(a_month, 3),
            "false_bar": FALSE_BAR,
            "within_bars": _share(every) >= FOUND_BAR and a_month <= FALSE_BAR,
            "seconds": round(time.perf_counter() - started, 1),
        },
    )


def _share(delays: list[int | None]) -> float:
    return round(sum(delay is not None and delay <= WITHIN_DAYS for delay in delays) / max(len(delays), 1), 4)


def delays_of(company: Company, longest: int = 6) -> Iterator[tuple[str, int | None]]:
    """(Kind, days from the first effect to the day whose figures show it, None after the longest) of each incident."""
    figures = figures_of(company)
    columns = as_columns(figures)
    for effect in effects(company.incidents, figures):
        found = None
        for delay in range(longest + 1):
            told = as_of(columns, effect.since + timedelta(days=delay), days=40, locale=effect.incident.locale)
            if any(effect.is_told_by(_key(one), one["signal_direction"], one["since_date"]) for one in told):
                found = delay
                break
        yield effect.incident.kind, found


def false_signals(company: Company) -> tuple[Counter[str], float]:
    """Signals of a company in which nothing is wrong, by kind and KPI, each counted on the first day it is told, and
    how many months of how many locales that was."""
    columns = as_columns(figures_of(company))
    first = min(locale.go_live for locale in LOCALES) + timedelta(days=60)
    found: Counter[str] = Counter()
    open_before: set[tuple[str, ...]] = set()
    for number in range((LAST_DAY - first).days + 1):
        day = first + timedelta(days=number)
        told = {_key(one): one for one in as_of(columns, day, days=30) if one["signal_status"] == "open"}
        for key in told.keys() - open_before:
            if told[key]["first_seen_date"] == day:
                found[f"{key[0]} {key[2]}"] += 1
        open_before = set(told)
    days = sum(max(0, (LAST_DAY - max(one.go_live, first)).days) for one in LOCALES if one.is_configured)
    return found, days / 30.4


def figures_of(company: Company) -> Figures:
    """Everything that is watched in a company, to its end; all but those of its incidents count as coded."""
    names = {one.campaign for one in company.incidents}
    return watched(Observation(company, NOW), lambda name: name not in names)


def as_columns(figures: Figures) -> Columns:
    """The figures as the detector wants them, and where each is the web's."""
    rows = [(*key, day, *sums) for key, days in figures.items() for day, sums in days.items()]
    names = (*KEYS, "date", "figure", "figure_base")
    columns: Columns = {
        name: np.array(values, dtype=object) for name, values in zip(names, zip(*rows, strict=True), strict=True)
    }
    columns["date"] = columns["date"].astype("datetime64[D]")
    columns |= {name: columns[name].astype(float) for name in names[-2:]}
    columns["is_web"] = np.isin(columns["kpi"], list(WEB_KPIS)) | (columns["signal_kind"] == "uncoded_spend")
    return columns


def as_of(columns: Columns, day: date, *, days: int, locale: str | None = None) -> list[dict[str, Any]]:
    """The episodes of the last so many days that the build of the morning after a day knows."""
    age = (np.datetime64(day, "D") - columns["date"]).astype(np.int64)
    is_known = (age >= 0) & (age <= 620) & (_is_seasonal(columns) | (age <= days + 90))
    known = {name: values[is_known] for name, values in columns.items()}
    share = np.select(
        [known["is_web"] & (age[is_known] == young) for young in UNFINISHED], list(UNFINISHED.values()), 1.0
    )
    known["figure"] = np.floor(known["figure"] * share + 0.5)
    live = [one for one in LOCALES if one.is_configured and one.go_live <= day]
    reach = [(one.code, one.go_live, day, day - timedelta(days=2)) for one in live]
    off = [(one.code, each) for one in live for each in _holidays(one.country) if each <= day]
    return [one for one in episodes(known, reach, off, days) if locale in (None, one["locale"])]


def _is_seasonal(columns: Columns) -> Any:
    return columns["signal_kind"] == "kpi_deviation"


def _holidays(country: str, known: dict[str, list[date]] = {}) -> list[date]:  # noqa: B006 (remembered on purpose)
    if country not in known:
        known[country] = sorted(holidays.country_holidays(country, years=range(2025, 2027)))
    return known[country]


def _key(episode: dict[str, Any]) -> tuple[str, str, str, str]:
    return episode["signal_kind"], episode["locale"], episode["kpi"], episode["subject"]

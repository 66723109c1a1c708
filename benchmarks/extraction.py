"""How fast the connectors are, beside the wire alone, the vendors' own clients, and what else one could pick.

One server process plays both vendors for a made-up company (25 fields, 12 columns); every way is a process of its own,
measured from outside. ``python -m benchmarks extraction`` takes minutes; `docs/performance.md` explains the figures.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.alternatives import alternatives
from benchmarks.measure import Run, run, write
from benchmarks.sandbox_servers import Child
from benchmarks.ways import WAYS

SIZES = (50_000, 200_000, 500_000)
MEMORY_SIZE = 2_000_000
REPEATS = 3

FLOOR_FACTOR = {"salesforce": 2.5, "ga4": 3.0}
OFFICIAL_FACTOR = {"ga4_official": 8.0}
ALTERNATIVE_FACTOR = 15.0
MEMORY_MEGABYTES, MEMORY_SPREAD = 400.0, 0.20

Figures = dict[str, Any]


def measure(sizes: Sequence[int] = SIZES, alternatives_up_to: int = SIZES[-1], *, with_large: bool = True) -> Path:
    """Measure everything and write `results/extraction.json`."""
    tools, missing = alternatives() if alternatives_up_to else ({}, {})
    figures: Figures = {}
    for rows in sizes:
        commands = {way: [sys.executable, "-m", "benchmarks.ways", way] for way in WAYS}
        if rows <= alternatives_up_to:
            commands |= {f"{name}_alternative": command for name, command in tools.items()}
        figures[str(rows)] = _all_ways(commands, rows)
    if with_large:
        ours = {way: [sys.executable, "-m", "benchmarks.ways", way] for way in WAYS if way.endswith("_ours")}
        figures[str(MEMORY_SIZE)] = _all_ways(ours, MEMORY_SIZE)
    return write("extraction", {"rows": figures, "not_run_here": missing, "bars": bars(figures)})


def _all_ways(commands: Mapping[str, list[str]], rows: int) -> Figures:
    child = Child(rows, rows)
    try:
        repeats = {name: 1 if _is_slow(name, rows) else REPEATS for name in commands}
        return {name: _way(child, command, rows, repeats[name]) for name, command in commands.items()}
    finally:
        child.close()


def _is_slow(name: str, rows: int) -> bool:
    """Ways that take long and vary little are run once."""
    return rows == MEMORY_SIZE or "official" in name or name.endswith("alternative")


def _way(child: Child, command: list[str], rows: int, repeats: int) -> Figures:
    print(f"{rows:,} rows: {command[-1]}", file=sys.stderr, flush=True)
    try:
        runs = [_run_once(child, command, rows) for _ in range(repeats)]
    except subprocess.CalledProcessError as error:
        return {"failed": str(error.output)[-500:]}
    answers = [json.loads(one.output.strip().splitlines()[-1]) for one in runs]
    wrong = {answer["rows"] for answer in answers} - {rows}
    return {
        "seconds": statistics.median(one.seconds for one in runs),
        "work_seconds": statistics.median(answer["work_seconds"] for answer in answers),
        "peak_megabytes": max(one.peak_megabytes for one in runs),
        **({"rows_delivered": min(wrong)} if wrong else {}),
    }


def _run_once(child: Child, command: list[str], rows: int) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "vendors.json").write_text(json.dumps(child.contract))
        return run([*command, str(rows), folder], {})


def bars(figures: Figures) -> dict[str, Figures]:
    """Each bar with what was measured at the largest size that both ways were run at, and whether it is met.

    Memory's spread is how far the size furthest from the mean of all sizes is from it.
    """
    found: dict[str, Figures] = {}
    for vendor, factor in FLOOR_FACTOR.items():
        ours, floor = _pair(figures, f"{vendor}_ours", f"{vendor}_floor")
        found[f"{vendor}_against_floor"] = _at_most(ours["work_seconds"] / floor["work_seconds"], factor)
        peaks = [ways[f"{vendor}_ours"]["peak_megabytes"] for ways in figures.values()]
        found[f"{vendor}_peak_megabytes"] = _at_most(max(peaks), MEMORY_MEGABYTES)
        mean = statistics.mean(peaks)
        found[f"{vendor}_memory_spread"] = _at_most(max(abs(peak / mean - 1) for peak in peaks), MEMORY_SPREAD)
    for name in sorted({name for ways in figures.values() for name, way in ways.items() if "seconds" in way}):
        vendor, _, kind = name.partition("_")
        least = ALTERNATIVE_FACTOR if kind.endswith("alternative") else OFFICIAL_FACTOR.get(name)
        if least is not None:
            ours, theirs = _pair(figures, f"{vendor}_ours", name)
            found[f"ours_faster_than_{name}"] = _at_least(theirs["seconds"] / ours["seconds"], least)
    return found


def _pair(figures: Figures, ours: str, other: str) -> tuple[Figures, Figures]:
    """Two ways at the largest size at which both were measured."""
    return [(ways[ours], ways[other]) for ways in figures.values() if "seconds" in ways.get(other, {})][-1]


def _at_most(measured: float, bar: float) -> Figures:
    return {"measured": round(measured, 2), "at_most": bar, "is_met": measured <= bar}


def _at_least(measured: float, bar: float) -> Figures:
    return {"measured": round(measured, 2), "at_least": bar, "is_met": measured >= bar}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--alternatives-up-to", type=int, default=SIZES[-1], metavar="ROWS", help="0: none of them")
    parser.add_argument("--without-large", action="store_true", help=f"leave out {MEMORY_SIZE:,} rows")
    options = parser.parse_args()
    print(measure(options.sizes, options.alternatives_up_to, with_large=not options.without_large).read_text())

"""What a build costs: all of a large company's history, and one more day of it after three years and after one.

Bars: all of 10 million session rows, 1 million leads and 5 million touchpoints in 6 minutes and 6 GB on two cores; a
day in at most 15 % of that; a day after one year at least 60 % of a day after three: the cost follows the change.
"""

import sys
import tempfile
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.measure import Run, run, write
from benchmarks.volume import Volume
from benchmarks.volume_web import Size

UNTIL = date(2026, 7, 1)
DAYS = 3
MEMORY = "3GB"


def measure() -> Path:
    """Measure and write `results/refresh.json`; prints both ratios."""
    with tempfile.TemporaryDirectory() as folder:
        rows, whole, three = _company(Path(folder) / "three", 3)
        _, _, one = _company(Path(folder) / "one", 1)
    of_whole, of_three = _seconds(three) / whole.seconds, _seconds(one) / _seconds(three)
    print(f"one day on three years: {of_whole:.1%} of all of it (at most 15 %)")
    print(f"one day on one year: {of_three:.1%} of one on three (at least 60 %)")
    return write(
        "refresh",
        {
            "rows": rows,
            "everything": {"seconds": whole.seconds, "peak_megabytes": whole.peak_megabytes},
            "everything_bar": {"seconds": 360, "peak_megabytes": 6144},
            "day_on_three_years": [one_run.seconds for one_run in three],
            "day_on_one_year": [one_run.seconds for one_run in one],
            "day_of_everything": round(of_whole, 4),
            "day_of_everything_bar": 0.15,
            "day_on_one_of_day_on_three": round(of_three, 4),
            "day_on_one_of_day_on_three_bar": 0.6,
        },
    )


def _company(home: Path, years: int) -> tuple[dict[str, int], Run, list[Run]]:
    """Landed rows; the build of all of it; the builds of the days after it."""
    print(f"landing {years} year(s)", file=sys.stderr)
    volume = Volume(home, years, UNTIL, Size())
    volume.make()
    rows = volume.rows()
    print(f"building {rows}", file=sys.stderr)
    whole = _build(home, volume.until)
    print(f"all of it: {whole.seconds} s", file=sys.stderr)
    days = []
    for _ in range(DAYS):
        volume.pass_a_day()
        days.append(_build(home, volume.until))
        print(f"a day: {days[-1].seconds} s", file=sys.stderr)
    return rows, whole, days


def _build(home: Path, until: date) -> Run:
    command = [sys.executable, "-m", "benchmarks.volume", "build", str(home), str(until)]
    return run(command, {"TRECHTER_MEMORY": MEMORY})


def _seconds(runs: list[Run]) -> float:
    return median(one.seconds for one in runs)

"""The bars a user feels: the demo from nothing, a refresh of one more day, a refresh with nothing new."""

import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Run, run, summary, write

TRECHTER = [sys.executable, "-m", "dagster_project.cli"]
REPEATS = 3


def measure(repeats: int = REPEATS) -> Path:
    """Measure and write `results/product.json`. Bars are for 2 cores, after installation."""
    demos: list[Run] = []
    days: list[Run] = []
    nothing: list[Run] = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            environment = {"TRECHTER_DATA": folder, "DAGSTER_HOME": f"{folder}/dagster"}
            demos.append(run([*TRECHTER, "demo"], environment))
            days.append(run([*TRECHTER, "refresh"], environment))
            nothing.append(run([*TRECHTER, "refresh", "--days", "0"], environment))
    return write(
        "product",
        {
            "demo_from_nothing": summary(demos, 120),
            "refresh_one_day": summary(days, 40),
            "refresh_nothing_new": summary(nothing, 15),
            "peak_megabytes_bar": 2048,
        },
    )

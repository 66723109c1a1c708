"""Running a command and measuring it: seconds, and the memory of the whole process tree at its highest."""

import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from threading import Event, Thread

import psutil

RESULTS = Path(__file__).parent / "results"
SAMPLE_SECONDS = 0.05


@dataclass(frozen=True)
class Run:
    """One run of a command: wall-clock seconds, the highest sum of resident memory over its processes in MB, output."""

    seconds: float
    peak_megabytes: float
    output: str = field(default="", repr=False)


def run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run a command to its end. Raises CalledProcessError, with its output, when it fails."""
    # As its users' Python does, the command's keeps what it has compiled, whatever this shell is set to.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env={**inherited, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    peak = _Peak(process.pid)
    output, _ = process.communicate()
    seconds = time.perf_counter() - started
    megabytes = peak.stop()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Run(round(seconds, 2), round(megabytes, 1), output.decode(errors="replace"))


def summary(runs: Sequence[Run], at_most_seconds: float | None = None) -> dict[str, object]:
    """Median, and every run, beside the bar if there is one."""
    seconds = statistics.median(run.seconds for run in runs)
    return {
        "median_seconds": seconds,
        "seconds": [run.seconds for run in runs],
        "peak_megabytes": max(run.peak_megabytes for run in runs),
        **({"bar_seconds": at_most_seconds, "within_bar": seconds <= at_most_seconds} if at_most_seconds else {}),
    }


def write(name: str, figures: Mapping[str, object]) -> Path:
    """Write figures to `results/<name>.json`, with the machine and the versions they were measured on."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    packages = ("dagster", "dbt-core", "dbt-duckdb", "duckdb", "google-analytics-data", "simple-salesforce", "pyarrow")
    described = {
        "machine": {
            "cores": len(os.sched_getaffinity(0)),
            "memory_gigabytes": round(psutil.virtual_memory().total / 2**30),
            "python": platform.python_version(),
            "system": platform.system(),
        },
        "versions": {package: version(package) for package in packages},
        "figures": figures,
    }
    path.write_text(json.dumps(described, indent=2) + "\n")
    return path


class _Peak:
    """Watches a process and its descendants from a thread."""

    def __init__(self, pid: int) -> None:
        self._done = Event()
        self._highest = 0.0
        self._thread = Thread(target=self._watch, args=(pid,), daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._done.set()
        self._thread.join()
        return self._highest

    def _watch(self, pid: int) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            self._highest = max(self._highest, _megabytes(pid))


def _megabytes(pid: int) -> float:
    """Resident memory of a process and its descendants; those that have just ended count as nothing."""
    try:
        root = psutil.Process(pid)
        processes = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    total = 0
    for process in processes:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 2**20

"""A writer may die anywhere: what was committed before stays readable, and the next try succeeds."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from connectors.landing import Landing, files
from connectors.landing.manifest import Manifest
from tests.connectors.landing.samples import NOW, VISITS, content, day, days, visits

JUNE = "2026-06"
BEFORE, AFTER = visits((day(1), "/a", 1)), visits((day(1), "/a", 2))


class Killed(BaseException):
    """Stands for SIGKILL at a step: nothing catches it, nothing after it runs."""


def dying(*_: Any, **__: Any) -> None:
    raise Killed


def after(step: Callable[..., Any]) -> Callable[..., Any]:
    def run(*arguments: Any, **named: Any) -> None:
        step(*arguments, **named)
        raise Killed

    return run


STEPS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "before the load number": (Manifest, "next_load_seq", dying),
    "before writing": (pq, "write_table", dying),
    "after writing": (pq, "write_table", after(pq.write_table)),
    "before the first fsync": (files, "sync_to_disk", dying),
    "while checking": (files, "_verify", dying),
    "before renaming": (Path, "replace", dying),
    "after renaming": (Path, "replace", after(Path.replace)),
    "before the manifest": (Manifest, "commit", dying),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_writer_that_dies_leaves_what_was_there_and_the_next_one_succeeds(
    landing: Landing, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing.replace_windows(VISITS, "nl", JUNE, BEFORE, days(1))
    version = landing.version()
    with monkeypatch.context() as patched:
        owner, name, replacement = STEPS[step]
        patched.setattr(owner, name, replacement)
        with pytest.raises(Killed):
            landing.replace_windows(VISITS, "nl", JUNE, AFTER, days(1))
    assert content(landing, VISITS) == [(day(1), "/a", 1)]
    assert landing.version() == version
    landing.replace_windows(VISITS, "nl", JUNE, AFTER, days(1))
    assert content(landing, VISITS) == [(day(1), "/a", 2)]


def test_a_transaction_that_dies_halfway_is_rolled_back(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    landing.replace_windows(VISITS, "nl", JUNE, BEFORE, days(1))
    with monkeypatch.context() as patched:
        patched.setattr("connectors.landing.manifest.store_window", dying)
        with pytest.raises(Killed):
            landing.replace_windows(VISITS, "nl", JUNE, AFTER, days(1))
    assert content(landing, VISITS) == [(day(1), "/a", 1)]


def test_the_sweep_removes_what_dead_writers_left_and_nothing_else(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing.replace_windows(VISITS, "nl", JUNE, BEFORE, days(1))
    with monkeypatch.context() as patched:
        patched.setattr(Manifest, "commit", dying)
        with pytest.raises(Killed):
            landing.replace_windows(VISITS, "nl", JUNE, AFTER, days(1))
    (landing.root / ".staging" / "web-left.parquet").write_bytes(b"half a file")
    for path in landing.root.rglob("*.parquet"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert landing.sweep(NOW + timedelta(minutes=59), timedelta(hours=1)) == ()
    assert len(landing.sweep(NOW + timedelta(minutes=60), timedelta(hours=1))) == 2
    assert content(landing, VISITS) == [(day(1), "/a", 1)]


def test_readers_of_replaced_files_can_finish(landing: Landing) -> None:
    landing.replace_windows(VISITS, "nl", JUNE, BEFORE, days(1))
    [old] = landing.files("web", "visits")
    landing.replace_windows(VISITS, "nl", JUNE, AFTER, days(1))
    assert pq.ParquetFile(old.path).read()["visits"].to_pylist() == [1]


WRITER = """
import sys
from pathlib import Path
from connectors.landing import Landing
from tests.connectors.landing.samples import NOW, VISITS, day, days, visits

landing = Landing(Path(sys.argv[1]), lambda: NOW)
mine = [int(number) for number in sys.argv[3:]]
print("ready", flush=True)
for value in range(int(sys.argv[2])):
    for number in mine:
        landing.replace_windows(VISITS, "nl", "2026-06", visits((day(number), "/a", value)), days(number))
"""


def start_writer(root: Path, rounds: int, *numbers: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(WRITER), str(root), str(rounds), *map(str, numbers)]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3])


def test_two_processes_writing_days_of_one_month_lose_nothing(tmp_path: Path) -> None:
    writers = [start_writer(tmp_path, 8, 1, 2), start_writer(tmp_path, 8, 3, 4)]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    landing = Landing(tmp_path, lambda: NOW)
    assert content(landing, VISITS) == [(day(number), "/a", 7) for number in (1, 2, 3, 4)]
    assert landing.version() == 2 * 2 * 8


def test_a_process_killed_at_any_moment_leaves_a_landing_that_can_be_read_and_written(tmp_path: Path) -> None:
    for attempt in range(6):
        writer = start_writer(tmp_path, 10_000, 1, 2)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.02 + 0.013 * attempt)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        landing = Landing(tmp_path, lambda: NOW)
        for file in landing.files("web", "visits"):
            assert pq.ParquetFile(file.path).metadata.num_rows == file.rows
        assert len(landing.read(VISITS)) == sum(w.rows for w in landing.windows("web", "visits", "nl"))
    landing.replace_windows(VISITS, "nl", JUNE, visits((day(1), "/z", 1), (day(2), "/z", 1)), days(1, 2))
    assert content(landing, VISITS) == [(day(1), "/z", 1), (day(2), "/z", 1)]

"""Two builds never work on one database at the same time."""

import multiprocessing
import threading
import time
from pathlib import Path

from dagster_project.lib.single_writer import SingleWriter


def test_a_second_build_says_that_it_waits_and_goes_on_when_the_first_is_done(tmp_path: Path) -> None:
    first, second = SingleWriter(tmp_path / "w.duckdb"), SingleWriter(tmp_path / "w.duckdb")
    said, done = threading.Event(), threading.Event()
    first.acquire(waiting=lambda: None)

    def build() -> None:
        second.acquire(waiting=said.set)
        done.set()

    thread = threading.Thread(target=build)
    thread.start()
    assert said.wait(5)
    assert not done.is_set()
    first.release()
    thread.join()
    assert done.is_set()
    second.release()


def test_taking_the_right_twice_is_taking_it_once(tmp_path: Path) -> None:
    writer = SingleWriter(tmp_path / "w.duckdb")
    for _ in range(2):
        writer.acquire(waiting=lambda: None)
    writer.release()
    writer.release()


def _take_and_sleep(database: Path) -> None:
    SingleWriter(database).acquire(waiting=lambda: None)
    time.sleep(60)


def test_a_killed_build_leaves_no_lock_behind(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_take_and_sleep, args=(tmp_path / "w.duckdb",))
    process.start()
    while not (tmp_path / "build.lock").exists():
        time.sleep(0.02)
    process.kill()
    process.join()
    said: list[bool] = []
    SingleWriter(tmp_path / "w.duckdb").acquire(waiting=lambda: said.append(True))

"""dbt loads while the working database is prepared, and opens it only when that is done."""

import multiprocessing
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dagster_project.lib.preparing import NotPrepared, preparing, wait_until_prepared

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "w.duckdb"


def test_whoever_waits_goes_on_when_all_is_ready(database: Path) -> None:
    steps: list[str] = []

    def wait() -> None:
        wait_until_prepared(database)
        steps.append("opened")

    with preparing(database):
        thread = threading.Thread(target=wait)
        thread.start()
        thread.join(0.2)
        steps.append("prepared")
    thread.join()
    assert steps == ["prepared", "opened"]
    wait_until_prepared(database)


def test_a_database_that_no_build_has_prepared_is_not_waited_for(database: Path) -> None:
    wait_until_prepared(database)


def test_nobody_goes_on_when_preparing_fails_until_it_has_been_done(database: Path) -> None:
    with preparing(database):
        pass
    with pytest.raises(ValueError, match="no rates"), preparing(database):
        raise ValueError("no rates")
    with pytest.raises(NotPrepared, match="trechter refresh"):
        wait_until_prepared(database)
    with preparing(database):
        pass
    wait_until_prepared(database)


def _prepare_and_sleep(database: Path) -> None:
    with preparing(database):
        database.touch()
        time.sleep(60)


def test_nobody_goes_on_when_whoever_prepares_is_killed(database: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_prepare_and_sleep, args=(database,))
    process.start()
    while not database.exists():
        assert process.is_alive(), "it prepares until it is killed"
        time.sleep(0.02)
    process.kill()
    process.join()
    with pytest.raises(NotPrepared):
        wait_until_prepared(database)


@pytest.mark.parametrize(
    ("arguments", "code", "says"), [(["--version"], 0, "Core:"), (["no-such-command"], 2, "Error")]
)
def test_dbt_started_by_a_build_says_what_it_says_and_ends_as_it_ends(
    arguments: list[str], code: int, says: str
) -> None:
    program = Path(sys.executable).with_name("trechter-dbt")
    run = subprocess.run(
        [program, *arguments], check=False, capture_output=True, text=True, cwd=CHECKOUT / "dbt_project"
    )
    assert run.returncode == code
    assert says in run.stdout + run.stderr

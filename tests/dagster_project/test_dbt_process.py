"""dbt is started before it is known what it has to build."""

import time
from pathlib import Path

import psutil
import pytest

from dagster_project.lib.dbt_process import DbtProcess, dbt_executable
from dagster_project.settings import Settings

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def dbt(tmp_path: Path) -> DbtProcess:
    return DbtProcess(Settings(CHECKOUT, tmp_path / "data"))


def _children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "--told-later" in child.cmdline()]


@pytest.mark.parametrize("is_expected", [True, False])
def test_dbt_runs_what_it_is_told_whether_it_was_expected_or_not(dbt: DbtProcess, is_expected: bool) -> None:
    if is_expected:
        dbt.load()
    process = dbt.run(["--version"])
    output, _ = process.communicate()
    assert b"Core:" in output
    assert process.returncode == 0
    assert process.args == [dbt_executable(), "--version"]


def test_dbt_ends_as_dbt_does_and_says_why(dbt: DbtProcess) -> None:
    process = dbt.run(["build", "--no-such-option"])
    output, _ = process.communicate()
    assert b"No such option" in output
    assert process.returncode == 2


def test_a_process_for_each_command(dbt: DbtProcess) -> None:
    processes = [dbt.run(["--version"]), dbt.run(["--version"])]
    assert len({process.pid for process in processes}) == 2
    assert [process.wait() for process in processes] == [0, 0]


def test_it_loads_once_and_nothing_is_left_when_no_build_was_due(dbt: DbtProcess) -> None:
    before = len(_children())
    dbt.load()
    dbt.load()
    assert len(_children()) == before + 1
    dbt.drop()
    dbt.drop()
    assert len(_children()) == before


def test_it_ends_by_itself_when_whoever_started_it_is_gone(dbt: DbtProcess) -> None:
    dbt.load()
    waiting = dbt.loading
    assert waiting is not None
    assert waiting.stdin is not None
    waiting.stdin.close()
    waiting.stdin = None
    assert waiting.wait(timeout=60) == 0
    dbt.drop()


def test_a_dbt_that_cannot_start_says_so_in_its_output(dbt: DbtProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    dbt.load()
    while dbt.loading is not None and dbt.loading.poll() is None:
        time.sleep(0.02)
    process = dbt.run(["--version"])
    output, _ = process.communicate()
    assert process.returncode != 0
    assert b"encodings" in output

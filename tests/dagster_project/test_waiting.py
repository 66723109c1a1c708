"""A quota that is waited for is shown where people look: in the run's log, and on the screen."""

from typing import cast

import dagster as dg
import pytest
import typer

from dagster_project.commands.work import Display, _ending_cleanly
from dagster_project.lib.ga4_assets import _announce
from dagster_project.lib.refresh import stop_if_interrupted
from dagster_project.lib.session import Session

TEXT = "waits until 07:00 UTC: 1300 of 14000 tokens per project per hour are left"


class Watched:
    """The part of a session that is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def notice(self, unit: str, text: str) -> None:
        self.told.append((unit, text))


def test_a_wait_is_in_the_runs_log_and_told_to_the_display(capfd: pytest.CaptureFixture[str]) -> None:
    watched = Watched()
    _announce(dg.build_asset_context(), cast(Session, watched), "ga4 nl", TEXT)
    assert f"WARNING - system - ga4 nl {TEXT}" in capfd.readouterr().err
    assert watched.told == [("ga4 nl", TEXT)]


def test_a_wait_stays_on_the_screen_also_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Display() as display:
        display.notice("ga4 nl", TEXT)
    assert TEXT in capsys.readouterr().err


@pytest.mark.parametrize("error", [dg.DagsterExecutionInterruptedError, ValueError])
def test_ctrl_c_in_one_run_ends_the_runs_to_come_and_a_failure_does_not(error: type[BaseException]) -> None:
    @dg.op
    def pull() -> None:
        raise error

    @dg.job
    def country() -> None:
        pull()

    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    result = country.execute_in_process(run_config=quiet, raise_on_error=False)
    assert not result.success
    if error is ValueError:
        stop_if_interrupted(result)
        return
    with pytest.raises(KeyboardInterrupt):
        stop_if_interrupted(result)


def test_somebody_who_presses_ctrl_c_is_told_that_nothing_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, _ending_cleanly():
        raise KeyboardInterrupt
    assert ended.value.exit_code == 130
    assert "What has landed stays" in capsys.readouterr().err

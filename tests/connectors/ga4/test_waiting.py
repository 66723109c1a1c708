"""Waiting for an hourly quota: it is said for what and until when, and can be ended; processes share what they know."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.errors import ConnectorError, QuotaExhausted, Stopped
from connectors.ga4.client import GA4Client
from connectors.ga4.error_log import ErrorLog
from sandbox.faults import Action
from tests.connectors.ga4.world import DAYS, NL, World

HOURLY = "Exhausted property tokens for a project per hour. These quota tokens will return in under an hour."
NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)


def test_it_says_what_is_waited_for_and_until_when(world: World) -> None:
    """GA-02."""
    world.fault(Action(status=429, message=HOURLY), verb="RunReport")
    said: list[str] = []
    world.refresh(on_wait=said.append)
    assert said == [f"waits until 07:00 UTC: {HOURLY}"]
    assert world.slept == [3600.0]


def test_ctrl_c_ends_the_hour_at_once_and_what_has_landed_stays(world: World) -> None:
    """GA-02, in real time."""
    world.refresh(days=DAYS[:3])
    version = world.landing.version()
    world.fault(Action(status=429, message=HOURLY), verb="RunReport", times=0)
    connection = world.connection()
    options = f"--property {NL.ga4_property} --locale nl --time-zone Europe/Amsterdam --currency EUR"
    options += f" --first {DAYS[0]} --last {DAYS[-1]} --endpoint {connection.endpoint} --now 2026-07-01T06:00:00Z"
    secrets = {"GOOGLE_ANALYTICS_CREDENTIALS": connection.credentials_json, "TRECHTER_IDENTITY_KEY": "0123456789abcdef"}
    with subprocess.Popen(
        [sys.executable, "-m", "connectors.ga4", "--into", str(world.landing.root), *options.split()],
        env={**os.environ, **secrets}, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        watchdog = threading.Timer(60, process.kill)
        watchdog.start()
        assert process.stderr is not None
        said = next(line for line in process.stderr if "waits until" in line)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        watchdog.cancel()
    assert said == f"nl waits until 07:00 UTC: {HOURLY}\n"
    assert process.returncode == 130
    assert "Stopped. What has landed stays" in rest
    assert "Traceback" not in rest
    assert world.landing.version() == version


def test_a_client_that_was_stopped_begins_nothing_new(world: World) -> None:
    with world.client() as client:
        client.quota.rests.stop()
        with pytest.raises(Stopped, match="was stopped"):
            client.check(NL.ga4_property)
    assert f"google_analytics/{NL.ga4_property}" not in world.network.meters()


def test_processes_started_one_after_the_other_share_one_allowance_of_server_errors(world: World) -> None:
    """GA-05: ten in an hour lock the project out, whichever of our processes caused them."""
    world.fault(Action(status=503), verb="RunReport", times=0)
    errors: list[ConnectorError] = []
    folder = world.landing.root / ".quota"
    for _ in range(8):
        with GA4Client(
            world.connection(), world.now, sleep=lambda _: None, state=world.landing.root / ".quota"
        ) as process:
            with pytest.raises(ConnectorError) as raised:
                process.check(NL.ga4_property)
            errors.append(raised.value)
    assert isinstance(errors[-1], QuotaExhausted)
    assert errors[-1].resume_at == world.now() + timedelta(hours=1)
    assert world.meter()["server_errors"] == 9
    world.network.faults.clear()
    world.network.clock.advance(seconds=3_601)
    with GA4Client(world.connection(), world.now, state=folder) as process:
        process.check(NL.ga4_property)


def test_errors_noted_by_many_processes_at_once_are_all_counted(tmp_path: Path) -> None:
    """GA-05."""
    code = (
        "import sys; from datetime import datetime; from pathlib import Path; from connectors.ga4.error_log import"
        " ErrorLog; log = ErrorLog(Path(sys.argv[1]), '310000001')\n"
        "for _ in range(20): log.add(datetime.fromisoformat(sys.argv[2]))"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), NOW.isoformat()]) for _ in range(3)]
    assert [process.wait(timeout=60) for process in started] == [0, 0, 0]
    log = ErrorLog(tmp_path, "310000001")
    assert log.count(NOW) == 60
    assert log.count(NOW + timedelta(hours=1)) == 0
    assert ErrorLog(tmp_path, "310000002").count(NOW) == 0


def test_a_log_that_a_killed_process_left_half_written_still_counts(tmp_path: Path) -> None:
    """GA-05, OP-02."""
    log = ErrorLog(tmp_path, "../31")
    log.add(NOW)
    [path] = tmp_path.iterdir()
    path.write_text(path.read_text() + "2026-07-01T06:0")
    assert log.count(NOW) == 1

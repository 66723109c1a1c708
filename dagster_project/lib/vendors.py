"""Whom the connectors talk to: the real vendors, or the sandbox's, which are started for as long as they are needed."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import IO, Any

import requests

from dagster_project.config import Config
from dagster_project.config.models import Project
from dagster_project.settings import Settings

Clock = Callable[[], datetime]
_CONTROL_TIMEOUT_SECONDS = 10
SANDBOX_HOUR = time(6, tzinfo=UTC)
"""The hour at which it always is "today" in the sandbox."""


class SandboxFailed(Exception):
    """The sandbox's vendors did not start."""


@contextmanager
def vendors(settings: Settings, config: Config) -> Iterator[tuple[Settings, Clock]]:
    """The settings to reach the vendors with, and the clock that goes with them.

    In live mode these are the settings as they are and the real clock. In sandbox mode the company's vendors are
    started on this machine, with their own secrets and their own calendar, and stopped at the end.
    """
    if config.project.mode == "live":
        yield settings, real_clock
        return
    with _serving(settings.sandbox, config.project) as address:
        now = _now(address["control"])
        endpoints = {**address["endpoints"], "control": address["control"]}
        yield settings.with_vendors(endpoints, address["env"]), lambda: now


def advance_calendar(settings: Settings, days: int) -> datetime:
    """Move the sandbox company's calendar on. Returns its new present instant."""
    answer = requests.post(
        settings.endpoints["control"] + "/clock", json={"advance_days": days}, timeout=_CONTROL_TIMEOUT_SECONDS
    )
    answer.raise_for_status()
    return _instant(answer.json()["now"])


def present(settings: Settings, config: Config) -> datetime:
    """The instant it is for this project, without starting anything: the real one, or the sandbox calendar's."""
    if config.project.mode == "live":
        return real_clock()
    calendar = settings.sandbox / "clock.json"
    if not calendar.is_file():
        raise SandboxFailed("The sandbox company has no calendar yet. Run `trechter demo` first.")
    today = date.fromisoformat(json.loads(calendar.read_text())["today"])
    return datetime.combine(today, SANDBOX_HOUR)


def real_clock() -> datetime:
    """The present instant of this machine, for records of when something was done; never for what a number means."""
    return datetime.now(UTC)


def _now(control: str) -> datetime:
    answer = requests.get(control + "/clock", timeout=_CONTROL_TIMEOUT_SECONDS)
    answer.raise_for_status()
    return _instant(answer.json()["now"])


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@contextmanager
def _serving(state: Path, project: Project) -> Iterator[dict[str, Any]]:
    """The sandbox as a process of its own; it ends with us, even when we are killed, since it watches its stdin."""
    state.mkdir(parents=True, exist_ok=True)
    errors = state / "serve.log"
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "sandbox", "serve", "--until-stdin-closes"),
                *("--state", str(state), "--scale", str(project.sandbox_scale)),
                *(["--incidents"] if project.sandbox_incidents else []),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield _address(process.stdout, errors)
        finally:
            process.stdin.close()
            process.stdout.close()
            process.wait(timeout=30)


def _address(stdout: IO[str], errors: Path) -> dict[str, Any]:
    for line in stdout:
        if line.startswith("{"):
            address: dict[str, Any] = json.loads(line)
            return address
    raise SandboxFailed(f"The sandbox's vendors did not start; {errors} says why.")

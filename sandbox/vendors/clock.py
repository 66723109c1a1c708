"""The sandbox's calendar: a clock that only moves when it is told to.

A day begins at 06:00 UTC, after the night's commits and before the European Central Bank publishes. Inside a day the
clock moves by seconds, for what quotas give back with time. No vendor here reads the wall clock.
"""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sandbox.company.locales import FIRST_DAY, LAST_DAY

DEMO_TODAY = date(2026, 7, 1)
TIME_OF_DAY = time(6, 0, tzinfo=UTC)


class VirtualClock:
    """The instant all vendors agree on, kept in ``<state>/clock.json`` so that a restart resumes it."""

    def __init__(self, path: Path, today: date | None = None) -> None:
        """``today`` overrides what the file says; without either it is the demo's day. Raises ValueError as ``set``."""
        self._path = path
        self._lock = threading.Lock()
        self._now = _morning(today) if today else _read(path) or _morning(DEMO_TODAY)
        self._write()

    @property
    def today(self) -> date:
        """The current UTC day."""
        return self._now.date()

    @property
    def now(self) -> datetime:
        """The current instant, in UTC."""
        return self._now

    def advance(self, days: int = 0, *, seconds: float = 0.0) -> None:
        """Move on: to 06:00 of a later day, or by seconds. Raises ValueError for a clock that would not move on."""
        if (days < 1 and not seconds) or days < 0 or seconds < 0:
            raise ValueError(f"the clock moves on, by at least 1 day or by seconds, not by {days} and {seconds}")
        with self._lock:
            start = _morning(self.today + timedelta(days=days)) if days else self._now
            later = start + timedelta(seconds=seconds)
            _inside(later.date())
            self._now = later
            self._write()

    def set(self, today: date) -> None:
        """Move to a day's 06:00, and remember it. Raises ValueError for a day the company has no data of."""
        with self._lock:
            self._now = _morning(today)
            self._write()

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        content = {"today": self.today.isoformat()}
        if self._now != _morning(self.today):
            content["now"] = self._now.isoformat()
        staging = self._path.with_suffix(".json.new")
        staging.write_text(json.dumps(content))
        os.replace(staging, self._path)


def _morning(today: date) -> datetime:
    return datetime.combine(_inside(today), TIME_OF_DAY)


def _inside(today: date) -> date:
    if not FIRST_DAY <= today <= LAST_DAY:
        raise ValueError(f"{today} is outside the company's days, {FIRST_DAY} to {LAST_DAY}")
    return today


def _read(path: Path) -> datetime | None:
    if not path.exists():
        return None
    content = json.loads(path.read_text())
    if "now" in content:
        return datetime.fromisoformat(content["now"])
    return _morning(date.fromisoformat(content["today"]))

"""The sandbox's calendar: a day that only moves when it is told to.

The time of day is always 06:00 UTC, after the night's commits and before the European Central Bank publishes.
No vendor here reads the wall clock.
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
    """The day all vendors agree on, kept in ``<state>/clock.json`` so that a restart resumes it."""

    def __init__(self, path: Path, today: date | None = None) -> None:
        """``today`` overrides what the file says; without either it is the demo's day. Raises ValueError as ``set``."""
        self._path = path
        self._lock = threading.Lock()
        self._today = _inside(today or _read(path) or DEMO_TODAY)
        self._write()

    @property
    def today(self) -> date:
        """The current UTC day."""
        return self._today

    @property
    def now(self) -> datetime:
        """The current instant, in UTC."""
        return datetime.combine(self._today, TIME_OF_DAY)

    def advance(self, days: int) -> None:
        """Move on by whole days. Raises ValueError for a clock that would stand still or run back."""
        if days < 1:
            raise ValueError(f"advance_days must be at least 1, not {days}")
        self.set(self._today + timedelta(days=days))

    def set(self, today: date) -> None:
        """Move to a day, and remember it. Raises ValueError for a day the company has no data of."""
        with self._lock:
            self._today = _inside(today)
            self._write()

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        staging = self._path.with_suffix(".json.new")
        staging.write_text(json.dumps({"today": self._today.isoformat()}))
        os.replace(staging, self._path)


def _inside(today: date) -> date:
    if not FIRST_DAY <= today <= LAST_DAY:
        raise ValueError(f"{today} is outside the company's days, {FIRST_DAY} to {LAST_DAY}")
    return today


def _read(path: Path) -> date | None:
    if not path.exists():
        return None
    return date.fromisoformat(json.loads(path.read_text())["today"])

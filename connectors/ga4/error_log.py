"""Server errors of the last hour, shared by all processes that read a property: ten lock the whole project out."""

from __future__ import annotations

import fcntl
import re
from datetime import datetime
from pathlib import Path

from connectors.ga4.meters import HOUR

FOLDER = ".quota"
"""Beside the landed data: who lands there shares the log."""


class ErrorLog:
    """When the server broke down, one instant (UTC) a line in a file of the property; without a file only ours.

    A process that is started anew after a failure would otherwise begin with a full allowance each time.
    """

    def __init__(self, folder: Path | None, property_id: str) -> None:
        self._path = folder / f"{re.sub(r'[^0-9A-Za-z]', '_', property_id)}.errors" if folder else None
        self._mine: list[datetime] = []

    def add(self, at: datetime) -> None:
        """Note an error, and forget those that no longer count."""
        if self._path is None:
            self._mine.append(at)
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._path.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            recent = _recent(_instants(file.read()), at)
            file.truncate(0)
            file.writelines(f"{instant.isoformat()}\n" for instant in (*recent, at))

    def count(self, now: datetime) -> int:
        """How many there were in the hour before ``now``."""
        if self._path is None:
            self._mine = _recent(self._mine, now)
            return len(self._mine)
        try:
            with self._path.open(encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_SH)
                return len(_recent(_instants(file.read()), now))
        except FileNotFoundError:
            return 0


def _recent(instants: list[datetime], now: datetime) -> list[datetime]:
    return [instant for instant in instants if now - instant < HOUR]


def _instants(text: str) -> list[datetime]:
    """The lines that are instants: a process killed while it wrote leaves a part of one."""
    found = []
    for line in text.splitlines():
        try:
            found.append(datetime.fromisoformat(line))
        except ValueError:
            continue
    return [instant for instant in found if instant.tzinfo]

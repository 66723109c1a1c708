"""One build at a time: from preparing the working database to publishing what was made of it.

Without this a second build could change what the first is about to publish. The lock is the operating system's, on a
file beside the database, so a killed process cannot leave it behind.
"""

import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import IO


class SingleWriter:
    """The right to write one working database."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name("build.lock")
        self._held: IO[str] | None = None

    def acquire(self, waiting: Callable[[], None]) -> None:
        """Take the right, after whoever has it; `waiting` is called once if somebody has. Taking it twice is once."""
        if self._held is not None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = self._path.open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        self._held = lock

    def release(self) -> None:
        """Give the right back, if it is held."""
        if self._held is not None:
            self._held.close()
            self._held = None

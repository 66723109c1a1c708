"""What has been told to whom. Kept on disk, so that a restart tells nothing twice and forgets nothing.

A notice is written down as `sending` before it is sent and as `told` once it was taken. Whatever is found `sending` may
have been taken or not: it is sent again, with the same message id, since twice is better than never.
"""

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

Event = Literal["began", "over"]

_TABLE = """
    CREATE TABLE IF NOT EXISTS notices (
        destination TEXT NOT NULL, recipient TEXT NOT NULL, signal_id TEXT NOT NULL, event TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('sending', 'told')), changed_at TEXT NOT NULL, said TEXT NOT NULL,
        PRIMARY KEY (destination, recipient, signal_id, event)
    ) STRICT"""


@dataclass(frozen=True)
class Notice:
    """That a signal began or is over, for one recipient. `said` is what it says, kept for the day it is over."""

    destination: str
    recipient: str
    signal_id: str
    event: Event
    said: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.destination, self.recipient, self.signal_id, self.event


class Ledger:
    """The record of notices. Only one process at a time may be telling (see `open_ledger`)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def told(self) -> dict[tuple[str, str, str, str], Notice]:
        """Everything that was told, by its key."""
        rows = self._connection.execute(
            "SELECT destination, recipient, signal_id, event, said FROM notices WHERE state = 'told'"
        )
        notices = [Notice(*row) for row in rows]
        return {notice.key: notice for notice in notices}

    def note(self, notices: Iterable[Notice], state: Literal["sending", "told"], now: datetime) -> None:
        """Write down that these are being sent, or were taken: all of them, or none."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO notices VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(*notice.key, state, now.isoformat(), notice.said) for notice in notices],
            )


@contextmanager
def open_ledger(folder: Path) -> Iterator[Ledger]:
    """The ledger in `folder`, made if need be, for this process alone: others wait until it is closed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "telling.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with closing(sqlite3.connect(folder / "ledger.sqlite")) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(_TABLE)
            yield Ledger(connection)

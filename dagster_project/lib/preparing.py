"""The working database while it is made ready: dbt, which reads the project meanwhile, waits for it.

The lock is the operating system's, on a file beside the database, so a killed process cannot leave it behind; what the
file says tells a preparation that was finished from one that was cut short.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

READY = "ready"


class NotPrepared(RuntimeError):
    """The working database was left half prepared."""


@contextmanager
def preparing(database: Path) -> Iterator[None]:
    """Hold back whoever waits for a working database to be ready; for good, if the block is not left in good order."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with _lock(database).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        yield
        lock.write(READY)


def wait_until_prepared(database: Path) -> None:
    """Return once a working database is ready, or at once if no build is about to make it so.

    Raises NotPrepared when whoever was about to has failed or was killed.
    """
    if not _lock(database).is_file():
        return
    with _lock(database).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        if lock.read() != READY:
            raise NotPrepared(f"{database.name} was left half prepared: run `trechter refresh`, which prepares it anew")


def _lock(database: Path) -> Path:
    return database.with_name("prepared.lock")

"""Bulk jobs on disk, so that a killed process leaves none behind: they count against 10,000 a day and 1 TB of results.

One file a job, locked by the process that works on it for as long as it lives: what can be locked has no owner. A job
about to be created is announced by a file as well, since a process can be killed before it knows the job's Id.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from connectors.errors import ConnectorError, SourceUnavailable

FOLDER = ".jobs"
ANNOUNCED = ".announced"


@dataclass(frozen=True, slots=True)
class Orphan:
    """A job whose process has died, and the hash of its query."""

    job_id: str
    query_hash: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A job that may have been created, at about ``at`` (UTC), by a request whose answer nobody heard."""

    file: Path
    object_name: str
    at: datetime


class JobLedger:
    """The jobs of one org under a landing's root. Holds ids and hashes only, never a query."""

    def __init__(self, root: Path, connection: str) -> None:
        self._folder = root / FOLDER / connection
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def own(self, job_id: str, query: str) -> Iterator[None]:
        """Write a job down and hold it for the duration of the block, which ends with ``forget`` once it is deleted."""
        path = self._folder / f"{job_id}.json"
        with path.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.truncate(0)
            file.write(json.dumps({"query": query_hash(query)}))
            file.flush()
            os.fsync(file.fileno())
            yield

    @contextmanager
    def announced(self, object_name: str, at: datetime) -> Iterator[None]:
        """Around the creation of a job, and its being written down. The announcement stays when nobody knows whether
        there is a job: after a kill, or a request without an answer."""
        handle, name = tempfile.mkstemp(suffix=ANNOUNCED, dir=self._folder)
        path = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            json.dump({"object": object_name, "at": at.isoformat()}, file)
            file.flush()
            os.fsync(file.fileno())
            try:
                yield
            except SourceUnavailable:
                raise
            except ConnectorError:
                path.unlink()
                raise
            path.unlink()

    def forget(self, job_id: str) -> None:
        """A job that no longer exists."""
        (self._folder / f"{job_id}.json").unlink(missing_ok=True)

    def adopt(self, job_id: str) -> None:
        """Write down a job that nobody works on, unless it is there already."""
        with (self._folder / f"{job_id}.json").open("a"):
            pass

    def lost(self) -> tuple[Lost, ...]:
        """Announcements whose process has died, or has given up."""
        return tuple(filter(None, map(_lost, sorted(self._folder.glob(f"*{ANNOUNCED}")))))

    def orphans(self) -> tuple[Orphan, ...]:
        """Jobs nobody works on any more."""
        return tuple(filter(None, map(_orphan, sorted(self._folder.glob("*.json")))))


def query_hash(query: str) -> str:
    """Names a query without telling it."""
    return hashlib.sha256(query.encode()).hexdigest()


def _orphan(path: Path) -> Orphan | None:
    with suppress(FileNotFoundError), path.open("r+", encoding="utf-8") as file:
        if not _is_free(file):
            return None
        try:
            return Orphan(path.stem, str(json.load(file)["query"]))
        except (ValueError, KeyError):  # killed while it was written
            return Orphan(path.stem, "")
    return None


def _lost(path: Path) -> Lost | None:
    with suppress(FileNotFoundError), path.open("r+", encoding="utf-8") as file:
        if not _is_free(file):
            return None
        try:
            said = json.load(file)
            return Lost(path, str(said["object"]), datetime.fromisoformat(said["at"]))
        except (ValueError, KeyError):  # killed while it was written, so before anything was asked for
            path.unlink()
    return None


def _is_free(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

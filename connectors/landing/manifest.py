"""The manifest: a SQLite file that says which data files and windows exist. One transaction a commit."""

from __future__ import annotations

import sqlite3
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.landing.dataset import Dataset, LandedFile, LandedWindow, LandingState
from connectors.landing.records import RECORDS_SELECTED
from connectors.landing.window_rows import WINDOWS, landed_window, store_window

BUSY_SECONDS = 60.0

SCHEMA = """
create table if not exists segments (
    source text not null, stream text not null, scope text not null, segment text not null,
    path text not null, rows integer not null, bytes integer not null, content_hash text not null,
    load_seq integer not null default 0,
    primary key (source, stream, scope, segment)
);
create table if not exists windows (
    source text not null, stream text not null, scope text not null, segment text not null, window_id text not null,
    window_start text not null, window_end text not null, state text not null, rows integer not null,
    content_hash text not null, metadata text not null, loaded_at text not null,
    primary key (source, stream, scope, window_start, window_end)
);
create table if not exists counters (name text primary key, value integer not null);
insert or ignore into counters values ('version', 0), ('load_seq', 0);
"""

FILES = (
    "select source, stream, scope, segment, path, rows, bytes, content_hash, load_seq from segments"
    " where source = coalesce(?, source) and stream = coalesce(?, stream) and scope = coalesce(?, scope)"
    " order by source, stream, scope, segment"
)
VERSION = "select value from counters where name = 'version'"


class SegmentMoved(Exception):
    """Another writer replaced a segment between reading and committing it."""


@dataclass(frozen=True, slots=True)
class SegmentUpdate:
    """Compare-and-swap of one segment: from ``expected_path`` (None: nothing there) to ``file`` (None: keep it)."""

    segment: str
    expected_path: str | None
    file: LandedFile | None = None


class Manifest:
    """Reads and commits; safe for threads and processes. ``root`` is the landing's folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / "manifest.sqlite"
        self._prepare()
        # SQLite checkpoints its log when the last connection closes; one held open saves every commit that.
        anchor = sqlite3.connect(self._path, timeout=BUSY_SECONDS, check_same_thread=False)
        anchor.execute("select count(*) from counters").fetchall()
        weakref.finalize(self, anchor.close)

    def _prepare(self) -> None:
        """Create the tables; several processes may do so at once, and switching to WAL does not wait its turn."""
        for attempt in range(50):
            try:
                with self._connect() as connection:
                    if connection.execute("pragma journal_mode").fetchone()[0] != "wal":
                        connection.execute("pragma journal_mode = wal")
                    connection.executescript(SCHEMA)
                    _add_load_seq(connection)
                return
            except sqlite3.OperationalError:
                if attempt == 49:
                    raise
                time.sleep(0.05)

    @contextmanager
    def _connect(self, synchronous: str = "full") -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
            connection.execute(f"pragma synchronous = {synchronous}")
            yield connection

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._connect() as connection:
            return connection.execute(query, values).fetchall()

    def version(self) -> int:
        """Grows with every commit that changed what readers see."""
        return int(self._rows(VERSION)[0][0])

    def state(self) -> LandingState:
        """Version, files and windows of one moment, whoever commits meanwhile."""
        with self._connect() as connection:
            connection.execute("begin")
            [(version,)] = connection.execute(VERSION).fetchall()
            files = connection.execute(FILES, (None, None, None)).fetchall()
            windows = connection.execute(RECORDS_SELECTED).fetchall()
            connection.execute("commit")
        return LandingState(version, tuple(map(self._landed_file, files)), windows)

    def next_load_seq(self) -> int:
        """A number greater than any given before. Not fsynced alone: a later commit's fsync covers it."""
        with self._connect("normal") as connection:
            statement = "update counters set value = value + 1 where name = 'load_seq' returning value"
            return int(connection.execute(statement).fetchall()[0][0])

    def files(self, source: str, stream: str, scope: str | None = None) -> tuple[LandedFile, ...]:
        """The current files of a dataset, by scope and segment."""
        return tuple(self._landed_file(row) for row in self._rows(FILES, source, stream, scope))

    def paths(self) -> set[str]:
        """Every path referred to, relative to the root."""
        return {row[0] for row in self._rows("select path from segments")}

    def windows(
        self,
        source: str | None = None,
        stream: str | None = None,
        scope: str | None = None,
        segment: str | None = None,
    ) -> tuple[LandedWindow, ...]:
        """Windows, oldest first; of one dataset, scope and segment where given."""
        return tuple(landed_window(row) for row in self._rows(WINDOWS, source, stream, scope, segment))

    def base_segment(self, dataset: Dataset, scope: str) -> str | None:
        """Segment of the first window ever committed to a scope."""
        rows = self._rows(
            "select segment from windows where source = ? and stream = ? and scope = ? order by rowid limit 1",
            dataset.source,
            dataset.stream,
            scope,
        )
        return rows[0][0] if rows else None

    def commit(
        self,
        dataset: Dataset,
        scope: str,
        segments: Sequence[SegmentUpdate],
        windows: Sequence[LandedWindow],
    ) -> int:
        """Swap segments and record windows in one transaction; returns the version after it.

        A window replaces those it covers. Raises SegmentMoved, changing nothing, if a segment is not as expected.
        """
        with self._connect() as connection:
            connection.execute("begin immediate")
            try:
                for update in segments:
                    _expect(connection, dataset, scope, update)
                changed = [_store_file(connection, u.file, self._root) for u in segments if u.file is not None]
                changed += [store_window(connection, dataset, window) for window in windows]
                if any(changed):
                    connection.execute("update counters set value = value + 1 where name = 'version'")
                version = connection.execute(VERSION).fetchone()[0]
                connection.execute("commit")
            except BaseException:
                connection.execute("rollback")
                raise
        return int(version)

    def _landed_file(self, row: tuple[Any, ...]) -> LandedFile:
        source, stream, scope, segment, path, rows, size, content_hash, load_seq = row
        return LandedFile(source, stream, scope, segment, self._root / path, rows, size, content_hash, load_seq)


def _add_load_seq(connection: sqlite3.Connection) -> None:
    """Manifests of earlier versions did not know how far a file's rows go: of those, all rows count as new once."""
    columns = {row[1] for row in connection.execute("pragma table_info(segments)")}
    if "load_seq" not in columns:
        connection.execute("alter table segments add column load_seq integer not null default 0")


def _expect(connection: sqlite3.Connection, dataset: Dataset, scope: str, update: SegmentUpdate) -> None:
    found = connection.execute(
        "select path from segments where source = ? and stream = ? and scope = ? and segment = ?",
        (dataset.source, dataset.stream, scope, update.segment),
    ).fetchone()
    if (found[0] if found else None) != update.expected_path:
        raise SegmentMoved(update.segment)


def _store_file(connection: sqlite3.Connection, file: LandedFile, root: Path) -> bool:
    path = file.path.relative_to(root).as_posix()
    values = (
        file.source,
        file.stream,
        file.scope,
        file.segment,
        path,
        file.rows,
        file.bytes,
        file.content_hash,
    )
    # Whoever rewrites this file reads it first and then draws a number: rows that join it later have greater ones.
    connection.execute(
        "insert or replace into segments"
        " values (?, ?, ?, ?, ?, ?, ?, ?, (select value from counters where name = 'load_seq'))",
        values,
    )
    return True

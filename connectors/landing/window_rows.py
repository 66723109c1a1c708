"""Windows as rows of the manifest: how they are found, replaced, and joined to fewer."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any, cast

from connectors.landing.dataset import Dataset, LandedWindow, State
from connectors.landing.joining import joined

WINDOW_COLUMNS = (
    "source, stream, scope, segment, window_id, window_start, window_end,"
    " state, rows, content_hash, metadata, loaded_at"
)

WINDOWS = (
    f"select {WINDOW_COLUMNS} from windows where source = coalesce(?, source)"
    " and stream = coalesce(?, stream) and scope = coalesce(?, scope) and segment = coalesce(?, segment)"
    " order by source, stream, scope, window_start, window_end"
)
"""Windows, oldest first; of a source, stream, scope and segment where given."""


def store_window(connection: sqlite3.Connection, dataset: Dataset, window: LandedWindow) -> bool:
    """Record a window; True if that changes what readers see (a series' days, states or contents)."""
    start = window.start or ""
    place = (window.source, window.stream, window.scope)
    before = connection.execute(
        "select state, content_hash from windows"
        " where source = ? and stream = ? and scope = ? and window_start = ? and window_end = ?",
        (*place, start, window.end),
    ).fetchone()
    if dataset.kind == "series":
        connection.execute(
            "delete from windows where source = ? and stream = ? and scope = ?"
            " and window_start >= ? and window_end <= ? and not (window_start = ? and window_end = ?)",
            (*place, start, window.end, start, window.end),
        )
    else:
        _join_windows(connection, dataset, window)
    _insert_window(connection, window)
    return dataset.kind == "series" and before != (window.state, window.content_hash)


def _join_windows(connection: sqlite3.Connection, dataset: Dataset, coming: LandedWindow) -> None:
    """Join the windows of changes that are there, but for the one that comes again; it stays by itself, to be seen."""
    place = (coming.source, coming.stream, coming.scope)
    rows = connection.execute(
        f"select {WINDOW_COLUMNS} from windows where source = ? and stream = ? and scope = ?"
        " and not (window_start = ? and window_end = ?)",
        (*place, coming.start or "", coming.end),
    ).fetchall()
    there = [landed_window(row) for row in rows]
    fewer = joined(there, dataset)
    if len(fewer) == len(there):
        return
    for window in set(there) - set(fewer):
        connection.execute(
            "delete from windows where source = ? and stream = ? and scope = ? and window_start = ? and window_end = ?",
            (*place, window.start or "", window.end),
        )
    for window in set(fewer) - set(there):
        _insert_window(connection, window)


def _insert_window(connection: sqlite3.Connection, window: LandedWindow) -> None:
    connection.execute(
        f"insert into windows ({WINDOW_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " on conflict (source, stream, scope, window_start, window_end) do update set window_id = excluded.window_id,"
        " state = excluded.state, rows = excluded.rows, content_hash = excluded.content_hash,"
        " metadata = excluded.metadata, loaded_at = excluded.loaded_at",
        (
            window.source,
            window.stream,
            window.scope,
            window.segment,
            window.window_id,
            window.start or "",
            window.end,
            window.state,
            window.rows,
            window.content_hash,
            window.metadata,
            window.loaded_at.astimezone(UTC).isoformat(),
        ),
    )


def landed_window(row: tuple[Any, ...]) -> LandedWindow:
    """A row of ``WINDOWS`` as the window it is."""
    source, stream, scope, segment, window_id, start, end, state, rows, content_hash, metadata, loaded_at = row
    return LandedWindow(
        source,
        stream,
        scope,
        segment,
        window_id,
        start or None,
        end,
        cast(State, state),
        rows,
        content_hash,
        metadata,
        datetime.fromisoformat(loaded_at),
    )

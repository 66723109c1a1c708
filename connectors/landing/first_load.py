"""The first rows of scopes that have none: written as they come, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.errors import LandingConflict
from connectors.landing.changes import landed_window
from connectors.landing.dataset import ChangeWindow, Commit, Dataset
from connectors.landing.files import SegmentWriter
from connectors.landing.manifest import Manifest, SegmentMoved, SegmentUpdate
from connectors.landing.rows import conform, stamp
from connectors.windows import month_of

BUFFERED_ROWS = 40_000
"""Rows of all scopes kept back to be written together: readers prefer few large row groups."""


class FirstLoad:
    """Changes from the first record on, of scopes in which nothing is landed. Nothing is visible before ``commit``.

    Ids must come once each; that is the caller's to check, for it alone may begin again.
    """

    def __init__(
        self, root: Path, manifest: Manifest, dataset: Dataset, scopes: Sequence[str], end: datetime, connection: str
    ) -> None:
        self._root, self._manifest, self._dataset = root, manifest, dataset
        self._scopes, self._connection = tuple(scopes), connection
        self._window = ChangeWindow(None, end)
        # All changes before the window's end are in months up to its own: one segment a scope.
        self._segment = month_of(end.astimezone(UTC).date())
        self._load_seq = manifest.next_load_seq()
        self._writers: dict[str, SegmentWriter] = {}
        self._waiting: dict[str, list[pa.Table]] = {}

    def add(self, scope: str, rows: pa.Table) -> None:
        """Rows of one scope, content columns only."""
        if len(rows):
            self._waiting.setdefault(scope, []).append(rows)
        waiting = {scope: sum(map(len, tables)) for scope, tables in self._waiting.items()}
        while sum(waiting.values()) > BUFFERED_ROWS:
            largest = max(waiting, key=lambda scope: waiting[scope])
            self._write(largest)
            del waiting[largest]

    def restart(self) -> None:
        """Forget every row."""
        for writer in self._writers.values():
            writer.discard()
        self._writers, self._waiting = {}, {}

    def commit(self, metadata: Mapping[str, Any], loaded_at: datetime) -> dict[str, Commit]:
        """Make it all visible, scope by scope. Raises LandingConflict when somebody landed there meanwhile."""
        for scope in list(self._waiting):
            self._write(scope)
        return {scope: self._commit(scope, metadata, loaded_at) for scope in self._scopes}

    def _commit(self, scope: str, metadata: Mapping[str, Any], loaded_at: datetime) -> Commit:
        writer = self._writers.pop(scope, None)
        file = writer.finish() if writer else None
        rows = file.rows if file else 0
        window = replace(self._window, metadata=metadata)
        record = landed_window(window, self._dataset, scope, self._segment, rows, loaded_at)
        try:
            version = self._manifest.commit(self._dataset, scope, [SegmentUpdate(self._segment, None, file)], [record])
        except SegmentMoved:
            raise LandingConflict(
                "Another first load of the same scope was faster",
                source=self._dataset.source,
                scope=scope,
                stream=self._dataset.stream,
            ) from None
        return Commit(file is not None, rows, version, (file.path,) if file else ())

    def _write(self, scope: str) -> None:
        if scope not in self._writers:
            self._writers[scope] = SegmentWriter(self._root, self._dataset, scope, self._segment)
        record = landed_window(self._window, self._dataset, scope, self._segment, 0, self._window.end)
        rows = conform(pa.concat_tables(self._waiting.pop(scope)), self._dataset)
        stamped = stamp(rows, scope, self._connection, [(record.window_id, len(rows))], self._load_seq)
        self._writers[scope].write(stamped.cast(self._dataset.landed_schema))

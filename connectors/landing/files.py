"""Data files: written where no reader looks, checked, then renamed into place."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.errors import IncompleteResponse
from connectors.landing.dataset import Dataset, LandedFile
from connectors.landing.durable import sync_to_disk

STAGING = ".staging"
PIECE_ROWS = 50_000
"""Rows of a segment that are looked at, or written, together."""


def write_segment(root: Path, dataset: Dataset, scope: str, segment: str, table: pa.Table) -> LandedFile:
    """Write one segment as Parquet (zstd) under a name made of its own bytes' hash; durable on return.

    Nobody reads it until the manifest names it. Raises IncompleteResponse if what is on disk is not what was written.
    """
    staged = _staged(root, dataset)
    try:
        pq.write_table(table, staged, **_options(dataset))
        return _publish(root, dataset, (scope, segment), staged, table.num_rows)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise


class SegmentWriter:
    """One segment like ``write_segment``'s, in as many pieces as come."""

    def __init__(self, root: Path, dataset: Dataset, scope: str, segment: str) -> None:
        self._root, self._dataset, self._place = root, dataset, (scope, segment)
        self._staged = _staged(root, dataset)
        self._writer = pq.ParquetWriter(self._staged, dataset.landed_schema, **_options(dataset))
        self.rows = 0

    def write(self, table: pa.Table) -> None:
        """Add rows, in the dataset's landed schema."""
        self._writer.write_table(table)
        self.rows += table.num_rows

    def finish(self) -> LandedFile:
        """Check and publish what was written."""
        self._writer.close()
        return _publish(self._root, self._dataset, self._place, self._staged, self.rows)

    def discard(self) -> None:
        """Leave nothing behind; without effect once finished."""
        self._writer.close()
        self._staged.unlink(missing_ok=True)


def read_segment(file: LandedFile, dataset: Dataset, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of a landed file, in today's schema: columns added since are null, dropped ones are left out.

    With ``columns`` only these are read, in the schema's order.
    """
    source = pq.ParquetFile(file.path)
    schema = _todays(dataset, columns)
    return _conformed(source.read(_there(source, schema)), schema)


def iter_segment(file: LandedFile, dataset: Dataset) -> Iterator[pa.Table]:
    """``read_segment`` a few rows at a time, so that a segment may be of any size."""
    source = pq.ParquetFile(file.path)
    schema = _todays(dataset, None)
    for batch in source.iter_batches(PIECE_ROWS, columns=_there(source, schema)):
        yield _conformed(pa.Table.from_batches([batch]), schema)


def regrouped(pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in pieces that are worth writing: readers prefer few large row groups."""
    waiting: list[pa.Table] = []
    for piece in pieces:
        waiting.append(piece)
        if sum(map(len, waiting)) >= PIECE_ROWS:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def _todays(dataset: Dataset, columns: Sequence[str] | None) -> pa.Schema:
    return pa.schema([field for field in dataset.landed_schema if columns is None or field.name in columns])


def _there(source: pq.ParquetFile, schema: pa.Schema) -> list[str]:
    return [name for name in source.schema_arrow.names if name in schema.names]


def _conformed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    values = [
        table[field.name].cast(field.type) if field.name in table.column_names else pa.nulls(len(table), field.type)
        for field in schema
    ]
    return pa.table(values, schema=schema)


def sweep_files(root: Path, referenced: set[str], now: datetime, min_age: timedelta) -> Iterator[Path]:
    """Remove data files nothing refers to and stale staging files, if older than ``min_age``; yields what went."""
    for path in sorted(root.rglob("*.parquet")):
        if path.relative_to(root).as_posix() in referenced:
            continue
        try:
            if now.timestamp() - path.stat().st_mtime >= min_age.total_seconds():
                path.unlink()
                yield path
        except FileNotFoundError:  # another sweep, or a commit renaming its staging file
            continue


def _options(dataset: Dataset) -> dict[str, Any]:
    """Without Arrow's own schema encoded texts are read back as texts; extremes of texts cost more than they save."""
    return {"compression": "zstd", "store_schema": False, "write_statistics": [dataset.window_column]}


def _staged(root: Path, dataset: Dataset) -> Path:
    handle, name = tempfile.mkstemp(prefix=f"{dataset.source}-", suffix=".parquet", dir=root / STAGING)
    os.close(handle)
    return Path(name)


def _publish(root: Path, dataset: Dataset, place: tuple[str, str], staged: Path, rows: int) -> LandedFile:
    scope, segment = place
    sync_to_disk(staged)
    _verify(staged, dataset, scope, rows)
    digest = _digest(staged)
    folder = root / dataset.source / dataset.stream / scope
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"{segment}-{digest[:12]}.parquet"
    size = staged.stat().st_size
    staged.replace(final)
    sync_to_disk(folder)
    return LandedFile(dataset.source, dataset.stream, scope, segment, final, rows, size, digest)


def _verify(staged: Path, dataset: Dataset, scope: str, rows: int) -> None:
    footer = pq.ParquetFile(staged)
    if footer.metadata.num_rows != rows or not footer.schema_arrow.equals(dataset.landed_schema):
        raise IncompleteResponse(
            "A data file on disk differs from what was written",
            source=dataset.source,
            scope=scope,
            stream=dataset.stream,
            next_step="Check the disk (space, health), then run again.",
        )


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

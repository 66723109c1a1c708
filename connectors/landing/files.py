"""Data files: written where no reader looks, checked, then renamed into place."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.errors import IncompleteResponse
from connectors.landing.dataset import Dataset, LandedFile

STAGING = ".staging"


def write_segment(root: Path, dataset: Dataset, scope: str, segment: str, table: pa.Table) -> LandedFile:
    """Write one segment as Parquet (zstd) under a name made of its own bytes' hash; durable on return.

    Nobody reads it until the manifest names it. Raises IncompleteResponse if what is on disk is not what was written.
    """
    staging = root / STAGING
    handle, name = tempfile.mkstemp(prefix=f"{dataset.source}-", suffix=".parquet", dir=staging)
    os.close(handle)
    staged = Path(name)
    try:
        pq.write_table(table, staged, compression="zstd")
        _fsync(staged)
        _verify(staged, dataset, scope, table)
        digest = _digest(staged)
        folder = root / dataset.source / dataset.stream / scope
        folder.mkdir(parents=True, exist_ok=True)
        final = folder / f"{segment}-{digest[:12]}.parquet"
        size = staged.stat().st_size
        staged.replace(final)
        _fsync(folder)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
    return LandedFile(dataset.source, dataset.stream, scope, segment, final, table.num_rows, size, digest)


def read_segment(file: LandedFile, dataset: Dataset) -> pa.Table:
    """The rows of a landed file, in today's schema: columns added since are null, dropped ones are left out."""
    table = pq.ParquetFile(file.path).read()
    columns = [
        table[field.name].cast(field.type) if field.name in table.column_names else pa.nulls(len(table), field.type)
        for field in dataset.landed_schema
    ]
    return pa.table(columns, schema=dataset.landed_schema)


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


def _verify(staged: Path, dataset: Dataset, scope: str, table: pa.Table) -> None:
    footer = pq.ParquetFile(staged)
    if footer.metadata.num_rows != table.num_rows or not footer.schema_arrow.equals(dataset.landed_schema):
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


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The values the landing is spoken to in: datasets, windows, files, commits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

BOOKKEEPING = pa.schema(
    [
        pa.field("_scope", pa.string()),
        pa.field("_connection", pa.string()),
        pa.field("_window_id", pa.string()),
        pa.field("_load_seq", pa.int64()),
    ]
)
"""Columns every landed row carries beside its content; ``_load_seq`` grows with every commit of the landing."""

SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")

State = Literal["provisional", "final"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One landed table ``<source>/<stream>``.

    ``series`` datasets are replaced window by window along a date column; ``changes`` datasets gather record versions,
    identified by ``key``, along an instant column. ``schema`` holds the content columns only.
    """

    source: str
    stream: str
    schema: pa.Schema
    kind: Literal["series", "changes"]
    window_column: str
    key: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in (self.source, self.stream):
            check_name(name)
        missing = {self.window_column, *self.key} - set(self.schema.names)
        if missing or (self.kind == "changes") != bool(self.key):
            raise ValueError(f"dataset {self.name}: window column and key must be columns; only changes have a key")

    @property
    def name(self) -> str:
        """``<source>/<stream>``."""
        return f"{self.source}/{self.stream}"

    @property
    def landed_schema(self) -> pa.Schema:
        """Content plus bookkeeping columns."""
        return pa.schema([*self.schema, *BOOKKEEPING])


@dataclass(frozen=True, slots=True)
class SeriesWindow:
    """Days [start, end) of a time series, as fetched; ``metadata`` is what the response said about itself."""

    start: date
    end: date
    state: State = "final"
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeWindow:
    """Changes with a cursor in [start, end); ``start`` None reaches back to the first record."""

    start: datetime | None
    end: datetime
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LandedWindow:
    """A window as the manifest has it; ``start``/``end`` are ISO texts (dates or instants), end exclusive."""

    source: str
    stream: str
    scope: str
    segment: str
    window_id: str
    start: str | None
    end: str
    state: State
    rows: int
    content_hash: str
    metadata: str
    loaded_at: datetime

    @property
    def day(self) -> date | None:
        """The day, when the window is exactly one."""
        if self.start is None or len(self.start) != len("2026-01-01"):
            return None
        start = date.fromisoformat(self.start)
        return start if (date.fromisoformat(self.end) - start).days == 1 else None


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A data file the manifest refers to; ``content_hash`` is the SHA-256 of its bytes.

    No row of it has a ``_load_seq`` above ``load_seq``; every row that joins its segment later has.
    """

    source: str
    stream: str
    scope: str
    segment: str
    path: Path
    rows: int
    bytes: int
    content_hash: str
    load_seq: int = 0


@dataclass(frozen=True, slots=True)
class LandingState:
    """All that was landed at one moment: the landing's version then, its files, and its windows, as ``landing.records``
    asks for them."""

    version: int
    files: tuple[LandedFile, ...]
    window_rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Commit:
    """What a commit did: whether any row changed, how many rows of the call are new, the version now, files written."""

    changed: bool
    rows: int
    version: int
    files: tuple[Path, ...] = ()


def window_id(dataset: Dataset, scope: str, start: str, end: str, content: str = "") -> str:
    """Stable name of a window, with this content if given: the same answer fetched again is the same window."""
    return sha256(f"{dataset.name}/{scope}/{start}/{end}/{content}".encode()).hexdigest()[:16]


def check_name(name: str) -> str:
    """Return a name that is safe in a path and in SQL, or raise ValueError (PR-12)."""
    if not SAFE_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a name of lower-case letters, digits, '-' and '_'")
    return name

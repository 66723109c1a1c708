"""The landing: the only thing connectors write to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from connectors.errors import LandingConflict
from connectors.landing import changes, series
from connectors.landing.dataset import (
    ChangeWindow,
    Commit,
    Dataset,
    LandedFile,
    LandedWindow,
    LandingState,
    SeriesWindow,
    check_name,
    window_id,
)
from connectors.landing.encoded import encoded_schema, in_order, settled
from connectors.landing.files import (
    STAGING,
    SegmentWriter,
    iter_segment,
    read_segment,
    regrouped,
    sweep_files,
    write_segment,
)
from connectors.landing.first_load import FirstLoad
from connectors.landing.manifest import Manifest, SegmentMoved, SegmentUpdate
from connectors.landing.rows import conform, stamp
from connectors.landing.views import KnownFile, Place, view_sql
from connectors.specs import Clock
from connectors.windows import month_of

ATTEMPTS = 20
"""How often a commit is redone because another writer changed the segment meanwhile."""


class Landing:
    """Landed datasets under ``root``; safe to use from several threads and processes at once.

    ``clock`` dates what is loaded. Every commit is atomic, and idempotent: the same content changes nothing.
    """

    def __init__(self, root: Path, clock: Clock) -> None:
        self.root = root.absolute()
        (self.root / STAGING).mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._manifest = Manifest(self.root)

    def version(self) -> int:
        """Changes exactly when a file changed, or a time-series window was added or changed state."""
        return self._manifest.version()

    def state(self) -> LandingState:
        """Version, files and windows of one moment, whatever lands meanwhile."""
        return self._manifest.state()

    def files(self, source: str, stream: str, scope: str | None = None) -> tuple[LandedFile, ...]:
        """The current files of a dataset."""
        return self._manifest.files(source, stream, scope)

    def windows(self, source: str, stream: str, scope: str) -> tuple[LandedWindow, ...]:
        """The windows landed for a scope, oldest first."""
        return self._manifest.windows(source, stream, scope)

    def view_sql(
        self,
        dataset: Dataset,
        schema: str = "landing",
        files: Sequence[LandedFile] | None = None,
        known: Mapping[Place, KnownFile] | None = None,
    ) -> str:
        """One statement that creates the DuckDB view ``<schema>.<source>__<stream>`` over the landed files (or these).

        Rows of changes say whether they are new to a reader who has read the ``known`` files before (``_is_new``).
        """
        files = self.files(dataset.source, dataset.stream) if files is None else files
        return view_sql(dataset, files, schema, known or {})

    def read(self, dataset: Dataset, scope: str | None = None, columns: Sequence[str] | None = None) -> pa.Table:
        """All landed rows of a dataset, of one scope if given, bookkeeping columns included; or only some columns."""
        schema = pa.schema([field for field in dataset.landed_schema if columns is None or field.name in columns])
        tables = [read_segment(file, dataset, columns) for file in self.files(dataset.source, dataset.stream, scope)]
        return pa.concat_tables([schema.empty_table(), *tables])

    def read_records(self, dataset: Dataset, scope: str, keys: pa.Array) -> pa.Table:
        """The landed rows of a scope whose first key column is one of ``keys``."""
        wanted = pa.table({dataset.key[0]: keys})
        files = self.files(dataset.source, dataset.stream, scope)
        return pa.concat_tables(
            [dataset.landed_schema.empty_table(), *(changes.touched_rows(file, dataset, wanted) for file in files)]
        )

    def sweep(self, now: datetime, min_age: timedelta) -> tuple[Path, ...]:
        """Remove unreferenced data files and stale staging files older than ``min_age`` on the disk's clock.

        Give it longer than a commit or a reader takes: a file just written is not yet in the manifest.
        """
        return tuple(sweep_files(self.root, self._manifest.paths(), now, min_age))

    def covered_until(self, dataset: Dataset, scope: str) -> datetime | None:
        """The instant up to which every change of a scope is landed, without a gap; None before the first load."""
        return changes.covered_until(self.windows(dataset.source, dataset.stream, scope))

    def replace_windows(
        self,
        dataset: Dataset,
        scope: str,
        segment: str,
        rows: pa.Table,
        windows: Sequence[SeriesWindow],
        *,
        allow_short: bool = False,
        connection: str | None = None,
    ) -> Commit:
        """Make ``rows`` all there is in these windows of a segment; its other days stay.

        Windows whose content is already landed keep their rows and load order. Raises ShortReplacement when a window
        that had rows would become empty or lose most of them (unless ``allow_short``), ValueError for rows outside the
        windows, LandingConflict when other writers never let it through.
        """
        check_name(scope)
        ordered = in_order(settled(conform(rows, dataset, encoded_schema(dataset.schema))), dataset.window_column)
        parts = series.split_windows(ordered, dataset, windows)
        return self._retrying(
            dataset,
            scope,
            lambda: self._replace(
                dataset, scope, check_name(segment), parts, allow_short=allow_short, connection=connection
            ),
        )

    def is_new(self, dataset: Dataset, scope: str) -> bool:
        """Whether nothing was ever landed for a scope."""
        return not (
            self.windows(dataset.source, dataset.stream, scope) or self.files(dataset.source, dataset.stream, scope)
        )

    @contextmanager
    def first_load(
        self, dataset: Dataset, scopes: Sequence[str], end: datetime, connection: str
    ) -> Iterator[FirstLoad]:
        """Land every change before ``end`` of scopes that are new, piece by piece; uncommitted pieces go at the end."""
        load = FirstLoad(self.root, self._manifest, dataset, [check_name(scope) for scope in scopes], end, connection)
        try:
            yield load
        finally:
            load.restart()

    def merge_changes(
        self,
        dataset: Dataset,
        scope: str,
        rows: pa.Table,
        window: ChangeWindow,
        *,
        connection: str | None = None,
    ) -> Commit:
        """Add record versions; rows already landed stay untouched, a different row with the same key replaces its own.

        ``Commit.rows`` counts the rows that were not there before. Raises LandingConflict as ``replace_windows`` does.
        """
        check_name(scope)
        distinct = changes.distinct_changes(conform(rows, dataset), dataset)
        return self._retrying(dataset, scope, lambda: self._merge(dataset, scope, distinct, window, connection))

    def _retrying(self, dataset: Dataset, scope: str, attempt: Callable[[], Commit]) -> Commit:
        for _ in range(ATTEMPTS):
            try:
                return attempt()
            except (
                SegmentMoved,
                FileNotFoundError,
            ):  # the file read was replaced, and perhaps swept, meanwhile
                continue
        raise LandingConflict(
            f"Other writers changed the same segment {ATTEMPTS} times",
            source=dataset.source,
            scope=scope,
            stream=dataset.stream,
        )

    def _replace(
        self,
        dataset: Dataset,
        scope: str,
        segment: str,
        parts: tuple[series.WindowRows, ...],
        *,
        allow_short: bool,
        connection: str | None,
    ) -> Commit:
        current = self._current(dataset, scope, segment)
        landed = self._manifest.windows(dataset.source, dataset.stream, scope, segment)
        series.refuse_overlap(parts, landed, dataset)
        changed = series.changed_parts(parts, {(w.start or "", w.end): w for w in landed})
        if not allow_short:
            for part in changed:
                series.refuse_short(part, landed, dataset, scope)
        now = self._clock()
        records = [series.landed_window(part, dataset, scope, segment, now) for part in parts]
        table = self._replaced(dataset, scope, current, changed, connection)
        file = None if table is None else write_segment(self.root, dataset, scope, segment, table)
        update = SegmentUpdate(segment, self._relative(current), file)
        version = self._manifest.commit(dataset, scope, [update], records)
        return Commit(bool(changed), sum(len(p.rows) for p in parts), version, (file.path,) if file else ())

    def _replaced(
        self,
        dataset: Dataset,
        scope: str,
        current: LandedFile | None,
        changed: tuple[series.WindowRows, ...],
        connection: str | None,
    ) -> pa.Table | None:
        """The segment's new rows, or None when they are the old ones."""
        landed_schema = encoded_schema(dataset.landed_schema)
        existing = read_segment(current, dataset) if current and changed else landed_schema.empty_table()
        existing = existing.cast(landed_schema)
        kept = series.without_windows(existing, dataset, changed)
        if len(kept) == len(existing) and not any(len(part.rows) for part in changed):
            return None
        windows = [(window_id(dataset, scope, *p.key, p.content_hash), len(p.rows)) for p in changed]
        rows = pa.concat_tables([part.rows for part in changed])
        new = stamp(rows, scope, connection or dataset.source, windows, self._manifest.next_load_seq())
        if not len(kept):
            return settled(new)
        return settled(pa.concat_tables([kept, new])).sort_by(dataset.window_column)

    def _merge(
        self,
        dataset: Dataset,
        scope: str,
        rows: pa.Table,
        window: ChangeWindow,
        connection: str | None,
    ) -> Commit:
        base = self._manifest.base_segment(dataset, scope) or month_of(window.end.astimezone(UTC).date())
        record = changes.landed_window(window, dataset, scope, base, len(rows), self._clock())
        origin = (connection or dataset.source, record.window_id)
        updates = list(self._merged_segments(dataset, scope, changes.by_segment(rows, dataset, base), origin))
        version = self._manifest.commit(dataset, scope, [update for update, _ in updates], [record])
        paths = tuple(update.file.path for update, _ in updates if update.file)
        return Commit(bool(updates), sum(new for _, new in updates), version, paths)

    def _merged_segments(
        self, dataset: Dataset, scope: str, parts: Iterable[tuple[str, pa.Table]], origin: tuple[str, str]
    ) -> Iterator[tuple[SegmentUpdate, int]]:
        """The segments that change, written, each with its number of new rows."""
        for segment, part in parts:
            current = self._current(dataset, scope, segment)
            touched = changes.touched_rows(current, dataset, part)
            new = changes.new_rows(touched, part, dataset)
            if len(new):
                # Drawn after reading the segment: greater than what any row of it has (see LandedFile).
                load_seq = self._manifest.next_load_seq()
                stamped = stamp(new, scope, origin[0], [(origin[1], len(new))], load_seq).cast(dataset.landed_schema)
                joining = pa.concat_tables([changes.staying(touched, new, dataset), stamped])
                file = self._rewritten(current, dataset, (scope, segment), part, joining)
                yield SegmentUpdate(segment, self._relative(current), file), len(new)

    def _rewritten(
        self, current: LandedFile | None, dataset: Dataset, place: tuple[str, str], part: pa.Table, joining: pa.Table
    ) -> LandedFile:
        """The segment with all of its rows but those of ``part``'s records, and those that join them."""
        pieces = iter_segment(current, dataset) if current else iter(())
        others = (piece.filter(pc.invert(changes.of_records(piece, part, dataset))) for piece in pieces)
        writer = SegmentWriter(self.root, dataset, *place)
        try:
            for rows in regrouped(chain(others, [joining])):
                writer.write(rows)
            return writer.finish()
        except BaseException:
            writer.discard()
            raise

    def _current(self, dataset: Dataset, scope: str, segment: str) -> LandedFile | None:
        files = self._manifest.files(dataset.source, dataset.stream, scope)
        return next((file for file in files if file.segment == segment), None)

    def _relative(self, file: LandedFile | None) -> str | None:
        return file.path.relative_to(self.root).as_posix() if file else None

"""Where pulled rows go: gathered in memory, or written through to the landing as they come."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from connectors.landing import FirstLoad
from connectors.salesforce.rows import LOCALE
from connectors.salesforce.scopes import Scopes, split_rows
from connectors.salesforce.stream_specs import SalesforceStream


class Gathered:
    """Keeps the rows of a window together: refreshes are small."""

    def __init__(self, stream: SalesforceStream) -> None:
        self._empty = pa.schema([*stream.dataset.schema, pa.field(LOCALE, pa.string())]).empty_table()
        self._tables: list[pa.Table] = []

    def restart(self) -> None:
        """Forget every row."""
        self._tables = []

    def add(self, rows: pa.Table) -> None:
        """Rows of a page."""
        self._tables.append(rows.cast(self._empty.schema))

    def deleted(self) -> int:
        """How many of the rows are of deleted records."""
        return sum(pc.sum(table["is_deleted"], min_count=0).as_py() for table in self._tables)

    def table(self) -> pa.Table:
        """All rows, with ``_locale``."""
        return pa.concat_tables([self._empty, *self._tables])


class ByScope:
    """Hands each page on to a first load, scope by scope; rows of other scopes are let go."""

    def __init__(self, stream: SalesforceStream, scopes: Scopes, wanted: Sequence[str], load: FirstLoad) -> None:
        self._stream, self._scopes, self._wanted, self._load = stream, scopes, wanted, load

    def restart(self) -> None:
        """Forget every row."""
        self._load.restart()

    def add(self, rows: pa.Table) -> None:
        """Rows of a page."""
        for scope, part in split_rows(rows, self._stream, self._scopes, self._wanted).items():
            self._load.add(scope, part)

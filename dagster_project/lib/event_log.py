"""Dagster's log of events in SQLite, kept open.

Dagster's own opens a database, and closes it again, for each event and each look at one: a build writes five hundred
events, and spent three times as long on opening as on writing. The files and all that is in them are the same, so that
the Dagster UI, which goes on opening them, reads what is written here.
"""

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import sqlalchemy as db
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy.pool import QueuePool

INDEX = "index"
"""The database of all runs' assets; each run has one of its own beside it."""

KEPT_OPEN = 2
BUSY_SECONDS = 30


class OpenEventLog(SqliteEventLogStorage):
    """Keeps open the databases that were used last: the index, and that of the run that is going on."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._opened: dict[str, db.Engine] = {}
        self._tables: set[str] = set()
        self._one_at_a_time = threading.RLock()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "OpenEventLog":
        return cls(inst_data=inst_data, **config_value)

    def run_connection(self, run_id: str | None = None) -> AbstractContextManager[db.Connection]:
        """A transaction in a run's database."""
        return self._transaction(str(run_id), super().run_connection(run_id))

    def index_connection(self) -> AbstractContextManager[db.Connection]:
        """A transaction in the index."""
        return self._transaction(INDEX, super().index_connection())

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table, which is asked for with each event. One that is there stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        """Close the databases."""
        super().dispose()
        with self._one_at_a_time:
            while self._opened:
                self._opened.popitem()[1].dispose()

    @contextmanager
    def _transaction(self, shard: str, of_dagster: AbstractContextManager[Any]) -> Iterator[db.Connection]:
        with self._one_at_a_time:
            engine = self._opened.pop(shard, None)
            if engine is None:
                with of_dagster:
                    """Makes the database if it is not there yet."""
                engine = self._engine(shard)
            # The one used last comes last.
            self._opened[shard] = engine
            while len(self._opened) > KEPT_OPEN:
                self._opened.pop(next(iter(self._opened))).dispose()
            with engine.begin() as connection:
                yield connection

    def _engine(self, shard: str) -> db.Engine:
        engine = db.create_engine(
            self.conn_string_for_shard(shard),
            poolclass=QueuePool,
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        )

        @db.event.listens_for(engine, "connect")
        def _connected(connection: sqlite3.Connection, _record: object) -> None:
            # Not waiting for the disk with each event: the last ones may be lost with the power, and none is torn.
            connection.execute("PRAGMA synchronous = NORMAL")

        return engine

"""What builds add to dbt's connection to the working database (a plugin of dbt-duckdb, named in the profile)."""

import gc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from duckdb import DuckDBPyConnection

from dagster_project.lib.preparing import wait_until_prepared

ROOM_BEFORE_A_CHECKPOINT = "1GB"
"""DuckDB writes what is new into its file, tables compressed, when its log of it is this long; every statement waits
meanwhile. A day's build stays below it (150 MB at a million leads), and writes at its end."""


class Plugin(BasePlugin):
    """Waits until the working database is ready, and puts off what need not be done between two models."""

    connection: ClassVar[DuckDBPyConnection | None] = None
    """The one that dbt opened last."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Raises NotPrepared when it will not be."""
        if not gc.isenabled():
            # What dbt has loaded by now stays; see dbt_program.
            gc.freeze()
            gc.enable()
        assert self.creds is not None, "dbt-duckdb gives its plugins the profile's credentials"
        wait_until_prepared(Path(self.creds.path))

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        Plugin.connection = conn
        # A build of everything replaces large tables: the room they leave is free for others after a checkpoint only.
        if not getattr(get_flags(), "FULL_REFRESH", False):  # type: ignore[no-untyped-call]
            conn.execute(f"SET checkpoint_threshold = '{ROOM_BEFORE_A_CHECKPOINT}'")


def checkpoint() -> None:
    """Write what is new into the files of the working database and of the marts, both at once: each takes one core."""
    if Plugin.connection is None:
        return
    databases = Plugin.connection.execute("SELECT database_name FROM duckdb_databases() WHERE NOT internal").fetchall()
    cursors = {name: Plugin.connection.cursor() for (name,) in databases}
    with ThreadPoolExecutor(len(cursors)) as pool:
        list(pool.map(lambda name: cursors[name].execute(f'CHECKPOINT "{name}"'), cursors))

"""What dbt asks before it opens the working database (a plugin of dbt-duckdb, named in the profile)."""

import gc
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from dagster_project.lib.preparing import wait_until_prepared


class Plugin(BasePlugin):
    """Waits until the working database is ready."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Raises NotPrepared when it will not be."""
        if not gc.isenabled():
            # What dbt has loaded by now stays; see dbt_program.
            gc.freeze()
            gc.enable()
        assert self.creds is not None, "dbt-duckdb gives its plugins the profile's credentials"
        wait_until_prepared(Path(self.creds.path))

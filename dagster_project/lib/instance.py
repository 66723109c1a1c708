"""Dagster's record of runs and events, kept among the project's data."""

from pathlib import Path

import dagster as dg

SETTINGS = """\
# Written once by Trechter; edit freely. For more than one machine, put the storage in PostgreSQL
# (docs/data-engineer.md).
telemetry:
  enabled: false
nux:
  enabled: false
run_monitoring:
  enabled: true
  start_timeout_seconds: 300
  max_runtime_seconds: 21600
concurrency:
  runs:
    # SQLite takes one writer at a time: more parallel runs than this lock each other out.
    max_concurrent_runs: 3
"""


def open_instance(folder: Path) -> dg.DagsterInstance:
    """The instance in `folder`, made with sensible settings the first time."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(SETTINGS)
    return dg.DagsterInstance.from_config(str(folder))

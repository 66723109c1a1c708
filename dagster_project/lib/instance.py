"""Dagster's record of runs and events, kept among the project's data."""

from pathlib import Path

import dagster as dg
import yaml
from dagster._core.instance import InstanceRef

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

STORAGES = {"storage", "run_storage", "event_log_storage", "schedule_storage"}


def open_instance(folder: Path) -> dg.DagsterInstance:
    """The instance in `folder`, made with sensible settings the first time.

    Unless the settings name a storage, events are written by an event log that stays open (lib/event_log.py), to where
    Dagster itself would write them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(SETTINGS)
    if STORAGES & (yaml.safe_load(settings.read_text()) or {}).keys():
        return dg.DagsterInstance.from_config(str(folder))
    log = {
        "module": "dagster_project.lib.event_log",
        "class": "OpenEventLog",
        "config": {"base_dir": str(folder / "history" / "runs")},
    }
    return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(folder), overrides={"event_log_storage": log}))

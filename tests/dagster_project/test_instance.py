"""Dagster's record: kept open while a run writes to it, and the same for whoever opens it beside."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from dagster_project.lib.event_log import OpenEventLog
from dagster_project.lib.instance import open_instance

NAMES = [f"model_{number}" for number in range(20)]


@dg.multi_asset(
    specs=[dg.AssetSpec(name) for name in NAMES],
    check_specs=[dg.AssetCheckSpec(f"{name}_is_well", asset=name) for name in NAMES],
)
def models() -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """As many assets with a check each."""
    for name in NAMES:
        yield dg.MaterializeResult(asset_key=name)
        yield dg.AssetCheckResult(asset_key=name, check_name=f"{name}_is_well", passed=True)


def run(instance: dg.DagsterInstance) -> str:
    return dg.materialize([models], instance=instance).run_id


def test_a_run_opens_databases_a_few_times_and_not_once_an_event(tmp_path: Path) -> None:
    opened: list[object] = []
    event.listen(Pool, "connect", lambda connection, _record: opened.append(connection))
    with open_instance(tmp_path) as instance:
        run(instance)
        opened.clear()
        written = len(instance.all_logs(run(instance)))
    assert written > 100
    assert len(opened) < 40


def test_dagsters_own_way_reads_what_is_written_while_it_is_open_and_adds_to_it(tmp_path: Path) -> None:
    with open_instance(tmp_path) as ours, dg.DagsterInstance.from_config(str(tmp_path)) as dagsters:
        assert isinstance(ours.event_log_storage, OpenEventLog)
        assert not isinstance(dagsters.event_log_storage, OpenEventLog)
        for writer, reader in ((ours, dagsters), (dagsters, ours), (ours, dagsters)):
            run_id = run(writer)
            assert [entry.message for entry in reader.all_logs(run_id)] == [e.message for e in writer.all_logs(run_id)]
            for name in NAMES:
                newest = reader.get_latest_materialization_event(dg.AssetKey(name))
                assert newest is not None
                assert newest.run_id == run_id


def test_runs_that_are_looked_at_are_not_all_kept_open(tmp_path: Path) -> None:
    with open_instance(tmp_path) as instance:
        runs = [run(instance) for _ in range(4)]
        assert all(instance.all_logs(run_id) for run_id in runs * 2)
        open_files = {path.resolve() for path in Path("/proc/self/fd").iterdir() if path.exists()}
        assert len([path for path in open_files if path.parent == tmp_path / "history" / "runs"]) <= 6


@pytest.mark.parametrize("named", ["storage", "event_log_storage"])
def test_a_storage_that_the_settings_name_is_used(tmp_path: Path, named: str) -> None:
    own = tmp_path / "elsewhere"
    storages = {
        "storage": f"storage: {{sqlite: {{base_dir: {own}}}}}",
        "event_log_storage": "event_log_storage: {module: dagster._core.storage.event_log, "
        f"class: ConsolidatedSqliteEventLogStorage, config: {{base_dir: {own}}}}}",
    }
    (tmp_path / "dagster.yaml").write_text(f"telemetry: {{enabled: false}}\n{storages[named]}\n")
    with open_instance(tmp_path) as instance:
        run(instance)
        assert not isinstance(instance.event_log_storage, OpenEventLog)
    assert own.is_dir()

"""What a build has made is in its files when it ends, and not before that may wait."""

import shutil
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from dbt import flags
from dbt.adapters.duckdb.credentials import DuckDBCredentials

from dagster_project.lib.dbt_plugin import Plugin, checkpoint

EXISTS = "select count(*) from duckdb_tables() where table_name = 'made'"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(tmp_path / "trechter.duckdb") as connection:
        connection.execute(f"attach '{tmp_path / 'trechter.duckdb.marts'}' as marts")
        yield connection
    Plugin.connection = None


@pytest.fixture
def plugin(tmp_path: Path) -> Plugin:
    credentials = DuckDBCredentials(path=str(tmp_path / "trechter.duckdb"), database="trechter", schema="main")
    return Plugin("trechter", {}, credentials)


def _in_the_files(folder: Path, copy: Path) -> list[int]:
    """How many tables `made` each file has by itself, as if nothing had been kept of DuckDB's log."""
    found = []
    for name in ("trechter.duckdb", "trechter.duckdb.marts"):
        shutil.copyfile(folder / name, copy / name)
        with duckdb.connect(copy / name, read_only=True) as connection:
            found += [count for (count,) in connection.execute(EXISTS).fetchall()]
    return found


@pytest.mark.parametrize(("is_of_everything", "expected"), [(False, "953.6 MiB"), (True, "16.0 MiB")])
def test_a_day_puts_off_what_a_build_of_everything_needs_room_for(
    plugin: Plugin,
    connection: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    is_of_everything: bool,
    expected: str,
) -> None:
    monkeypatch.setattr(flags, "GLOBAL_FLAGS", Namespace(FULL_REFRESH=is_of_everything))
    plugin.configure_connection(connection)
    assert connection.execute("select current_setting('checkpoint_threshold')").fetchall() == [(expected,)]


def test_both_files_have_everything_afterwards(
    plugin: Plugin, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    plugin.configure_connection(connection)
    for table in ("made", "marts.made"):
        connection.execute(f"create table {table} as select 1 as number")
    copy = tmp_path / "copy"
    copy.mkdir()
    assert _in_the_files(tmp_path, copy) == [0, 0]
    checkpoint()
    assert _in_the_files(tmp_path, copy) == [1, 1]


def test_there_is_nothing_to_write_when_dbt_has_not_opened_the_database() -> None:
    checkpoint()

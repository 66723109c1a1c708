"""Runs the dbt project on a fixture warehouse, in this process, and says what came of every node."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

from dagster_project.lib.dbt_assets import dbt_command
from dagster_project.lib.marts import marts_file
from dagster_project.lib.what_changed import show_state
from tests.dbt.warehouse import PROJECT

PRODUCTION = tuple(dbt_command(everything=False))
EVERYTHING = tuple(dbt_command(everything=True))
"""What the orchestrator runs, to build what is new or everything."""


WAREHOUSE_NAME = "warehouse.duckdb"
"""A parsed project knows its tables as ``<file name>.<schema>.<table>``: every fixture file is called the same."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Status and failing rows of every node of an invocation, by node name, and its warnings and errors as text."""

    succeeded: bool
    statuses: dict[str, str]
    failures: dict[str, int]
    complaints: tuple[str, ...]

    @property
    def unhappy(self) -> dict[str, str]:
        """Nodes that did not pass, run or rest."""
        return {name: status for name, status in self.statuses.items() if status not in ("success", "pass", "no-op")}


class DbtProject:
    """The project, parsed once; dbt's own output goes to a folder outside it."""

    def __init__(self, work: Path) -> None:
        self._work = work
        parsed, complaints = self._invoke(work / WAREHOUSE_NAME, "parse", "--no-partial-parse")
        self.manifest = cast(Manifest, parsed.result)
        self.parse_complaints = complaints

    @property
    def target(self) -> Path:
        """The folder that dbt compiles into."""
        return self._work / "target"

    def run(self, warehouse: Path, *arguments: str) -> Outcome:
        """Invoke dbt on a warehouse file; raises RuntimeError when dbt could not even begin."""
        result, complaints = self._invoke(warehouse, *arguments)
        nodes = [(node.node.name, node) for node in getattr(result.result, "results", ())]
        return Outcome(
            succeeded=result.success,
            statuses={name: str(node.status) for name, node in nodes},
            failures={name: node.failures for name, node in nodes if node.failures},
            complaints=complaints,
        )

    def compiled(self, warehouse: Path, sql: str) -> str:
        """What dbt makes of some SQL with macros in it."""
        result, complaints = self._invoke(warehouse, "compile", "--inline", sql)
        assert result.success, complaints
        return str(cast(Any, result.result).results[0].node.compiled_code)

    def _invoke(self, warehouse: Path, *arguments: str) -> tuple[dbtRunnerResult, tuple[str, ...]]:
        complaints: list[str] = []

        def listen(event: Any) -> None:
            if event.info.level in ("warn", "error"):
                complaints.append(event.info.msg)

        places = {
            "--project-dir": PROJECT,
            "--profiles-dir": PROJECT,
            "--target-path": self._work / "target",
            "--log-path": self._work / "logs",
        }
        settings = [str(part) for place in places.items() for part in place]
        runner = dbtRunner(manifest=getattr(self, "manifest", None), callbacks=[listen])
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TRECHTER_WAREHOUSE", str(warehouse))
            result = runner.invoke(["--quiet", *arguments, *settings])
        # dbt keeps its DuckDB file open, and a file has one configuration a process: tests open it with theirs.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        if result.exception is not None:
            raise RuntimeError("dbt did not start") from result.exception
        return result, tuple(complaints)


def copied(warehouse: Path, folder: Path) -> Path:
    """A warehouse, with its marts where it has some, under the same name in another folder."""
    for path in (warehouse, marts_file(warehouse)):
        if path.is_file():
            shutil.copy(path, folder)
    return folder / warehouse.name


def rows(warehouse: Path, query: str) -> list[tuple[Any, ...]]:
    """The answer to a query, read-only, in UTC."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        _with_marts(connection, warehouse, "read_only")
        return connection.execute(query).fetchall()


def change(warehouse: Path, *statements: str) -> None:
    """Execute statements on a warehouse."""
    with duckdb.connect(str(warehouse)) as connection:
        _with_marts(connection, warehouse, "read_write")
        for statement in statements:
            connection.execute(statement)


def show_held(warehouse: Path, *, everything: bool = False) -> None:
    """Let the next build know what the last one saw: nothing, if it is of `everything`."""
    with duckdb.connect(str(warehouse)) as connection:
        # In a fixture they are tables.
        connection.execute("drop schema held cascade")
        show_state(connection, everything=everything)


def _with_marts(connection: duckdb.DuckDBPyConnection, warehouse: Path, mode: str) -> None:
    connection.execute("set TimeZone = 'UTC'")
    if marts_file(warehouse).is_file():
        connection.execute(f"attach '{marts_file(warehouse)}' as marts ({mode})")

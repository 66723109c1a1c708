"""Getting the working database ready for dbt: configuration as tables, landed files as views.

Also the fingerprint, which says what a build is made from.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from connectors import windows
from connectors.catalog import DATASETS
from connectors.landing import KnownFile, LandedFile, Landing, LandingState, Place, windows_table
from dagster_project.config import Config
from dagster_project.lib import what_changed
from dagster_project.lib.config_tables import TABLES
from dagster_project.lib.marts import forget, marts_file

BUILD_INPUTS = "config.build_inputs"
ROWS_A_STATEMENT = 200


def fingerprint(config: Config, landed: int, dbt_project: Path, now: datetime) -> str:
    """A hash of all a build depends on: landed data, configuration, models, and how far each country's days have come.

    `landed` is the landing's version. Two builds with the same fingerprint have the same rows, so the second need not
    be made.
    """
    parts = {
        "landing": landed,
        "config": hashlib.sha256(config.model_dump_json(exclude={"notifications"}).encode()).hexdigest(),
        "models": hash_of_models(dbt_project),
        "days": {
            code: str(windows.last_complete_day(now, locale.time_zone)) for code, locale in config.locales.items()
        },
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Plan:
    """What a build is about to be made of: its fingerprint, the models' hash, what is landed, and the files that the
    last build has read (`known`; None if everything has to be built)."""

    fingerprint: str
    models: str
    shape: str
    landed: LandingState
    known: Mapping[Place, KnownFile] | None

    @property
    def everything(self) -> bool:
        """Whether the build is of all of history."""
        return self.known is None


def plan_build(path: Path, config: Config, landing: Landing, dbt_project: Path, now: datetime) -> Plan:
    """Find out what a build of the working database has to work on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    landed = landing.state()
    made_from = fingerprint(config, landed.version, dbt_project, now)
    models = hash_of_models(dbt_project)
    shape = what_changed.shape_of_history(config, models)
    with duckdb.connect(path) as connection:
        known = what_changed.known_files(connection, shape)
    if known is not None and (what_changed.gone(known, landed.files) or not marts_file(path).is_file()):
        known = None
    return Plan(made_from, models, shape, landed, known)


def prepare_warehouse(path: Path, config: Config, landing: Landing, plan: Plan, now: datetime) -> None:
    """Write schemas `config` and `landing` of the working database, for a build of `plan`.

    The views name exactly the files, and the windows are those, that the manifest held when the plan was made, so a
    build reads one state of the landing however long it takes and whatever lands meanwhile.
    """
    with duckdb.connect(path) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("BEGIN")
        for schema in ("config", "landing"):
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for table in TABLES:
            connection.execute(f"CREATE OR REPLACE TABLE config.{table.name} ({table.columns})")
            _insert(connection, f"config.{table.name}", table.rows(config, now))
        files: dict[tuple[str, str], list[LandedFile]] = defaultdict(list)
        for file in plan.landed.files:
            files[file.source, file.stream].append(file)
        for dataset in DATASETS:
            of_dataset = files[dataset.source, dataset.stream]
            connection.execute(landing.view_sql(dataset, schema="landing", files=of_dataset, known=plan.known or {}))
        what_changed.begin(connection, plan.shape, plan.landed.files, everything=plan.everything)
        if plan.everything:
            # Where marts were before they had a file of their own.
            connection.execute("DROP SCHEMA IF EXISTS marts CASCADE")
        connection.register("window_records", windows_table(plan.landed.window_rows))
        connection.execute("CREATE OR REPLACE TABLE landing.windows AS SELECT * FROM window_records")
        connection.unregister("window_records")
        connection.execute(f"CREATE OR REPLACE TABLE {BUILD_INPUTS} (fingerprint VARCHAR, as_of_at TIMESTAMPTZ)")
        _insert(connection, BUILD_INPUTS, [(plan.fingerprint, now)])
        connection.execute("COMMIT")
    if plan.everything:
        # What is written over would leave its room in the file, and in every build that is a copy of it.
        forget(marts_file(path))


def build_inputs(path: Path) -> tuple[str, datetime]:
    """(fingerprint, as-of instant) of what the working database was last prepared with."""
    with duckdb.connect(path, read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        row = connection.execute(f"SELECT fingerprint, as_of_at FROM {BUILD_INPUTS}").fetchone()
    assert row is not None, "prepare_warehouse writes one row"
    return row[0], row[1]


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    # Many rows a statement: one by one, DuckDB takes half a millisecond each.
    values = list(rows)
    for start in range(0, len(values), ROWS_A_STATEMENT):
        some = values[start : start + ROWS_A_STATEMENT]
        marks = f"({', '.join('?' for _ in some[0])})"
        connection.execute(
            f"INSERT INTO {table} VALUES {', '.join([marks] * len(some))}", [value for row in some for value in row]
        )


def hash_of_models(folder: Path) -> str:
    """A hash of every file of a dbt project that says something about its models."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        produced = path.relative_to(folder).parts[0] in ("target", "logs")
        if path.suffix in (".sql", ".yml", ".csv", ".py") and path.is_file() and not produced:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()

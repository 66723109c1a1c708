"""What a build has to work on: everything, or only what landed since the last one, if nothing in that one failed.

The working database remembers, in schema `built`, which landed files that build read and what shaped its history. The
views of schema `held` are the state it left behind, for the models that find out which prospects to work on again;
each of them is read only upstream of the model whose table it shows.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.catalog import DATASETS
from connectors.landing import KnownFile, LandedFile, Place, place_of
from dagster_project.config import Config
from dagster_project.lib.config_tables import TABLES

FILES = pa.schema(
    [
        *((name, pa.string()) for name in ("source", "stream", "scope", "segment", "content_hash")),
        ("load_seq", pa.int64()),
    ]
)

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Tables that shape history do not depend on the build's instant."""

STATE = {
    "records": (
        "intermediate.int_records_resolved",
        "record_id VARCHAR, record_type VARCHAR, prospect_id VARCHAR, master_record_id VARCHAR, "
        "converted_contact_id VARCHAR, converted_opportunity_id VARCHAR, status VARCHAR, mql_at TIMESTAMPTZ, "
        "owner_id VARCHAR, email_key VARCHAR, visitor_key VARCHAR, locale VARCHAR, business_line VARCHAR, "
        "created_at TIMESTAMPTZ",
    ),
    "opportunities": (
        "intermediate.int_opportunities_assigned",
        "opportunity_id VARCHAR, prospect_id VARCHAR",
    ),
    "visits": ("intermediate.int_visits", "visitor_key VARCHAR, locale VARCHAR, visit_date DATE"),
    "web_days": (
        "intermediate.int_web_days_changed",
        "fact VARCHAR, locale VARCHAR, date DATE, source_hash VARCHAR",
    ),
    "campaigns": ("intermediate.int_campaigns_named", "campaign VARCHAR, reading VARCHAR"),
    "months": ("intermediate.int_months", "locale VARCHAR, month DATE, fact VARCHAR, fingerprint VARCHAR"),
    "kpi_months": (
        "intermediate.int_kpi_months",
        "locale VARCHAR, period_type VARCHAR, month DATE, fingerprint VARCHAR",
    ),
}
"""Views of schema `held`: the table each shows, and its columns."""


def shape_of_history(config: Config, models: str) -> str:
    """A hash of what all rows of history depend on: the models, DuckDB's version, since rows keep what it hashed, and
    the configuration but for what is not history's.

    With another shape, everything has to be built anew. So it has to with other columns of what views show: they stand.
    """
    digest = hashlib.sha256(models.encode())
    digest.update(duckdb.__version__.encode())
    digest.update(json.dumps(config.project.fiscal_year_start_month).encode())
    digest.update(repr(STATE).encode())
    for dataset in DATASETS:
        digest.update(repr((dataset.source, dataset.stream, dataset.schema)).encode())
    for table in TABLES:
        digest.update(repr((table.name, table.columns)).encode())
        if table.shapes_history:
            digest.update(repr(list(table.rows(config, _NEVER))).encode())
    return digest.hexdigest()


def known_files(connection: duckdb.DuckDBPyConnection, shape: str) -> dict[Place, KnownFile] | None:
    """The files the last build has read; None when everything must be built: there was none, it did not finish, or
    what shapes history is different."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS built")
    connection.execute("CREATE TABLE IF NOT EXISTS built.shape (shape VARCHAR)")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS built.files (source VARCHAR, stream VARCHAR, scope VARCHAR, segment VARCHAR,"
        " content_hash VARCHAR, load_seq BIGINT)"
    )
    if connection.execute("SELECT shape FROM built.shape").fetchall() != [(shape,)] or not _state_is_there(connection):
        return None
    rows = connection.execute("SELECT * FROM built.files").fetchall()
    return {(row[0], row[1], row[2], row[3]): (row[4], row[5]) for row in rows}


def begin(connection: duckdb.DuckDBPyConnection, shape: str, files: Sequence[LandedFile], *, everything: bool) -> None:
    """Note what this build reads, forget that the last one finished, and show the state it left (none, if everything
    is to be built)."""
    connection.execute("DELETE FROM built.shape")
    rows = [dict(zip(FILES.names, (*place_of(file), file.content_hash, file.load_seq), strict=True)) for file in files]
    connection.register("files_read", pa.Table.from_pylist(rows, FILES))
    connection.execute("CREATE OR REPLACE TABLE built.begun_files AS SELECT * FROM files_read")
    connection.unregister("files_read")
    connection.execute("CREATE OR REPLACE TABLE built.begun_shape AS SELECT ? AS shape", [shape])
    show_state(connection, everything=everything)


def finish(warehouse: Path) -> None:
    """Nothing in the build that has begun has failed: the next one need only work on what is new."""
    with duckdb.connect(warehouse) as connection:
        connection.execute("BEGIN")
        connection.execute("CREATE OR REPLACE TABLE built.files AS SELECT * FROM built.begun_files")
        connection.execute("CREATE OR REPLACE TABLE built.shape AS SELECT * FROM built.begun_shape")
        connection.execute("COMMIT")


def finished(run_results: Path) -> bool:
    """Whether dbt's record of its last run says that every model was built and every test passed, or only warned.

    After a failed test the next build is of everything: some tests look at what a build has worked on, and would not
    see those rows again.
    """
    if not run_results.is_file():
        return False
    statuses = {result["status"] for result in json.loads(run_results.read_text())["results"]}
    return bool(statuses) and not statuses & {"error", "fail", "skipped"}


def gone(known: Mapping[Place, KnownFile], files: Sequence[LandedFile]) -> bool:
    """Whether rows may have been taken away: a place that had a file has none."""
    return bool(known.keys() - {place_of(file) for file in files})


def show_state(connection: duckdb.DuckDBPyConnection, *, everything: bool) -> None:
    """Create the views of schema `held`, empty when there is no state to go by."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS held")
    for name, (table, columns) in STATE.items():
        if everything:
            typed = ", ".join(f"NULL::{kind} AS {column}" for column, kind in _parts(columns))
            connection.execute(f"CREATE OR REPLACE VIEW held.{name} AS SELECT {typed} WHERE false")
        else:
            names = ", ".join(column for column, _ in _parts(columns))
            connection.execute(f"CREATE OR REPLACE VIEW held.{name} AS SELECT {names} FROM {table}")


def _parts(columns: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind in (column.split(" ", 1) for column in columns.split(", "))]


def _state_is_there(connection: duckdb.DuckDBPyConnection) -> bool:
    tables = connection.execute("SELECT table_schema || '.' || table_name FROM information_schema.tables").fetchall()
    return {table for table, _ in STATE.values()} <= {name for (name,) in tables}

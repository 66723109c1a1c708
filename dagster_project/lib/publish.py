"""From the marts that dbt has made to a published build: copy, audit, and only then point to it.

The audit looks at the staged files themselves, as a reader will, and repeats what must never be wrong: a mart that is
missing or not as contracted, a locale that vanished, a total that is not the sum of its countries, money without a
rate.
"""

import os
import shutil
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import duckdb

from connectors.landing.durable import sync_to_disk
from dagster_project.lib import builds
from dagster_project.lib.as_published import add_macros
from dagster_project.lib.gate import GateClosed, failed_audits, failed_tests
from dagster_project.lib.marts import BUILD_ID, Mart, forget, marts_file

STORAGE = "STORAGE_VERSION 'v1.0.0'"
PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 1000"
"""As small as with what DuckDB would do, in seven eighths of the time: long dictionaries do not pay."""


def publish(
    warehouse: Path,
    published: Path,
    marts: Mapping[str, Mart],
    run_results: Path,
    *,
    as_of: datetime,
    now: datetime,
    fingerprint: str,
    made_for: int | None = None,
    allow_shrinking: bool = False,
) -> builds.Build:
    """Publish the marts made beside `warehouse` as the next build.

    `marts` are the contracted marts by name; `run_results` is dbt's record of the run that built them; `made_for` is
    the build number that their history speaks of. Raises GateClosed, leaving the pointer where it was, when a test
    failed, an audit of the staged build finds anything, or the number has been taken meanwhile.
    """
    failed, passed = failed_tests(run_results)
    if failed:
        raise GateClosed([f"{name}: the model or test failed in dbt" for name in failed])
    with builds.publishing(published) as (build_id, staging):
        if made_for not in (None, build_id):
            raise GateClosed([f"the models were made for build {made_for}, and this would be {build_id}: build again"])
        made = marts_file(warehouse)
        if not made.is_file():
            raise GateClosed(["there are no marts that dbt has made: build again"])
        tidy(made)
        previous = builds.current_build(published)
        before = previous.rows if previous and not allow_shrinking else None
        # Parquet keeps as many cores busy as there are; the copy, for the most part, waits for files.
        with ThreadPoolExecutor(max_workers=1) as beside:
            rows = beside.submit(write_parquet, made, staging, marts, build_id)
            copy_numbered(made, staging / builds.DATABASE, marts, build_id)
            findings = failed_audits(staging / builds.DATABASE, marts, before)
            if not findings:
                describe(staging, marts)
                add_macros(staging / builds.DATABASE, marts)
                # The largest file: the disk has time for it now.
                sync_to_disk(staging / builds.DATABASE)
        if findings:
            raise GateClosed(findings)
        build = builds.Build(build_id, as_of.isoformat(), now.isoformat(), fingerprint, rows.result(), passed)
        builds.commit(published, staging, build)
    builds.sweep(published, now)
    return build


def copy_numbered(made: Path, database: Path, marts: Collection[str], build_id: int) -> None:
    """Copy the file of marts that dbt has made, and number the rows. What is missing in it is the audit's to find.

    The file is in DuckDB's oldest supported storage format, so that readers with older drivers can open it.
    """
    shutil.copyfile(made, database)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{_quoted(database)}' AS build ({STORAGE})")
        columns = connection.execute(
            "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE database_name = 'build' GROUP BY ALL"
        )
        for table, names in columns.fetchall():
            if table not in marts:
                connection.execute(f'DROP TABLE build.main."{table}"')
            elif BUILD_ID.name in names:
                # One value for a whole column costs nothing, however many rows there are.
                connection.execute(
                    f'ALTER TABLE build.main."{table}" ALTER build_id TYPE BIGINT USING {build_id}::BIGINT'
                )
        connection.execute("DETACH build")


def write_parquet(made: Path, folder: Path, marts: Collection[str], build_id: int) -> dict[str, int]:
    """Write every mart that dbt has made as a Parquet file, its rows numbered as in the copy. Returns rows a mart."""
    rows = {}
    with duckdb.connect(made, read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        # No mart has an order that readers may rely on, and without one all cores write.
        connection.execute("SET preserve_insertion_order = false")
        columns = connection.execute(
            "SELECT table_name, list(column_name) FROM duckdb_columns() GROUP BY ALL"
        ).fetchall()
        for mart, names in columns:
            if mart in marts:
                numbered = f"REPLACE ({build_id}::BIGINT AS build_id)" if BUILD_ID.name in names else ""
                target = _quoted(folder / f"{mart}.parquet")
                statement = f"COPY (SELECT * {numbered} FROM \"{mart}\") TO '{target}' ({PARQUET})"
                written = connection.execute(statement).fetchone()
                rows[mart] = int(written[0]) if written else 0
    return rows


def tidy(database: Path) -> None:
    """Write a DuckDB file anew when more than half of it is room that rows have left, which every copy would keep."""
    with duckdb.connect(database) as connection:
        connection.execute("CHECKPOINT")
        size = connection.execute("SELECT total_blocks, free_blocks FROM pragma_database_size()").fetchone()
    total, free = size or (0, 0)
    if free * 2 <= total:
        return
    anew = database.with_name(f"{database.name}.anew")
    forget(anew)
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"ATTACH '{_quoted(database)}' AS full_of_holes (READ_ONLY)")
        connection.execute(f"ATTACH '{_quoted(anew)}' AS anew ({STORAGE})")
        connection.execute("COPY FROM DATABASE full_of_holes TO anew")
        connection.execute("DETACH anew")
    sync_to_disk(anew)
    os.replace(anew, database)


def describe(folder: Path, marts: Mapping[str, Mart]) -> None:
    """Put the marts' and columns' documentation into the staged database, where BI tools show it."""
    with duckdb.connect(folder / builds.DATABASE) as connection:
        # Each statement would otherwise wait for the disk: six hundred times.
        connection.execute("BEGIN")
        for mart in marts.values():
            connection.execute(f"COMMENT ON TABLE \"{mart.name}\" IS '{_sql_text(mart.description)}'")
            for column in mart.columns:
                connection.execute(
                    f'COMMENT ON COLUMN "{mart.name}"."{column.name}" IS \'{_sql_text(column.description)}\''
                )
        connection.execute("COMMIT")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _sql_text(text: str) -> str:
    return text.replace("'", "''")

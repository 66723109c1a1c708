"""From the marts in the working database to a published build: write, audit, and only then point to it.

The audit looks at the staged files themselves, as a reader will, and repeats what must never be wrong: a mart that is
missing or not as contracted, a locale that vanished, a total that is not the sum of its countries, money without a
rate.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import duckdb

from dagster_project.lib import builds
from dagster_project.lib.as_published import add_macros
from dagster_project.lib.gate import GateClosed, failed_audits, failed_tests
from dagster_project.lib.marts import Mart

MARTS_SCHEMA = "marts"
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
    """Publish the marts of `warehouse` as the next build.

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
        rows = write_snapshot(warehouse, staging, list(marts), build_id)
        previous = builds.current_build(published)
        findings = failed_audits(
            staging / builds.DATABASE, marts, None if allow_shrinking or not previous else previous.rows
        )
        if findings:
            raise GateClosed(findings)
        describe(staging, marts)
        add_macros(staging / builds.DATABASE, marts)
        build = builds.Build(build_id, as_of.isoformat(), now.isoformat(), fingerprint, rows, passed)
        builds.commit(published, staging, build)
    builds.sweep(published, now)
    return build


def write_snapshot(warehouse: Path, folder: Path, marts: list[str], build_id: int) -> dict[str, int]:
    """Write every mart into `folder`, as a table of one DuckDB file and as a Parquet file. Returns rows a mart.

    The file is in DuckDB's oldest supported storage format, so that readers with older drivers can open it.
    """
    rows = {}
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        # No mart has an order that readers may rely on, and without one all cores write.
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"ATTACH '{_quoted(warehouse)}' AS warehouse (READ_ONLY)")
        connection.execute(f"ATTACH '{_quoted(folder / builds.DATABASE)}' AS build (STORAGE_VERSION 'v1.0.0')")
        for mart in marts:
            connection.execute(
                f'CREATE TABLE build.main."{mart}" AS SELECT {build_id}::BIGINT AS build_id, * '
                f'FROM warehouse.{MARTS_SCHEMA}."{mart}"'
            )
            target = _quoted(folder / f"{mart}.parquet")
            connection.execute(f"COPY build.main.\"{mart}\" TO '{target}' ({PARQUET})")
            counted = connection.execute(f'SELECT count(*) FROM build.main."{mart}"').fetchone()
            rows[mart] = counted[0] if counted else 0
        connection.execute("DETACH build")
    return rows


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

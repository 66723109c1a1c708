"""What the files of a build cost: the copy of the marts that dbt has made, beside writing their tables once more.

One mart of the shape of the largest, whose texts are what costs. Seconds are of the processor, on all cores together.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time

import duckdb

from benchmarks.measure import write
from dagster_project.lib import publish
from dagster_project.lib.marts import marts_file

ROWS = (1_000_000, 4_000_000, 8_000_000)
MART = """
    SELECT NULL::BIGINT AS build_id, ['nl', 'de', 'fr', 'jp', 'br', 'us'][1 + n % 6] AS locale,
        ['machines', 'parts', 'service', 'all'][1 + n % 4] AS business_line,
        DATE '2023-07-01' + INTERVAL (n % 36) MONTH AS month, 'stage ' || hash(n, 1) % 6 AS stage,
        'model ' || hash(n, 2) % 10 AS model, 'channel ' || hash(n, 3) % 20 AS channel,
        'campaign ' || hash(n, 4) % 400 AS campaign, (hash(n, 5) % 1000000 / 1e6)::DECIMAL(38, 12) AS credit
    FROM range({rows}) AS numbers(n)"""


def measure() -> Path:
    """Measure and write `results/publication.json`."""
    return write("publication", {f"{rows:,} rows": _of(rows) for rows in ROWS})


def _of(rows: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = marts_file(folder / "work.duckdb")
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{made}' AS marts ({publish.STORAGE})")
            connection.execute(f"CREATE TABLE marts.mart AS {MART.format(rows=rows)}")
            connection.execute("DETACH marts")
        (folder / "build").mkdir()
        return {
            "copied": _seconds(lambda: publish.copy_numbered(made, folder / "copy.duckdb", {"mart"}, 7)),
            "parquet": _seconds(lambda: publish.write_parquet(made, folder / "build", {"mart"}, 7)),
            "tables_written_again": _seconds(lambda: _written_again(made, folder / "again.duckdb")),
        }


def _written_again(made: Path, database: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"ATTACH '{made}' AS marts (READ_ONLY)")
        connection.execute(f"ATTACH '{database}' AS again ({publish.STORAGE})")
        connection.execute("CREATE TABLE again.mart AS SELECT * REPLACE (7::BIGINT AS build_id) FROM marts.mart")
        connection.execute("DETACH again")


def _seconds(work: Callable[[], object]) -> float:
    before = process_time()
    work()
    return round(process_time() - before, 2)

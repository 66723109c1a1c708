"""A DuckDB file with the sources the dbt project reads, made from the project's own declaration of them.

Tables are created from the `data_type` of every declared source column, so the fixtures cannot drift from what the
models were promised. Rows are plain dicts; a column left out is NULL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import yaml

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
SOURCES = sorted((PROJECT / "models" / "staging").glob("_*__sources.yml"))

Row = Mapping[str, Any]
Rows = Mapping[str, Iterable[Row]]


def declared_sources() -> dict[str, dict[str, str]]:
    """Columns and types of every source table, keyed ``schema.table``."""
    tables: dict[str, dict[str, str]] = {}
    for path in SOURCES:
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
            for table in source["tables"]:
                columns = {column["name"]: column["data_type"] for column in table["columns"]}
                tables[f"{source['name']}.{table['name']}"] = columns
    return tables


def create_warehouse(path: Path, rows: Rows) -> None:
    """Write every declared source table to a new DuckDB file, filled with ``rows`` (keyed ``schema.table``).

    Raises KeyError for a table or column that no source declares.
    """
    sources = declared_sources()
    unknown = set(rows) - set(sources)
    if unknown:
        raise KeyError(f"not a declared source: {', '.join(sorted(unknown))}")
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for schema in sorted({name.split(".")[0] for name in sources}):
            connection.execute(f"create schema {schema}")
        for name, columns in sources.items():
            declared = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            connection.execute(f"create table {name} ({declared})")
            insert(connection, name, rows.get(name, ()))


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Row]) -> None:
    """Append dicts to a source table; raises KeyError naming a column it does not declare."""
    columns = declared_sources()[table]
    prepared = []
    for row in rows:
        unknown = set(row) - set(columns)
        if unknown:
            raise KeyError(f"{table} declares no column {', '.join(sorted(unknown))}")
        prepared.append([row.get(column) for column in columns])
    if prepared:
        marks = ", ".join(f"cast(? as {kind})" for kind in columns.values())
        connection.executemany(f"insert into {table} values ({marks})", prepared)

"""SQL over exactly the manifest's files, for DuckDB."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from connectors.landing.dataset import Dataset, check_name

_SIMPLE = {
    pa.string(): "varchar",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.timestamp("us", "UTC"): "timestamptz",
}


def sql_type(kind: pa.DataType) -> str:
    """DuckDB's name for a landed Arrow type. Raises KeyError for a type we do not land."""
    if pa.types.is_decimal128(kind):
        return f"decimal({kind.precision}, {kind.scale})"
    return _SIMPLE[kind]


def view_sql(dataset: Dataset, paths: Iterable[Path], schema: str) -> str:
    """One ``create or replace view <schema>.<source>__<stream>`` over these files; typed and empty without any."""
    name = f"{check_name(schema)}.{dataset.source}__{dataset.stream}"
    files = ", ".join(_quoted(path) for path in paths)
    if files:
        columns = ", ".join(f'"{field.name}"::{sql_type(field.type)} as "{field.name}"' for field in _fields(dataset))
        return f"create or replace view {name} as select {columns} from read_parquet([{files}], union_by_name = true)"
    columns = ", ".join(f'null::{sql_type(field.type)} as "{field.name}"' for field in _fields(dataset))
    return f"create or replace view {name} as select {columns} where false"


def _fields(dataset: Dataset) -> list[pa.Field]:
    return list(dataset.landed_schema)


def _quoted(path: Path) -> str:
    text = path.absolute().as_posix().replace("'", "''")
    return f"'{text}'"

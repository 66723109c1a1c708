"""SQL over exactly the manifest's files, for DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from connectors.landing.dataset import Dataset, LandedFile, check_name

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


Place = tuple[str, str, str, str]
"""Source, stream, scope and segment: where a file is the only one."""


KnownFile = tuple[str, int]
"""The content hash of a file that was read before, and the greatest ``_load_seq`` it can have held."""


def place_of(file: LandedFile) -> Place:
    """The place a file has in the landing."""
    return file.source, file.stream, file.scope, file.segment


def view_sql(dataset: Dataset, files: Sequence[LandedFile], schema: str, known: Mapping[Place, KnownFile]) -> str:
    """One ``create or replace view <schema>.<source>__<stream>`` over these files; typed and empty without any.

    Changes gain ``_is_new``: false in files that are ``known``, true in segments that are not, and true of the rows
    that have joined a segment since.
    """
    name = f"{check_name(schema)}.{dataset.source}__{dataset.stream}"
    if not files:
        columns = ", ".join(f'null::{sql_type(field.type)} as "{field.name}"' for field in _fields(dataset))
        novelty = ", null::boolean as _is_new" if dataset.kind == "changes" else ""
        return f"create or replace view {name} as select {columns}{novelty} where false"
    columns = ", ".join(f'"{field.name}"::{sql_type(field.type)} as "{field.name}"' for field in _fields(dataset))
    groups: dict[str, list[Path]] = {}
    for file in files:
        novelty = f", {_novelty(file, known)} as _is_new" if dataset.kind == "changes" else ""
        groups.setdefault(novelty, []).append(file.path)
    # Files that landed before a column was asked for do not have it: it is NULL in them, even if no file has it.
    typed = ", ".join(f'null::{sql_type(field.type)} as "{field.name}"' for field in _fields(dataset))
    parts = [
        f"select {columns}{novelty} from (from read_parquet([{', '.join(map(_quoted, paths))}], union_by_name = true)"
        f" union all by name select {typed} where false)"
        for novelty, paths in groups.items()
    ]
    return f"create or replace view {name} as {' union all '.join(parts)}"


def _novelty(file: LandedFile, known: Mapping[Place, KnownFile]) -> str:
    if place_of(file) not in known:
        return "true"
    content_hash, load_seq = known[place_of(file)]
    return "false" if file.content_hash == content_hash else f"_load_seq > {load_seq:d}"


def _fields(dataset: Dataset) -> list[pa.Field]:
    return list(dataset.landed_schema)


def _quoted(path: Path) -> str:
    text = path.absolute().as_posix().replace("'", "''")
    return f"'{text}'"

"""The public marts: as dbt's manifest declares them (names, contracted columns, documentation), and where dbt writes
them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Column:
    """A contracted column: its name, DuckDB type and meaning."""

    name: str
    data_type: str
    description: str


@dataclass(frozen=True)
class Mart:
    """A public mart: everything a dashboard may rely on."""

    name: str
    description: str
    columns: tuple[Column, ...]
    may_be_empty: bool = False
    """Said in the model's meta: no rows is a valid state, as with targets before there are any."""


BUILD_ID = Column(
    "build_id", "BIGINT", "The build this row belongs to; the same in every row of every mart of a build."
)


def marts_file(warehouse: Path) -> Path:
    """The DuckDB file beside a working database that dbt writes the marts into, and nothing else.

    dbt calls it `marts`, and attaches it by itself (dbt_project/profiles.yml).
    """
    return warehouse.with_name(f"{warehouse.name}.marts")


def forget(database: Path) -> None:
    """Remove a DuckDB file, with what a process that was killed had not written into it yet."""
    database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
    database.unlink(missing_ok=True)


def public_marts(manifest: Mapping[str, Any]) -> dict[str, Mart]:
    """Models with public access in a dbt manifest, by name, each with `build_id` as its first column."""
    return {
        node["name"]: Mart(
            node["name"],
            node["description"],
            (
                BUILD_ID,
                *(
                    Column(c["name"], (c["data_type"] or "").upper(), c["description"])
                    for c in node["columns"].values()
                ),
            ),
            bool(node["config"]["meta"].get("may_be_empty")),
        )
        for node in sorted(manifest["nodes"].values(), key=lambda node: node["name"])
        if node["resource_type"] == "model" and node["access"] == "public"
    }
